"""Every way a text may hide another: each decoding works on what the one before left, and each result is searched."""

from __future__ import annotations

import codecs
import html
import re
import unicodedata
from collections.abc import Callable, Iterator
from urllib.parse import unquote

ROUNDS = 3
ENCODED_WORD = re.compile(r"=\?([^?\s]+)\?([bBqQ])\?([^?]*)\?=")
CHARACTER = re.compile(r"\\u([0-9a-f]{4})|\\x([0-9a-f]{2})|\\'([0-9a-f]{2})|\\([0-9a-f]{1,6}) ", re.IGNORECASE)
DECIMAL = re.compile(r"\\u(\d{1,5})\?")
OCTAL = re.compile(r"\\([0-3][0-7]{2})")
COMMENT, TAG = re.compile(r"<!--.*?-->", re.DOTALL), re.compile(r"</?[a-z!?][^<>]*>", re.IGNORECASE)
UNSEEN = ("Cf", "Mn", "Cc")
AT_WORD = re.compile(r"\s*[(\[{<]\s*(?:at|@|ät|arroba)\s*[)\]}>]\s*|\s+at\s+|\s*[＠﹫]\s*", re.IGNORECASE)


def words_decoded(text: str) -> str:
    """Encoded words of RFC 2047, those that follow one another put together."""
    joined = re.sub(r"\?=\s+=\?", "?==?", text)
    return ENCODED_WORD.sub(lambda found: _word(*found.groups()), joined)


def _word(charset: str, way: str, text: str) -> str:
    data = text.encode("utf-8", "replace")
    plain = _base64(data) if way in "bB" else unquoted_printable(data.replace(b"_", b" "))
    return decoded(plain, charset.split("*", maxsplit=1)[0])


def _base64(data: bytes) -> bytes:
    try:
        return codecs.decode(data + b"=" * (-len(data) % 4), "base64")
    except ValueError:
        return data


def unquoted_printable(data: bytes) -> bytes:
    return codecs.decode(data, "quopri")


def decoded(data: bytes, charset: str) -> str:
    """The text in the charset that is named, or byte by byte where that can't be."""
    try:
        return data.decode(charset, "replace")
    except (LookupError, ValueError):
        return data.decode("latin-1")


def _from_quoted_printable(text: str) -> str:
    return re.sub(r"=([0-9A-Fa-f]{2})|=[ \t]*\r?\n", lambda found: chr(int(found[1] or "0", 16)), text).replace(
        "\0", ""
    )


def _characters(text: str) -> str:
    text = DECIMAL.sub(lambda found: chr(int(found[1])), text)
    text = CHARACTER.sub(lambda found: _chr(int(next(filter(None, found.groups())), 16)), text)
    return OCTAL.sub(lambda found: chr(int(found[1], 8)), text)


def _chr(number: int) -> str:
    return chr(number) if number < 0x110000 else ""


def _unfolded(text: str) -> str:
    return re.sub(r"\r?\n[ \t>]*", "", text)


def _utf7(text: str) -> str:
    return decoded(text.encode("utf-8", "replace"), "utf-7")


def without_tags(text: str) -> str:
    return TAG.sub("", COMMENT.sub("", text))


Trigger = tuple[re.Pattern[str], Callable[[str], str]]
DECODERS: tuple[Trigger, ...] = (
    (ENCODED_WORD, words_decoded),
    (re.compile(r"=[0-9A-Fa-f]{2}|=[ \t]*\r?\n"), _from_quoted_printable),
    (re.compile(r"&#?\w{1,12};?"), html.unescape),
    (re.compile(r"%[0-9A-Fa-f]{2}"), unquote),
    (re.compile(r"\\(?:[uxU']?[0-9a-fA-F]{1,6})"), _characters),
    (re.compile(r"\+A[A-Za-z0-9+/]{2,}-"), _utf7),
    (re.compile(r"\n[ \t>]"), _unfolded),
)


def variants(text: str) -> Iterator[str]:
    """The text, and what it becomes by decoding, step by step; last without its tags."""
    yield text
    for _ in range(ROUNDS):
        before = text
        for trigger, decode in DECODERS:
            if trigger.search(text) and (changed := decode(text)) != text:
                text = changed
                yield text
        if text == before:
            break
    if TAG.search(text) or "<!--" in text:
        yield without_tags(text)
    if "\u202e" in text:
        yield text[::-1]


def visible(text: str) -> str:
    """In small letters, compatibility forms made plain, characters without a width taken away."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        text = "".join(
            each for each in text if unicodedata.category(each) not in ("Cf", "Mn", "Cc") or each in "\r\n\t"
        )
    return text.lower()


def squashed(text: str) -> str:
    """Letters, digits and @ alone, an @ that is written out made one."""
    return re.sub(r"[^a-z0-9@]+", "", AT_WORD.sub("@", text))
