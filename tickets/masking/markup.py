"""HTML as a list of tags and texts. Takes what a sanitizer wrote; whatever else looks like markup becomes text."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

_ATTRIBUTE = r"""[^\s"'<>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>=`]+))?"""
_TAG = re.compile(rf"<(/?)([a-zA-Z][a-zA-Z0-9-]{{0,40}})((?:\s+{_ATTRIBUTE})*)\s*(/?)>")
_BETWEEN = re.compile(r"(<[^<>]*>)")
_PAIR = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>=`]+)))?""")
_DROPPED = ("script", "style", "template", "noscript", "title")
# Between two of these a reader sees no gap (HTML, 4.5: text-level semantics; plus what mail programs write).
INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr o:p q rp rt ruby s samp "  # noqa: SIM905
    "small span strike strong sub sup time tt u var wbr img".split()
)


@dataclass
class Tag:
    name: str
    closes: bool
    is_empty: bool
    attributes: list[tuple[str, str | None]]

    def __str__(self) -> str:
        if self.closes:
            return f"</{self.name}>"
        told = "".join(
            f" {name}" if value is None else f' {name}="{html.escape(value)}"' for name, value in self.attributes
        )
        return f"<{self.name}{told}{' /' if self.is_empty else ''}>"


@dataclass
class Text:
    """`text` as a reader sees it, entities decoded."""

    text: str

    def __str__(self) -> str:
        return html.escape(self.text, quote=False)


def split(source: str) -> tuple[list[str], list[str]]:
    """The texts, and the tags between them; with comments and the like in it, written anew without them."""
    parts = _BETWEEN.split(source)
    texts, tags = parts[::2], parts[1::2]
    if any("<" in text for text in texts) or not all(map(_is_plain, set(tags))):
        parts = _BETWEEN.split("".join(map(str, parsed(source))))
        texts, tags = parts[::2], parts[1::2]
    return texts, tags


def _is_plain(tag: str) -> bool:
    found = _TAG.fullmatch(tag)
    return found is not None and (found[2].lower() not in _DROPPED or bool(found[1]))


def tag_of(written: str) -> Tag:
    """A tag that `split` gave."""
    match = _TAG.fullmatch(written)
    return _tag(match) if match else Tag("", False, True, [])


def parsed(source: str) -> Iterator[Tag | Text]:
    """The pieces in order, without comments, declarations, scripts and styles. Linear in the length of `source`."""
    place = 0
    while place < len(source):
        opening = source.find("<", place)
        if opening != place:
            end = len(source) if opening < 0 else opening
            yield Text(html.unescape(source[place:end]))
            place = end
            continue
        tag = _TAG.match(source, place)
        if tag:
            yield _tag(tag)
            place = _behind(source, tag)
        elif source.startswith(("<!", "<?"), place):
            place = _after(source, "-->" if source.startswith("<!--", place) else ">", place)
        else:
            yield Text("<")
            place += 1


def _tag(match: re.Match[str]) -> Tag:
    pairs = [(pair[1].lower(), _value(pair)) for pair in _PAIR.finditer(match[3])] if match[3] else []
    return Tag(match[2].lower(), bool(match[1]), bool(match[4]), pairs)


def _value(pair: re.Match[str]) -> str | None:
    written = next((group for group in pair.groups()[1:] if group is not None), None)
    return None if written is None else html.unescape(written)


def _behind(source: str, tag: re.Match[str]) -> int:
    """Where reading goes on: behind what nobody reads, if the tag begins such."""
    if tag[1] or tag[4] or tag[2].lower() not in _DROPPED:
        return tag.end()
    ending = re.compile(rf"(?=</{tag[2]}\s*>)", re.IGNORECASE).search(source, tag.end())
    return ending.start() if ending else len(source)


def _after(source: str, ending: str, place: int) -> int:
    found = source.find(ending, place)
    return len(source) if found < 0 else found + len(ending)
