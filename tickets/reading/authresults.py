"""What our own server wrote down about a mail (RFC 8601).

Anybody can write such a line: only those of our server count, and only where no other server has come between.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tickets.reading.alignment import Alignment, organization
from tickets.reading.structure import Headers
from tickets.reading.words import unfolded

PROVEN, UNPROVEN, FAILED, TEMPORARY = "proven", "unproven", "failed", "temporary"
NAME = "authentication-results"
LONGEST = 10_000
_BY = re.compile(r"\bby\s+([\w.-]+)", re.IGNORECASE)
_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|[();]|[^\s"();]+|\s+', re.DOTALL)
_RESULT = re.compile(r"([a-z][\w-]*)\s*(?:/\s*\d+)?\s*=\s*([a-z]+)", re.IGNORECASE)
_PROPERTY = re.compile(r"(?:^|\s)([a-z]+\.[\w-]+)\s*=\s*(\S+)", re.IGNORECASE)
STATES = {"pass": PROVEN, "fail": FAILED, "temperror": TEMPORARY, "permerror": FAILED}


@dataclass(frozen=True)
class Result:
    """One method's: `what` is pass, fail, none ...; `domain` that it is about, or empty."""

    method: str
    what: str
    domain: str


class Doubtful(Exception):
    """It can be read in two ways, or not at all."""


def verdict(headers: Headers, server: str, domain: str) -> str:
    """proven, failed, unproven or temporary for mail from `domain`; empty if our server has said nothing.

    The topmost result of a method is the one that counts; any doubt about what is written is a fail.
    """
    try:
        written = [_results(value, server) for value in _above_others(headers, server)]
    except Doubtful:
        return FAILED
    lines = [line for line in written if line is not None]
    return _summed_up(list(_topmost(lines)), domain) if lines else ""


def _topmost(lines: Sequence[Sequence[Result]]) -> Iterator[Result]:
    """Of each method what the first line says that names it: a server that leaves forged lines writes its own above."""
    known: set[str] = set()
    for line in lines:
        yield from (each for each in line if each.method not in known)
        known.update(each.method for each in line)


def _above_others(headers: Headers, server: str) -> Iterator[str]:
    """The lines above whatever another server wrote. Headers are in their order, the last one added first."""
    blocks = 0
    previous = ""
    for name, value in headers:
        if name == NAME:
            blocks += previous != NAME
            if blocks > 1:
                return  # our server writes its lines one below the other: what comes later came with the mail
            yield unfolded(value)[:LONGEST]
        elif name == "received" and not _is_own(unfolded(value), server):
            return
        previous = name


def _is_own(received: str, server: str) -> bool:
    by = _BY.search(received)
    return by is not None and organization(by[1].lower().rstrip(".")) == organization(server.lower().rstrip("."))


def _results(value: str, server: str) -> list[Result] | None:
    """None if another server wrote the line. Comments and quoted text say nothing. Raises Doubtful."""
    first, *rest = _pieces(value)
    words = first.split()
    if not words or words[0].lower().rstrip(".") != server.lower().rstrip("."):
        return None
    return [result for piece in rest if (result := _result(piece)) is not None]


def _pieces(value: str) -> list[str]:
    """The parts between semicolons, without comments and with quoted text left out."""
    pieces, depth = [""], 0
    matched = 0
    for found in _PIECE.finditer(value):
        if found.start() != matched:
            raise Doubtful
        matched, each = found.end(), found[0]
        depth += (each == "(") - (each == ")")
        if depth < 0:
            raise Doubtful
        if depth or each == ")":
            continue
        if each == ";":
            pieces.append("")
        else:
            pieces[-1] += "_" if each.startswith('"') else each
    if depth or matched != len(value):
        raise Doubtful
    return pieces


def _result(piece: str) -> Result | None:
    words = piece.strip()
    if not words or words.lower() == "none":
        return None
    found = _RESULT.match(words)
    if found is None:
        raise Doubtful
    properties = {name.lower(): value for name, value in _PROPERTY.findall(words[found.end() :])}
    method = found[1].lower()
    named = {"dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom", "smtp.from"), "dmarc": ("header.from",)}
    about = next((properties[each] for each in named.get(method, ()) if each in properties), "")
    return Result(method, found[2].lower(), about.rpartition("@")[2].lower().rstrip("."))


def _summed_up(results: list[Result], domain: str) -> str:
    """DMARC decides if our server looks at it; else what is aligned."""
    dmarc = [each for each in results if each.method == "dmarc"]
    if dmarc:
        about_other = dmarc[0].domain not in ("", domain.lower())
        return UNPROVEN if about_other else STATES.get(dmarc[0].what, UNPROVEN)
    own = Alignment(domain)
    aligned = [each for each in results if each.method in ("dkim", "spf") and own.holds(each.domain, strict=False)]
    states = [STATES.get(each.what, UNPROVEN) for each in aligned]
    return next((state for state in (PROVEN, TEMPORARY, FAILED) if state in states), UNPROVEN)
