"""Which names are domains of the public mail system."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

# RFC 2606: reserved for tests and documents, so never somebody's code.
_RESERVED = frozenset({"test", "example"})


@cache
def top_levels() -> frozenset[str]:
    """Every top level of the Public Suffix List, lower case, in both spellings of international ones."""
    rules = (files("publicsuffixlist") / "public_suffix_list.dat").read_text(encoding="utf-8").splitlines()
    plain = {rule.rpartition(".")[2] for rule in rules if rule and not rule.startswith("//")}
    return frozenset(plain | {comparable(name) for name in plain} | _RESERVED)


def comparable(domain: str) -> str:
    """Lower case, with international labels as people read them; no dot at the end."""
    name = domain.strip().strip(".").casefold()
    if "xn--" not in name:
        return name
    try:
        return name.encode("ascii").decode("idna").casefold()
    except UnicodeError:
        return name


def is_public(domain: str) -> bool:
    """Whether `domain`, in its comparable form, has two labels at least and ends in a public top level."""
    return domain.rpartition(".")[2] in top_levels() and domain.count(".") > 0
