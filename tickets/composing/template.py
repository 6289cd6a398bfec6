"""Filling in what an admin wrote: `{name}`, and nothing that runs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

_NAME = re.compile(r"\{([a-z][a-z_]{0,30})\}")


def fill(text: str, facts: Mapping[str, str]) -> str:
    """`text` with each `{name}` that `facts` knows; any other stays visible as it is, so that a slip is seen."""
    return _NAME.sub(lambda found: facts.get(found[1], found[0]), text)


def fill_html(text: str, facts: Mapping[str, str], ready: Mapping[str, str]) -> str:
    """The same for HTML: `facts` are escaped, `ready` is HTML already."""
    return fill(text, {name: escape(value) for name, value in facts.items()} | dict(ready))


def names_in(text: str) -> set[str]:
    """The names that a template asks for."""
    return set(_NAME.findall(text))
