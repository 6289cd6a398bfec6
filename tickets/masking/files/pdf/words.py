"""The words on a page, in the order in which they are drawn (ISO 32000-2, 9.4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from tickets.masking.files.pdf.fonts import Font, font_of

_SHOWS = frozenset({"Tj", "TJ", "'", '"'})
_MOVES = frozenset({"Td", "TD", "T*", "Tm", "ET", "'", '"'})
_GAP = -180  # thousandths of the font's size: as wide as a space
_MAX_DEPTH = 12


def page_texts(page: pikepdf.Page) -> Iterator[str]:
    """The page's words twice: parted at every move of the pen, and end to end, for those drawn letter by letter."""
    pieces = list(_pieces(page.obj, page.resources, {}, 0))
    yield "".join(pieces)
    yield "".join(piece for piece in pieces if piece not in ("\n", " "))


def _pieces(content: Any, resources: Any, fonts: dict[Any, Font], depth: int) -> Iterator[str]:
    font: Font | None = None
    for instruction in pikepdf.parse_content_stream(content):
        operator, operands = str(instruction.operator), list(instruction.operands)
        if operator in _MOVES:
            yield "\n"
        if operator == "Tf" and operands:
            font = _font(resources, operands[0], fonts)
        elif operator in _SHOWS:
            yield from _shown(operands, font)
        elif operator == "Do" and operands and depth < _MAX_DEPTH:
            yield from _form(resources, operands[0], fonts, depth)
        elif operator in ("BDC", "DP"):
            yield from _told(operands)


def _font(resources: Any, name: Any, fonts: dict[Any, Font]) -> Font:
    found = _resource(resources, "/Font", name)
    if found is None:
        return font_of(Dictionary())
    key = found.objgen if found.is_indirect else str(name)
    if key not in fonts:
        fonts[key] = font_of(found)
    return fonts[key]


def _resource(resources: Any, kind: str, name: Any) -> Any:
    shelf = resources.get(kind) if resources is not None else None
    return shelf.get(str(name)) if shelf is not None else None


def _shown(operands: list[Any], font: Font | None) -> Iterator[str]:
    for operand in operands:
        if isinstance(operand, Array):
            yield from _shown(list(operand), font)
        elif isinstance(operand, String):
            yield font.read(bytes(operand)) if font else bytes(operand).decode("latin-1")
        elif not isinstance(operand, Name) and float(operand) < _GAP:
            yield " "


def _form(resources: Any, name: Any, fonts: dict[Any, Font], depth: int) -> Iterator[str]:
    form = _resource(resources, "/XObject", name)
    if isinstance(form, Stream) and form.get("/Subtype") == Name.Form:
        yield "\n"
        yield from _pieces(form, form.get("/Resources", resources), dict(fonts), depth + 1)
        yield "\n"


def _told(operands: list[Any]) -> Iterator[str]:
    """Text that stands for what is drawn (14.9.4)."""
    for operand in operands:
        if isinstance(operand, Dictionary) and "/ActualText" in operand:
            yield str(operand["/ActualText"])
