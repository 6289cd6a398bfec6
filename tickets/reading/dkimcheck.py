"""DKIM signatures of a mail (RFC 6376)."""

from __future__ import annotations

import logging
import re
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
    trouble: list[NoAnswer] = []

    def key(name: bytes, timeout: int = 5) -> bytes | None:
        try:
            records = dns(name.decode("ascii", "replace").rstrip("."), "TXT")
        except NoAnswer as silence:
            trouble.append(silence)
            raise dkim.DnsTimeoutError("no answer") from silence
        return records[0].encode() if records else None

    try:
        is_good = dkim.DKIM(raw, logger=_silent).verify(signature.index, dnsfunc=key)
    except dkim.KeyFormatError:
        return UNPROVEN  # no key is published, or none that is fit for use
    except Exception as fault:  # whatever the library can't read is no proof
        if trouble:
            raise trouble[0] from fault
        return FAILED if isinstance(fault, dkim.ValidationError) else UNPROVEN
    return PROVEN if is_good else FAILED
