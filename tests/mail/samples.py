"""Files that people send, whole and clean."""

from __future__ import annotations

import io

import pikepdf


def pdf(words: str = "Hello") -> bytes:
    """A document of one page that says `words`."""
    document, buffer = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    page = document.pages[0].obj
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    page.Contents = document.make_stream(f"BT /F1 12 Tf 20 20 Td ({words}) Tj ET".encode())
    document.save(buffer, static_id=True)
    return buffer.getvalue()
