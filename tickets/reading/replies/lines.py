"""Each line of a text gets a letter for what it is. A reply is decided on by the string of these letters."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tickets.reading.replies.attributions import MAX_LINES, Sureness, attribution_at
from tickets.reading.replies.headblocks import block_at, role_of
from tickets.reading.replies.phrases import is_forwarded_line, is_original_line, is_sent_from

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


def letters_of(lines: Sequence[str]) -> str:
    """One letter a line, as named above. Linear: each line is looked at a bounded number of times."""
    looked = [line[:_MAX_LOOK] if len(line) > _MAX_LOOK else line for line in lines]
    roles = [role_of(line) for line in looked]
    letters: list[str] = []
    while len(letters) < len(looked):
        letter, count = _kind_at(looked, roles, len(letters))
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
    result, begun = letters, -1
    for at, line in enumerate(lines):
        if line[:3] == ">>>" and _ENCLOSED.fullmatch(line):
            begun = at
        elif line[:3] == "<<<" and begun >= 0 and _ENCLOSED.fullmatch(line):
            result = result[:begun] + "q" * (at - begun + 1) + result[at + 1 :]
            begun = -1
    return result


def _kind_at(lines: Sequence[str], roles: Sequence[str], at: int) -> tuple[str, int]:
    line = lines[at]
    if not line or line.isspace():
        return BLANK, 1
    if _QUOTE.match(line):
        return QUOTE, 1
    if line[:12].lower() == "unsubscribe:" and ("@" in line or "http" in line):
        return SENT_FROM, 1
    if line.startswith("-----") and "PGP" in line:
        return _armour(lines, at)
    if _RULE.match(line):
        return RULE, 1
    return _words_at(lines, roles, at)


def _words_at(lines: Sequence[str], roles: Sequence[str], at: int) -> tuple[str, int]:
    line = lines[at]
    if is_sent_from(line, at_end=False):
        return SENT_FROM, 1
    if is_forwarded_line(line):
        return FORWARD, 1
    if is_original_line(line):
        return SURE_MARK, 1
    end = block_at(roles, at)
    if end > at:
        return HEADERS, end - at
    sureness, end = attribution_at(lines, at)
    if sureness is not Sureness.NONE:
        return SURE_MARK if sureness is Sureness.SURE else WEAK_MARK, end - at
    return TEXT, 1


def _armour(lines: Sequence[str], at: int) -> tuple[str, int]:
    """The lines that a PGP signature adds to a text; everything else that stands between dashes is text."""
    if _PGP_BEGIN.match(lines[at]):
        has_hash = at + 1 < len(lines) and _PGP_HASH.match(lines[at + 1])
        return ARMOUR, 2 if has_hash else 1
    if _PGP_SIGNATURE.match(lines[at]):
        end = next((n for n in range(at, min(len(lines), at + 100)) if _PGP_END.match(lines[n])), at)
        return ARMOUR, end - at + 1
    return TEXT, 1
