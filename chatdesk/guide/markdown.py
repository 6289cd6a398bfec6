"""Markdown of the help's sources to HTML: CommonMark with tables, and no HTML of its own."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token

OWN_KEY = re.compile(r"\s*\{#([\w-]+)\}$")  # behind a translated heading: the key that it has in English
BEGINNING = ["heading_open", "inline", "heading_close", "paragraph_open", "inline"]
MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below the title; `key` is the id by which a link finds it."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A source's title, its first paragraph, its headings and what comes after: as text, and `_html` as HTML."""

    title: str
    lead: str
    lead_html: str
    headings: tuple[Heading, ...]
    html: str
    text: str


def render(source: str, person: str) -> Rendered:
    """The parts of a page; `person` is its folder, which its links are relative to.

    Raises ValueError for a source that does not begin with a title and a paragraph.
    """
    tokens = MARKDOWN.parse(source)
    if [token.type for token in tokens[:5]] != BEGINNING or tokens[0].tag != "h1":
        raise ValueError("A page of the help begins with a title and a paragraph.")
    below = tokens[3:]
    headings = tuple(_mark_headings(below))
    _lead_links(below, person)
    lead, rest = (MARKDOWN.renderer.render(part, MARKDOWN.options, {}) for part in (below[:3], below[3:]))
    return Rendered(plain(tokens[1]), plain(tokens[4]), lead, headings, rest, " ".join(_texts(below)))


def plain(inline: Token) -> str:
    """What a line says, without its marks."""
    return "".join(" " if each.type == "softbreak" else each.content for each in inline.children or ())


def address(link: str, person: str) -> str:
    """Where a link of a source leads: `notes.md#draft` in the operator's folder is `/help/operator/notes/#draft`."""
    path, hash_, key = link.partition("#")
    if not path.endswith(".md"):
        return link
    return f"/help/{posixpath.normpath(posixpath.join(person, path.removesuffix('.md')))}/{hash_}{key}"


def _mark_headings(tokens: Sequence[Token]) -> Iterator[Heading]:
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            key = _own_key(inline) or slugify(plain(inline), allow_unicode=True)
            opening.attrSet("id", key)
            yield Heading(key, plain(inline))


def _own_key(inline: Token) -> str:
    """The key written behind the heading, which is then no part of its text; empty without one."""
    last = (inline.children or [inline])[-1]
    found = OWN_KEY.search(last.content)
    last.content = OWN_KEY.sub("", last.content)
    return found[1] if found else ""


def _lead_links(tokens: Sequence[Token], person: str) -> None:
    for token in tokens:
        for each in token.children or ():
            if each.type == "link_open":
                each.attrSet("href", address(str(each.attrs["href"]), person))


def _texts(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            yield plain(token)
        elif token.type in ("fence", "code_block"):
            yield token.content
