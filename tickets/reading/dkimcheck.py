"""DKIM signatures of a mail (RFC 6376)."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass

import dkim

from tickets.reading.dnstypes import Dns, NoAnswer
from tickets.reading.structure import split_headers

PROVEN, UNPROVEN, FAILED = "proven", "unproven", "failed"
HEADER_BYTES = 300_000
MOST = 20
_TAG = re.compile(r"(?:^|;)\s*([a-z]+)\s*=\s*([^;]*)")
_silent = logging.getLogger("chatdesk.mail.dkim")
_silent.setLevel(logging.CRITICAL)  # the library's words hold addresses


@dataclass(frozen=True)
class Signature:
    """`index` counts the mail's signatures from 0. `is_whole`: it covers all of the body."""

    index: int
    domain: str
    is_whole: bool


def signatures(raw: bytes) -> list[Signature]:
    """Who claims to have signed it; nothing is checked yet."""
    headers, _body = split_headers(raw[:HEADER_BYTES].lstrip(b"\r\n"))
    values = [value for name, value in headers if name == "dkim-signature"][:MOST]
    return [_signature(index, value) for index, value in enumerate(values)]


def _signature(index: int, value: bytes) -> Signature:
    text = re.sub(r"\s+", "", value.decode("ascii", "replace"))
    tags = dict(_TAG.findall(text))
    return Signature(index, tags.get("d", "").lower().rstrip("."), "l" not in tags)


def checked(raw: bytes, signature: Signature, dns: Dns) -> str:
    """proven; failed if the mail or the signature was changed; unproven if it can't prove anything. Raises NoAnswer.

    A signature of the body's beginning alone (l=) lets anybody add to it: it proves nothing.
    """
    if not signature.is_whole:
        return UNPROVEN
    silent: list[bool] = []
    keys: list[str] = []

    def key(name: bytes, timeout: int = 5) -> bytes | None:
        try:
            keys.extend(dns(name.decode("ascii", "replace").rstrip("."), "TXT"))
        except NoAnswer:
            silent.append(True)
            raise dkim.DnsTimeoutError("no answer") from None
        return keys[0].encode() if keys else None

    is_good = _is_good(raw, signature.index, key)
    if silent:
        raise NoAnswer
    if is_good is None or not keys:  # no key is published, or it can't be read
        return UNPROVEN
    return PROVEN if is_good else FAILED


def _is_good(raw: bytes, index: int, key: Callable[..., bytes | None]) -> bool | None:
    """None for what the library can't read."""
    try:
        return bool(dkim.DKIM(raw, logger=_silent).verify(index, dnsfunc=key))
    except dkim.ValidationError:
        return False
    except Exception:  # whatever it stumbles over is no proof
        return None
