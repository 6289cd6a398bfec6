"""Addresses of a header field, and whether one may be trusted to say who wrote (RFC 5322, 3.4).

Lenient parsers disagree on who `a@x <b@y>` is, and that is how senders are forged (CVE-2023-27043). Here one reading is
taken, and anything that another program could read otherwise is not sound.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tickets.reading.words import decoded_words, one_line

MAX_MAILBOXES = 200
MAX_FIELD = 50_000
_ATOM = r"[\w!#$%&'*+/=?^`{|}~-]+"
_DOMAIN = r"(?:[\w](?:[\w-]{0,61}[\w])?\.)*[\w](?:[\w-]{0,61}[\w])?"
_ADDRESS = re.compile(rf'(?:{_ATOM}(?:\.{_ATOM})*|"(?:[^"\\@\s]|\\[^\s])+")@(?:{_DOMAIN}|\[[0-9A-Fa-f.:IPv]+\])')
_WORD = r"=\?[^?\s]{1,60}\?[bBqQ]\?[^?\s]*\?="
_TOKEN = re.compile(_WORD + r'|"(?:[^"\\]|\\.)*"|[<>,;:()"]|[^<>,;:()"=]+|=', re.DOTALL)
_ENCODED = re.compile(_WORD)
_UNCLEAR_WORD = re.compile(rf"(?=[^\s]*[<>@,;:()\"]){_WORD}")  # signs that belong between words, not into one


@dataclass(frozen=True)
class Mailbox:
    """A name and an address as a mail gives them. `is_sound` only if the field can be read in one way."""

    name: str
    address: str
    is_sound: bool


@dataclass
class _Draft:
    words: str = ""
    comment: str = ""
    angle: str | None = None
    is_sound: bool = True

    def mailbox(self) -> Mailbox | None:
        words = self.words.strip()
        address = words if self.angle is None else self.angle
        if not words and self.angle is None:
            return None
        name = self.comment if self.angle is None else words
        return Mailbox(_name(name), _plain(address), self.is_sound and _is_address(address) and self._has_clear_name())

    def _has_clear_name(self) -> bool:
        return self.angle is None or "@" not in re.sub(r'"(?:[^"\\]|\\.)*"', "", _ENCODED.sub("", self.words))


def mailboxes(value: str) -> tuple[Mailbox, ...]:
    """The mailboxes of one field, encoded words still in it. Groups are opened, comments are taken as names."""
    found: list[Mailbox | None] = []
    draft = _Draft(is_sound=len(value) <= MAX_FIELD)
    depth, in_angle = 0, False
    for piece in _TOKEN.findall(value[:MAX_FIELD]):
        if piece == "(":
            depth += 1
        elif piece == ")":
            draft.is_sound = draft.is_sound and depth > 0
            depth = max(0, depth - 1)
        elif depth:
            draft.comment += piece
        elif piece in {",", ";"} and not in_angle:
            found.append(draft.mailbox())
            draft = _Draft()
        else:
            in_angle = _take(draft, piece, in_angle)
    draft.is_sound = draft.is_sound and depth == 0 and not in_angle
    return tuple(each for each in [*found, draft.mailbox()] if each)[:MAX_MAILBOXES]


def _take(draft: _Draft, piece: str, in_angle: bool) -> bool:
    """Add a piece to the mailbox; whether the next one stands between < and >."""
    if piece == "<":
        draft.is_sound = draft.is_sound and draft.angle is None
        draft.angle = ""
        return True
    if piece == ">":
        draft.is_sound = draft.is_sound and in_angle
        return False
    if piece == ":" and not in_angle:  # the name of a group
        draft.words = ""
        return False
    if piece == '"' or (piece.startswith("=?") and _UNCLEAR_WORD.match(piece)):
        draft.is_sound = False
    if in_angle:
        draft.angle = (draft.angle or "") + piece
    else:
        draft.is_sound = draft.is_sound and (draft.angle is None or not piece.strip())
        draft.words += piece
    return in_angle


def _name(words: str) -> str:
    unquoted = re.sub(r'"((?:[^"\\]|\\.)*)"', lambda quoted: re.sub(r"\\(.)", r"\1", quoted[1]), words.strip())
    return decoded_words(unquoted)[:200]


def _plain(address: str) -> str:
    return one_line(address).replace(" ", "")[:320]


def _is_address(address: str) -> bool:
    return len(address) <= 320 and bool(_ADDRESS.fullmatch(address.strip())) and "=?" not in address
