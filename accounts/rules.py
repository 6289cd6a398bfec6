"""The networks of the log-in rules, as an admin writes them: checked before they are kept."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import ip_network

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.addresses import Network, unmapped


def validate_networks(text: str) -> None:
    """Refuse text with a line that is neither an address nor a network, and say which line."""
    problems = [problem for line in lines(text) if (problem := _problem(line))]
    if problems:
        raise ValidationError([ValidationError(problem, code="network") for problem in problems])


@lru_cache(maxsize=256)
def networks(text: str) -> tuple[Network, ...]:
    """The networks of a valid text, one a line. IPv4 written inside IPv6 (RFC 4291, 2.5.5.2) is IPv4."""
    return tuple(unmapped(ip_network(line, strict=False)) for line in lines(text))


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _problem(line: str) -> str:
    facts = {"line": line[:60]}
    if "%" in line:
        return _("%(line)s names a network card (after the %%): leave that out.") % facts
    if _has_leading_zero(line):
        return _("%(line)s has a number with a leading zero, which some programs read as another address.") % facts
    try:
        ip_network(line)
    except ValueError:
        return _near_miss(line) or _("%(line)s is no address and no network.") % facts
    return ""


def _near_miss(line: str) -> str:
    try:
        meant = ip_network(line, strict=False)
    except ValueError:
        return ""
    return _("%(line)s names a single address with a length: write %(meant)s.") % {"line": line[:60], "meant": meant}


def _has_leading_zero(line: str) -> bool:
    address, _slash, length = line.partition("/")
    numbers = address.rpartition(":")[2].split(".") if "." in address else []
    return any(len(number) > 1 and number.startswith("0") for number in [*numbers, length])
