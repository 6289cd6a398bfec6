"""Whether a server may send for a domain (RFC 7208)."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Any

import spf as library

from tickets.reading.dnstypes import Dns, NoAnswer
from tickets.reading.envelope import Envelope

PROVEN, UNPROVEN, FAILED = "proven", "unproven", "failed"
INSIDE = [ip_network(each) for each in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")]
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


def has_spf(envelope: Envelope) -> bool:
    """Whether there is a server to ask about, and a domain: what comes from our own network says nothing."""
    if not envelope.client_ip or not envelope.sender:
        return False
    address = ip_address(envelope.client_ip)
    return not (address.is_loopback or address.is_link_local or any(address in each for each in INSIDE))


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
