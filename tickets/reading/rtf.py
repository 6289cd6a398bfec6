"""Rich text as Outlook keeps it in winmail.dat: unpacked (MS-OXRTFCP), read as HTML (MS-OXRTFEX) or as plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tickets.reading.charsets import decode

MAX_BYTES = 8_000_000  # of unpacked rich text
_START = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor "
    rb"MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0" + b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_WINDOW = 4096
_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z'])|([{}])|([^\\{}\r\n]+)", re.DOTALL
)
_SILENT = frozenset(
    {
        "fonttbl",
        "colortbl",
        "stylesheet",
        "info",
        "pict",
        "object",
        "header",
        "footer",
        "listtable",
        "listoverridetable",
        "generator",
        "themedata",
        "datastore",
        "xmlnstbl",
        "rsidtbl",
        "fldinst",
        "background",
    }
)
_WORDS = {
    "par": "\n", "line": "\n", "tab": "\t", "row": "\n", "cell": "\t", "emdash": "—", "endash": "–", "lquote": "‘",
    "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•",
}  # fmt: skip


def unpacked_rtf(data: bytes) -> bytes:
    """The rich text in a compressed body; b'' if it is none. Stops at MAX_BYTES and at the first sign of damage."""
    if len(data) < 16:
        return b""
    kind, body = data[8:12], data[16:]
    if kind == b"MELA":
        return body[: int.from_bytes(data[4:8], "little")]
    return _expanded(body)[: int.from_bytes(data[4:8], "little")] if kind == b"LZFu" else b""


def _expanded(body: bytes) -> bytes:
    window = bytearray(_START.ljust(_WINDOW, b"\0"))
    place, result, at = len(_START), bytearray(), 0
    while at < len(body) and len(result) < MAX_BYTES:
        flags = body[at]
        at += 1
        for bit in range(8):
            if flags >> bit & 1:
                pair = int.from_bytes(body[at : at + 2], "big")
                start, at = pair >> 4, at + 2
                if start == place % _WINDOW or at > len(body):
                    return bytes(result)
                for n in range((pair & 15) + 2):
                    window[place % _WINDOW] = window[(start + n) % _WINDOW]
                    result.append(window[place % _WINDOW])
                    place += 1
            elif at < len(body):
                window[place % _WINDOW] = body[at]
                result.append(body[at])
                place, at = place + 1, at + 1
    return bytes(result)


@dataclass
class _Group:
    is_silent: bool = False
    is_tag: bool = False
    is_skipped: bool = False  # between \htmlrtf and \htmlrtf0: said again for programs that read no HTML
    skip: int = 1


@dataclass
class _Reading:
    codepage: str = "cp1252"
    is_html: bool = False
    groups: list[_Group] = field(default_factory=lambda: [_Group()])
    star: bool = False
    to_skip: int = 0
    pending: bytes = b""


def text_of_rtf(rtf: bytes) -> tuple[str, bool]:
    """What rich text says, and whether that is HTML (kept in it by Outlook) rather than plain text."""
    state = _Reading()
    pieces = "".join(_read(rtf[:MAX_BYTES], state))
    return pieces.strip(), state.is_html


def _read(rtf: bytes, state: _Reading) -> Iterator[str]:
    for word, number, escaped, sign, brace, plain in _TOKEN.findall(rtf):
        if escaped or plain:
            state.pending += _shown(state, bytes.fromhex(escaped.decode()) if escaped else plain)
            continue
        if state.pending:
            yield decode(state.pending, state.codepage)
            state.pending = b""
        if brace == b"{":
            last = state.groups[-1]
            state.groups.append(_Group(last.is_silent, last.is_tag, last.is_skipped, last.skip))
        elif brace and len(state.groups) > 1:
            state.groups.pop()
        elif word:
            yield _word(state, word.decode(), int(number) if number else None)
        elif sign:
            yield _sign(state, sign)
    yield decode(state.pending, state.codepage)


def _shown(state: _Reading, data: bytes) -> bytes:
    group = state.groups[-1]
    skipped = min(state.to_skip, len(data))
    state.to_skip -= skipped
    if group.is_silent or (group.is_skipped and not group.is_tag):
        return b""
    return data[skipped:]


def _sign(state: _Reading, sign: bytes) -> str:
    if sign == b"*":
        state.star = True
        return ""
    meant = {b"~": "\xa0", b"_": "-", b"\r": "\n", b"\n": "\n"}.get(
        sign, "" if sign == b"-" else sign.decode("latin-1")
    )
    return meant if _shown(state, b"x") else ""


def _word(state: _Reading, word: str, number: int | None) -> str:
    group, star = state.groups[-1], state.star
    state.star = False
    if word == "htmltag":
        group.is_tag = True
    elif word == "htmlrtf":
        group.is_skipped = number != 0
    elif word == "fromhtml":
        state.is_html = True
    elif word == "ansicpg" and number:
        state.codepage = f"cp{number}" if number != 65001 else "utf-8"
    elif word == "uc" and number is not None:
        group.skip = min(number, 4)
    elif word == "u" and number is not None and _shown(state, b"x"):
        state.to_skip = group.skip
        return chr(number % 65536) if not 0xD800 <= number % 65536 <= 0xDFFF else ""
    elif star or word in _SILENT:
        group.is_silent = True
    elif word in _WORDS and _shown(state, b"x"):
        return _WORDS[word] if not (state.is_html and word in {"par", "line"}) else "\n"
    return ""
