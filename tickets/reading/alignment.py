"""Whether a domain that was proven is the one in From (RFC 7489, 3.1), and what that domain asks for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from publicsuffixlist import PublicSuffixList

from tickets.reading.dnstypes import Dns


@dataclass(frozen=True)
class Alignment:
    """`domain`: of the address in From. `is_strict_policy`: its owner wants unproven mail refused or set apart."""

    domain: str
    strict_dkim: bool = False
    strict_spf: bool = False
    is_strict_policy: bool = False

    def holds(self, proven: str, *, strict: bool) -> bool:
        proven, own = _ascii(proven), _ascii(self.domain)
        return bool(proven) and (proven == own or (not strict and organization(proven) == organization(own)))


def alignment_of(domain: str, dns: Dns) -> Alignment:
    """What the domain publishes, or else the organization above it. Raises NoAnswer."""
    name = _ascii(domain)
    tags = _record(name, dns)
    above = organization(name)
    inherited = not tags and above != name
    tags = _record(above, dns) if inherited else tags
    policy = tags.get("sp", tags.get("p", "")) if inherited else tags.get("p", "")
    return Alignment(
        domain=name,
        strict_dkim=tags.get("adkim") == "s",
        strict_spf=tags.get("aspf") == "s",
        is_strict_policy=policy in ("reject", "quarantine"),
    )


def organization(domain: str) -> str:
    """The domain that somebody registered: `mail.example.co.uk` belongs to `example.co.uk`."""
    return _suffixes().privatesuffix(domain) or domain


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def _record(domain: str, dns: Dns) -> dict[str, str]:
    """The tags of the one DMARC record; none if there are several (RFC 7489, 6.6.3)."""
    records = [text for text in dns(f"_dmarc.{domain}", "TXT") if text.replace(" ", "").startswith("v=DMARC1")]
    if len(records) != 1:
        return {}
    pairs = (each.partition("=") for each in records[0].split(";"))
    return {name.strip().lower(): value.strip().lower() for name, _equals, value in pairs}


def _ascii(domain: str) -> str:
    try:
        return domain.rstrip(".").encode("idna").decode().lower()
    except UnicodeError:
        return domain.rstrip(".").lower()
