"""Each line of a text gets a letter for what it is. A reply is decided on by the string of these letters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tickets.reading.replies.attributions import MAX_LINES, Sureness, attribution_at, may_end
from tickets.reading.replies.headblocks import block_at, role_of
from tickets.reading.replies.phrases import is_forwarded_line, is_original_line, is_sent_from, is_unsubscribe_line

BLANK, TEXT, QUOTE, RULE, SENT_FROM = "e", "t", "q", "d", "s"
SURE_MARK, WEAK_MARK, HEADERS, FORWARD, ARMOUR = "b", "w", "h", "f", "x"

_MAX_LOOK = 400  # characters of a line that are looked at
_QUOTE = re.compile(r"\s*(?:[>＞]|&gt;|[A-Za-z]{1,5}>(?=[\s>]|$)|\|(?=\s|$)(?!.*\|\s*$))")
_ENCLOSED = re.compile(r">>>+(?:.{0,80}>>>+)?\s*|<<<+(?:.{0,80}<<<+)?\s*")
_RULE = re.compile(r"\s*(?:[-_,=+~#*ᐧ—–─]{2,}|[—–ᐧ─]|[-_](?:\s[-_])+)\s*$")
_PGP_BEGIN = re.compile(r"-----BEGIN PGP SIGNED MESSAGE-----\s*$")
_PGP_SIGNATURE = re.compile(r"-----BEGIN PGP SIGNATURE-----\s*$")
_PGP_END = re.compile(r"-----END PGP SIGNATURE-----\s*$")
_PGP_HASH = re.compile(r"Hash: [A-Za-z0-9, -]{1,40}$")


@dataclass(frozen=True)
class _Around:
    """What is known of every line before one is judged: the header it may be, whether an attribution may end soon."""

    roles: Sequence[str]
    is_before_end: Sequence[bool]


def _lines_before_end(lines: Sequence[str]) -> list[bool]:
    result = [False] * len(lines)
    for at, line in enumerate(lines):
        if may_end(line):
            for before in range(max(0, at - MAX_LINES + 1), at + 1):
                result[before] = True
    return result


def letters_of(lines: Sequence[str]) -> str:
    """One letter a line, as named above. Linear: each line is looked at a bounded number of times."""
    looked = [line[:_MAX_LOOK] if len(line) > _MAX_LOOK else line for line in lines]
    around = _Around([role_of(line) for line in looked], _lines_before_end(looked))
    letters: list[str] = []
    while len(letters) < len(looked):
        letter, count = _kind_at(looked, around, len(letters))
        letters += letter * count
    return _with_first_quote(looked, _with_enclosed_quotes(looked, "".join(letters)))


def _with_first_quote(lines: Sequence[str], letters: str) -> str:
    """An attribution that is quoted itself counts where a text begins with it: the answer stands below."""
    at = len(letters) - len(letters.lstrip(BLANK))
    if letters[at : at + 1] != QUOTE:
        return letters
    bare = [line.lstrip("> ") for line in lines[at : at + MAX_LINES]]
    sureness, end = attribution_at(bare, 0)
    return letters[:at] + SURE_MARK * end + letters[at + end :] if sureness is Sureness.SURE else letters


def _with_enclosed_quotes(lines: Sequence[str], letters: str) -> str:
    """Some programs put >>> name >>> above a quote and <<< name <<< below it."""
    result, begun = [*letters], -1
    for at, line in enumerate(lines):
        if line[:3] == ">>>" and _ENCLOSED.fullmatch(line):
            begun = at
        elif line[:3] == "<<<" and begun >= 0 and _ENCLOSED.fullmatch(line):
            result[begun : at + 1] = QUOTE * (at - begun + 1)
            begun = -1
    return "".join(result)


def _kind_at(lines: Sequence[str], around: _Around, at: int) -> tuple[str, int]:
    """The letter of the line, and how many lines it covers."""
    line = lines[at]
    if not line or line.isspace():
        return BLANK, 1
    begin = line[:12].lstrip()
    is_words = begin[:1].isalpha() and ">" not in begin[:6]
    if not is_words and (letter := _sign_of(line)):
        return letter, 1
    if line.startswith("-----") and "PGP" in line:
        return _armour(lines, at)
    letter = _phrase_of(line)
    return (letter, 1) if letter else _mark_at(lines, around, at)


def _sign_of(line: str) -> str:
    if _QUOTE.match(line):
        return QUOTE
    return RULE if _RULE.match(line) else ""


def _phrase_of(line: str) -> str:
    if is_sent_from(line, at_end=False) or is_unsubscribe_line(line):
        return SENT_FROM
    if is_forwarded_line(line):
        return FORWARD
    return SURE_MARK if is_original_line(line) else ""


def _mark_at(lines: Sequence[str], around: _Around, at: int) -> tuple[str, int]:
    end = block_at(around.roles, at)
    if end > at and _is_of_mail(lines[at:end], around.roles[at:end]):
        return HEADERS, end - at
    sureness, end = attribution_at(lines, at) if around.is_before_end[at] else (Sureness.NONE, at)
    if sureness is Sureness.NONE:
        return TEXT, 1
    return SURE_MARK if sureness is Sureness.SURE else WEAK_MARK, end - at


def _is_of_mail(lines: Sequence[str], roles: Sequence[str]) -> bool:
    """Somebody who books a journey writes From, To and Date too."""
    return "subject" in roles or any("@" in line for line in lines)


def _armour(lines: Sequence[str], at: int) -> tuple[str, int]:
    """The lines that a PGP signature adds to a text; everything else that stands between dashes is text."""
    if _PGP_BEGIN.match(lines[at]):
        has_hash = at + 1 < len(lines) and _PGP_HASH.match(lines[at + 1])
        return ARMOUR, 2 if has_hash else 1
    if _PGP_SIGNATURE.match(lines[at]):
        end = next((n for n in range(at, min(len(lines), at + 100)) if _PGP_END.match(lines[n])), at)
        return ARMOUR, end - at + 1
    return TEXT, 1
