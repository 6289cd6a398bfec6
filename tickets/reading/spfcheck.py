"""Whether a server may send for a domain (RFC 7208)."""

from __future__ import annotations

from typing import Any

import spf as library

from tickets.reading.dnstypes import Dns, NoAnswer
from tickets.reading.envelope import Envelope

PROVEN, UNPROVEN, FAILED = "proven", "unproven", "failed"
MOST_VOID = 2  # RFC 7208, 4.6.4


class _Query(library.query):  # type: ignore[misc]
    """The library's own check, asking the name servers that it is given."""

    def __init__(self, envelope: Envelope, dns: Dns) -> None:
        super().__init__(i=envelope.client_ip, s=envelope.sender, h=envelope.helo or "unknown", strict=True)
        self._dns = dns

    def dns(self, name: str, qtype: str, cnames: Any = None, ignore_void: bool = False) -> list[Any]:
        if qtype == "SPF":
            return []
        found = [_record(qtype, each) for each in self._dns(str(name).rstrip(".").lower(), qtype)]
        if not found and not ignore_void:
            self.void_lookups += 1
            if self.void_lookups > MOST_VOID:
                raise library.PermError("too many names that do not exist")
        return found


def spf(envelope: Envelope, dns: Dns) -> str:
    """proven for pass, failed for fail, unproven for all else. Raises NoAnswer."""
    try:
        result, _code, _words = _Query(envelope, dns).check()
    except NoAnswer:
        raise
    except Exception:  # a record or an address that the library does not understand
        return UNPROVEN
    if result == "temperror":
        raise NoAnswer
    return {"pass": PROVEN, "fail": FAILED}.get(result, UNPROVEN)


def _record(qtype: str, text: str) -> Any:
    if qtype == "TXT":
        return (text.encode(),)
    if qtype == "MX":
        preference, _space, host = text.partition(" ")
        return (int(preference), host.rstrip("."))
    return text.rstrip(".")
