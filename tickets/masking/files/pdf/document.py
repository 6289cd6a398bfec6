"""What a document tells besides its pages: properties, authors, links, hidden files. Everything in it is looked at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from tickets.masking.files.checking import check_text, tells
from tickets.masking.files.images.jpeg import clean_jpeg
from tickets.masking.files.pdf.words import page_texts
from tickets.masking.results import Unclean, Why
from tickets.masking.rules import Rules

_DELETED = ("/Metadata", "/PieceInfo", "/AA", "/LastModified")
_NO_TEXT = frozenset({"/Image", "/Type1C", "/CIDFontType0C", "/OpenType"})
_MAX_THINGS = 500_000
_LONGEST = 20_000_000  # bytes of one stream


def clean(pdf: pikepdf.Pdf, rules: Rules) -> tuple[str, ...]:
    """Clean `pdf` in place, and say what it lost. Raises Unclean."""
    removed: list[str] = []
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
        removed.append("properties")
    if "/OpenAction" in pdf.Root:
        del pdf.Root["/OpenAction"]
    for page in pdf.pages:
        for text in page_texts(page):
            check_text(text, rules, "in its text")
    for thing in _reached(pdf.Root):
        removed += _cleaned(thing, rules)
    for thing in _reached(pdf.Root):
        _check(thing, rules)
    return tuple(dict.fromkeys(removed))


def _reached(root: Any) -> Iterator[Any]:
    """Everything that the document leads to, once; what is taken out of a thing while it is looked at is not."""
    seen: set[tuple[int, int]] = set()
    waiting = [root]
    while waiting:
        thing = waiting.pop()
        if thing.is_indirect:
            if thing.objgen in seen:
                continue
            seen.add(thing.objgen)
        yield thing
        waiting += _children(thing)
        if len(waiting) + len(seen) > _MAX_THINGS:
            raise Unclean(Why.UNCLEAN_FILE, "too much in it to be checked")


def _children(thing: Any) -> list[Any]:
    if isinstance(thing, Dictionary | Stream):
        children = [thing[key] for key in list(thing.keys())]
    elif isinstance(thing, Array):
        children = list(thing)
    else:
        return []
    return [child for child in children if isinstance(child, Array | Dictionary | Stream | String)]


def _cleaned(thing: Any, rules: Rules) -> Iterator[str]:
    if not isinstance(thing, Dictionary | Stream):
        return
    if thing.get("/Type") == Name.Sig or (thing.get("/FT") == Name.Sig and "/V" in thing):
        raise Unclean(Why.UNCLEAN_FILE, "it is signed, and cleaning would break the signature")
    for key in _DELETED:
        if key in thing:
            del thing[key]
            yield "properties"
    if "/Subtype" in thing and "/Rect" in thing:
        yield from _cleaned_annotation(thing, rules)
    if isinstance(thing, Stream) and thing.get("/Filter") == Name.DCTDecode:
        yield from _cleaned_photo(thing)


def _cleaned_annotation(thing: Any, rules: Rules) -> Iterator[str]:
    if "/T" in thing and thing.Subtype != Name.Widget:
        del thing["/T"]
        yield "authors of remarks"
    target = thing.get("/A")
    if isinstance(target, Dictionary) and "/URI" in target:
        address = str(target["/URI"])
        if address.strip().lower().startswith("mailto:") or tells(address, rules):
            del thing["/A"]
            yield "links to addresses"


def _cleaned_photo(stream: Stream) -> Iterator[str]:
    cleaned, lost = clean_jpeg(stream.read_raw_bytes())
    if lost:
        stream.write(cleaned, filter=Name.DCTDecode, decode_parms=_parameters(stream))
        yield from lost


def _parameters(stream: Stream) -> Dictionary | None:
    found = stream.get("/DecodeParms")
    return found if isinstance(found, Dictionary) else None


def _check(thing: Any, rules: Rules) -> None:
    if isinstance(thing, String):
        check_text(str(thing), rules, "in its remarks, fields or titles")
    elif isinstance(thing, Stream) and str(thing.get("/Subtype", "")) not in _NO_TEXT and "/Length1" not in thing:
        _check_stream(thing, rules)


def _check_stream(stream: Stream, rules: Rules) -> None:
    """Forms, scripts, files inside: as text, if they can be read as such. Pages were read before."""
    data = stream.read_bytes()
    if len(data) > _LONGEST:
        raise Unclean(Why.UNCLEAN_FILE, "too much in it to be checked")
    check_text(data.decode("latin-1"), rules, "in a part of it")
    if stream.get("/Type") == Name.EmbeddedFile and b"\0" in data[:4096]:
        raise Unclean(Why.UNCLEAN_FILE, "there are files in it")
