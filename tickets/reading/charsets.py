"""Bytes to text when the label may be missing, wrong or unknown: mail of thirty years and every country."""

from __future__ import annotations

import codecs
import re

# What senders name, and what they mean by it: the larger set that holds the named one (as browsers do).
_MEANT = {
    "ascii": "utf-8",
    "us-ascii": "utf-8",
    "ansi_x3.4-1968": "utf-8",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "ansi": "cp1252",
    "x-ansi": "cp1252",
    "x-cp1252": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "gb2312": "gb18030",
    "x-gbk": "gb18030",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "big5": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "ks_c_5601": "cp949",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601-1989": "cp949",
    "ksc5601": "cp949",
    "euc-kr": "cp949",
    "x-windows-949": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "iso-2022-jp": "iso2022_jp_2004",
    "iso-2022-jp-ms": "iso2022_jp_2004",
    "cp50220": "iso2022_jp_2004",
    "cp50221": "iso2022_jp_2004",
    "koi8": "koi8-r",
    "utf8": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "unicode": "utf-16",
}
_JAPANESE = ("iso2022_jp_2004", "iso2022_jp_ext", "iso2022_jp_3", "iso2022_jp")
_SHIFTED = re.compile(rb"\x1b\$[@AB(]|\x1b\([BIJ]")  # how ISO-2022-JP changes its set; no other mail text has these
_NAME = re.compile(r"[a-z0-9_.:()+-]{1,40}")


def decode(data: bytes, charset: str = "") -> str:
    """Text of `data`, whose sender said it were `charset` ('' = nothing). Never raises; no NUL in what comes back.

    Tried in order: what was declared, utf-8, windows-1252, latin-1. Damaged multi-byte text keeps what can be read.
    """
    if data.isascii() and b"\x1b" not in data and _is_like_ascii(charset):
        return data.decode("ascii").replace("\x00", "")
    return _decoded(data, charset).replace("\x00", "").removeprefix("\ufeff")


def codec_of(charset: str) -> str:
    """Name of the Python text codec meant by a label; '' for an unknown one (also for codecs that are no charset)."""
    label = charset.strip().strip("\"'").lower()
    label = _MEANT.get(label, label)
    if not _NAME.fullmatch(label):
        return ""
    try:
        found = codecs.lookup(label)
        "".encode(found.name)  # refuses what is no charset: rot13, base64, zip
    except (LookupError, ValueError, UnicodeError):
        return ""
    return "" if found.name in {"unicode-escape", "raw-unicode-escape", "idna", "punycode"} else found.name


def _is_like_ascii(charset: str) -> bool:
    label = charset.strip().lower()
    return label in {"", "us-ascii", "utf-8", "ascii"} or label.startswith(("iso-8859", "windows-12"))


def _decoded(data: bytes, charset: str) -> str:
    codec = codec_of(charset)
    if _SHIFTED.search(data) and (not codec or codec in {"utf-8", "cp1252", *_JAPANESE}):
        return _japanese(data)
    for attempt in (codec, "utf-8"):
        text = _strictly(data, attempt)
        if text is not None:
            return text
    return _damaged(data, codec)


def _strictly(data: bytes, codec: str) -> str | None:
    if not codec:
        return None
    try:
        return data.decode(codec)
    except (UnicodeError, ValueError):
        return None


def _japanese(data: bytes) -> str:
    for codec in _JAPANESE:
        text = _strictly(data, codec)
        if text is not None:
            return text
    return data.decode(_JAPANESE[0], "replace")


def _damaged(data: bytes, codec: str) -> str:
    """Nothing fits wholly: a multi-byte text with a few broken places, or Windows text under a wrong label."""
    for attempt in dict.fromkeys((codec, "utf-8")):
        if attempt and attempt not in {"cp1252", "latin-1"}:
            text = data.decode(attempt, "replace")
            good = sum(character > "\x7f" and character != "\ufffd" for character in text)
            if good > 3 * text.count("\ufffd"):
                return text
    return _strictly(data, "cp1252") or data.decode("latin-1")
