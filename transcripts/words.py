"""Words to search for: phrases, AND OR NOT, prefixes. Pure; what a database makes of them is in wordindex."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from django.utils.translation import gettext as _

MOST_TERMS: Final = 60
MOST_CHARS: Final = 4000
DEEPEST: Final = 20
SHORTEST_PREFIX: Final = 2
LIKE_A_FILTER = re.compile(r"[^\W\d]\w*:[\w.:*-]*")  # and unlike a time of day, or a link
PIECES = re.compile(r'"[^"]*"?\*?|\(|\)|[^\s()"]+')


class Unclear(ValueError):
    """A search that can't be run; its text says why, for people."""


@dataclass(frozen=True)
class Term:
    """Words that stand beside one another in one text; with `is_prefix` the last may go on.

    `written`: how they were written, if that looks like a filter of a name that there is not.
    """

    words: tuple[str, ...]
    is_prefix: bool = False
    written: str = field(default="", compare=False)

    def __str__(self) -> str:
        if self.written:
            return self.written
        text = " ".join(self.words)
        return (f'"{text}"' if len(self.words) > 1 else text) + "*" * self.is_prefix


@dataclass(frozen=True)
class Not:
    inside: Node

    def __str__(self) -> str:
        return f"-{_bracketed(self.inside)}"


@dataclass(frozen=True)
class All:
    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " ".join(_bracketed(part) for part in self.parts)


@dataclass(frozen=True)
class AnyOf:
    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " OR ".join(_bracketed(part) for part in self.parts)


Node: TypeAlias = Term | Not | All | AnyOf


def _bracketed(node: Node) -> str:
    return f"({node})" if isinstance(node, All | AnyOf) else str(node)


def tokens(text: str) -> list[str]:
    """The words of a text, as both databases' indexes cut it: runs of letters and decimal digits, in lower case."""
    kept = (c if unicodedata.category(c)[0] == "L" or unicodedata.category(c) == "Nd" else " " for c in text.lower())
    return "".join(kept).split()


def parse(text: str) -> Node | None:
    """The words of a search; None for none. Brackets and quotes that do not close, close at the end.

    Raises Unclear: longer than MOST_CHARS, more than MOST_TERMS terms, deeper than DEEPEST, or a prefix too short.
    """
    if len(text) > MOST_CHARS:
        raise Unclear(_("This search is too long: at most %(most)s characters.") % {"most": MOST_CHARS})
    pieces: list[str] = PIECES.findall(text)
    if len(pieces) > 4 * MOST_TERMS:
        raise too_many()
    return _Reader(pieces).read()


def too_many() -> Unclear:
    return Unclear(_("This search has too many words: at most %(most)s.") % {"most": MOST_TERMS})


def terms(node: Node | None, *, negated: bool = False) -> Iterator[Term]:
    """The terms that what is found may hold: those that are not excluded."""
    if isinstance(node, Term):
        if not negated:
            yield node
    elif isinstance(node, Not):
        yield from terms(node.inside, negated=not negated)
    elif node is not None:
        for part in node.parts:
            yield from terms(part, negated=negated)


def like_filters(node: Node | None) -> list[str]:
    """What looks like a filter among the words, excluded or not, as it was written."""
    both = [*terms(node), *terms(node, negated=True)]
    return list(dict.fromkeys(term.written for term in both if term.written))


class _Reader:
    """OR binds weaker than words side by side; a minus or NOT holds for what follows it."""

    def __init__(self, pieces: list[str]) -> None:
        self.pieces = pieces
        self.at = 0
        self.count = 0

    def read(self) -> Node | None:
        parts: list[Node] = []
        while self.at < len(self.pieces):
            part = self._any(0)
            if part is not None:
                parts.append(part)
            self.at += 1  # a bracket that closes nothing
        return _joined(parts, All)

    def peek(self) -> str:
        return self.pieces[self.at] if self.at < len(self.pieces) else ""

    def _any(self, depth: int) -> Node | None:
        parts = [self._all(depth)]
        while self.peek() == "OR":
            self.at += 1
            parts.append(self._all(depth))
        return _joined([part for part in parts if part is not None], AnyOf)

    def _all(self, depth: int) -> Node | None:
        parts: list[Node] = []
        while self.peek() not in ("", ")", "OR"):
            part = self._one(depth)
            if part is not None:
                parts.append(part)
        return _joined(parts, All)

    def _one(self, depth: int) -> Node | None:
        piece = self.peek()
        self.at += 1
        if piece == "AND":
            return None
        if piece == "NOT" or not piece.strip("-"):
            return self._negated(depth)
        if piece == "(":
            return self._inside(depth)
        if piece.startswith("-"):
            self.at -= 1
            self.pieces[self.at] = piece.lstrip("-")
            return self._negated(depth)
        return self._term(piece)

    def _negated(self, depth: int) -> Node | None:
        if self.peek() in ("", ")", "OR"):
            return None
        if depth >= DEEPEST:
            raise too_deep()
        inside = self._one(depth + 1)
        if isinstance(inside, Not):
            return inside.inside
        return Not(inside) if inside is not None else None

    def _inside(self, depth: int) -> Node | None:
        if depth >= DEEPEST:
            raise too_deep()
        inside = self._any(depth + 1)
        self.at += self.peek() == ")"
        return inside

    def _term(self, piece: str) -> Term | None:
        words = tokens(piece)
        if not words:
            if "*" in piece:
                raise short_prefix()
            return None
        self.count += 1
        if self.count > MOST_TERMS:
            raise too_many()
        is_prefix = piece.endswith("*")
        if is_prefix and len(words[-1]) < SHORTEST_PREFIX:
            raise short_prefix()
        return Term(tuple(words), is_prefix, piece if LIKE_A_FILTER.fullmatch(piece) else "")


def too_deep() -> Unclear:
    return Unclear(_("This search has too many brackets within one another."))


def short_prefix() -> Unclear:
    return Unclear(_("Before a * there have to be at least %(least)s letters.") % {"least": SHORTEST_PREFIX})


def _joined(parts: list[Node], kind: Callable[[tuple[Node, ...]], Node]) -> Node | None:
    """One of its kind, flattened; the part itself where there is only one."""
    if not parts:
        return None
    if len(parts) == 1:
        return parts[0]
    flat = [inside for part in parts for inside in (part.parts if type(part) is kind else [part])]  # type: ignore[union-attr]
    return kind(tuple(flat))
