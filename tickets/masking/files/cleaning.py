"""One file, cleaned by its kind. Its content decides what it is; its name and declared type only help."""

from __future__ import annotations

import re
from collections.abc import Callable

from tickets.masking.files.calendars import mask_calendar
from tickets.masking.files.checking import check_bytes, check_text
from tickets.masking.files.images.boxes import clean_film
from tickets.masking.files.images.gif import clean_gif
from tickets.masking.files.images.heic import clean_heic
from tickets.masking.files.images.jpeg import clean_jpeg
from tickets.masking.files.images.png import clean_png
from tickets.masking.files.images.tiffs import clean_tiff
from tickets.masking.files.images.webp import clean_webp
from tickets.masking.files.kinds import Kind, kind_of, kind_of_text
from tickets.masking.files.office.ooxml import TYPES, clean_ooxml
from tickets.masking.files.office.opendocument import clean_opendocument
from tickets.masking.files.packed import Budget, Packed, unpacked
from tickets.masking.files.pdf import clean_pdf
from tickets.masking.files.sounds import clean_sound
from tickets.masking.files.texts import Decoded, decoded
from tickets.masking.names import mask_name
from tickets.masking.results import Cleaned, Unclean, Why
from tickets.masking.rules import Rules
from tickets.masking.text import mask_text

Result = tuple[bytes, tuple[str, ...]]
_MEDIA: dict[Kind, Callable[[bytes], Result]] = {
    Kind.JPEG: clean_jpeg,
    Kind.PNG: clean_png,
    Kind.GIF: clean_gif,
    Kind.WEBP: clean_webp,
    Kind.TIFF: clean_tiff,
    Kind.HEIC: clean_heic,
    Kind.FILM: clean_film,
    Kind.SOUND: clean_sound,
}
_REFUSED: dict[Kind, tuple[Why, str]] = {
    Kind.PROGRAM: (Why.FILE_TYPE, "a program"),
    Kind.PAGE: (Why.FILE_TYPE, "a web page or drawing that can run programs"),
    Kind.CARD: (Why.CARD, ""),
    Kind.SECRET: (Why.LOCKED, "it is encrypted"),
    Kind.TNEF: (Why.UNCLEAN_FILE, "packed by a mail program"),
}
_GONE = {Kind.SIGNATURE: "a signature", Kind.KEY: "a key or certificate"}
_DEEPEST = 12  # folders within an archive
_MAX_DEPTH = 1  # an archive in an archive waits for a person


def clean_file(name: str, media_type: str, data: bytes, rules: Rules) -> Cleaned:
    """The file as it may be passed on. Empty data in the answer: nothing is left of it (a signature, a key).

    Raises Unclean, with a reason of Held.Reason, for what has to wait for a person. Nothing else is raised.
    """
    shown = mask_name(name, rules)
    cleaned, removed = _guarded(name, media_type, data, rules, Budget())
    return Cleaned(shown.text, media_type, cleaned, ("its name", *removed) if shown.found else removed)


def _guarded(name: str, media_type: str, data: bytes, rules: Rules, budget: Budget) -> Result:
    try:
        cleaned, removed = _cleaned(name, media_type, data, rules, budget)
        if cleaned is not data:
            check_bytes(cleaned, rules)
    except Unclean:
        raise
    except MemoryError:
        raise Unclean(Why.UNCLEAN_FILE, "too much in it to be checked") from None
    except Exception as failed:
        # What a damaged file can make a reader do has no end; nothing that was not read to its end goes out.
        raise Unclean(Why.UNCLEAN_FILE, f"it could not be read ({type(failed).__name__})") from None
    return cleaned, removed


def _cleaned(name: str, media_type: str, data: bytes, rules: Rules, budget: Budget) -> Result:
    kind = kind_of(name, media_type, data)
    if kind in _MEDIA:
        return _MEDIA[kind](data)
    if kind == Kind.PDF:
        return clean_pdf(data, rules)
    if kind == Kind.ZIP:
        return _cleaned_archive(data, rules, budget)
    if kind == Kind.OLE:
        raise _of_ole(data)
    text = decoded(data)
    if text is not None:
        kind = kind_of_text(text.text, kind)
    if kind in _REFUSED:
        raise Unclean(*_REFUSED[kind])
    if kind in _GONE:
        return b"", (_GONE[kind],)
    if text is None:
        raise Unclean(Why.UNCLEAN_FILE, "a kind of file that can't be checked")
    return _cleaned_text(text, data, kind, rules)


def _cleaned_text(text: Decoded, data: bytes, kind: Kind, rules: Rules) -> Result:
    """Letters to people are masked; tables and the like are held rather than changed."""
    if kind == Kind.CALENDAR:
        return mask_calendar(text.text, rules).text.encode(), ("people's addresses",)
    if text.text.startswith("{\\rtf"):
        raise Unclean(Why.UNCLEAN_FILE, "an old kind of document that can't be cleaned")
    if kind == Kind.DATA:
        check_text(text.text, rules, "in its text")
        return data, ()
    masked = mask_text(text.text, rules)
    return (masked.text.encode(text.encoding), ("what had to be masked in its text",)) if masked.found else (data, ())


def _of_ole(data: bytes) -> Unclean:
    """Formats of before 2007, and what is kept in their container (MS-CFB)."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return Unclean(Why.LOCKED, "a password is needed to read it")
    if "__substg1.0_".encode("utf-16-le") in data:
        return Unclean(Why.CARD)
    return Unclean(Why.UNCLEAN_FILE, "an old kind of document that can't be cleaned")


def _cleaned_archive(data: bytes, rules: Rules, budget: Budget) -> Result:
    packed = unpacked(data, budget)
    if TYPES in packed.members:
        removed = clean_ooxml(packed, rules, budget, _cleaned_member)
    elif packed.members.get("mimetype", b"").startswith(b"application/vnd.oasis.opendocument."):
        removed = clean_opendocument(packed, rules, budget, _cleaned_member)
    else:
        return _cleaned_zip(packed, rules, budget)
    return packed.written(), removed


def _cleaned_zip(packed: Packed, rules: Rules, budget: Budget) -> Result:
    if budget.depth >= _MAX_DEPTH:
        raise Unclean(Why.UNCLEAN_FILE, "an archive in an archive")
    inner = Budget(budget.left, budget.depth + 1)
    members: dict[str, bytes] = {}
    removed: list[str] = []
    for name, data in packed.members.items():
        cleaned, lost = _guarded(name, "", data, rules, inner)
        removed += lost
        if cleaned or not data:
            members[_free(_place(name, rules), members)] = cleaned
    return Packed(members).written(), tuple(dict.fromkeys((*removed, "dates")))


def _place(name: str, rules: Rules) -> str:
    """Folder and name within the archive, each part masked, and none that leads out of it."""
    parts = [part for part in re.split(r"[/\\]", name) if part.strip(". ")]
    return "/".join(mask_name(part, rules).text for part in parts[-_DEEPEST:]) or "file"


def _free(name: str, taken: dict[str, bytes]) -> str:
    stem, dot, ending = name.rpartition(".")
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{stem}-{number}{dot}{ending}" if dot else f"{name}-{number}"
    return free


def _cleaned_member(name: str, data: bytes, rules: Rules, budget: Budget) -> bytes:
    """A part of a document that is no XML: a picture, a font, a document in the document."""
    if name.lower().endswith((".emf", ".wmf", ".odttf", ".fntdata", ".ttf", ".otf", ".wdp")):
        check_bytes(data, rules)
        return data
    return _guarded(name, "", data, rules, Budget(budget.left, budget.depth + 1))[0]
