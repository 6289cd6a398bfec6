"""Files of every kind, with an address planted where their programs write such things."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import pikepdf
import pillow_heif
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, PngImagePlugin

pillow_heif.register_heif_opener()

SECRET = "v.real@home.test"
SIDEWAYS = 6  # Exif: turn a quarter to the right to see it upright
_DESCRIPTION, _ARTIST, _ORIENTATION, _PLACE, _CAMERA = 0x010E, 0x013B, 0x0112, 0x8825, 0x8769
XMP = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{SECRET}</x:xmpmeta>".encode()


def photo() -> Image.Image:
    return Image.effect_noise((64, 48), 60).convert("RGB")


def exif(turned: int = SIDEWAYS) -> Image.Exif:
    told = Image.Exif()
    told[_DESCRIPTION] = told[_ARTIST] = SECRET
    told[_ORIENTATION] = turned
    told.get_ifd(_PLACE).update({1: "N", 2: (48.0, 8.0, 14.0)})
    told.get_ifd(_CAMERA)[0xA431] = "SERIAL-4711"
    return told


def picture(kind: str) -> bytes:
    """A picture of this kind (a name Pillow knows), with all that can be written about it."""
    out = io.BytesIO()
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", SECRET)
    words.add_text("Comment", SECRET, zip=True)
    words.add_itxt("Title", SECRET)
    options: dict[str, dict[str, object]] = {
        "JPEG": {"exif": exif(), "comment": SECRET.encode(), "xmp": XMP, "progressive": True, "quality": 95},
        "PNG": {"pnginfo": words, "exif": exif()},
        "WEBP": {"exif": exif(), "xmp": XMP, "lossless": True},
        "GIF": {"comment": SECRET.encode()},
        "TIFF": {"tiffinfo": {270: SECRET, 305: f"by {SECRET}", 315: SECRET}, "compression": "tiff_lzw"},
        "HEIF": {"exif": exif().tobytes(), "xmp": XMP},
        "AVIF": {"exif": exif().tobytes(), "xmp": XMP},
    }
    photo().save(out, kind, **options[kind])
    return out.getvalue()


def pdf(drawing: bytes = b"(Hello) Tj", *, link: str = f"mailto:{SECRET}", password: str = "") -> bytes:
    """One page with `drawing` between BT and ET, an author, XMP, a link, and somebody's remark."""
    document = pikepdf.new()
    page = document.add_blank_page(page_size=(200, 200)).obj
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page.Resources = Dictionary(Font=Dictionary(F1=font))
    page.Contents = document.make_stream(b"BT /F1 12 Tf 10 100 Td " + drawing + b" ET")
    action = Dictionary(S=Name.URI, URI=String(link))
    rect = Array([0, 0, 9, 9])
    page.Annots = Array(
        [
            Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=rect, A=action),
            Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=rect, T=String(SECRET), Contents=String("Fine")),
        ]
    )
    document.docinfo["/Author"] = SECRET
    with document.open_metadata() as told:
        told["dc:creator"] = [SECRET]
    return saved(document, password)


def saved(document: pikepdf.Pdf, password: str = "") -> bytes:
    out = io.BytesIO()
    document.save(out, encryption=pikepdf.Encryption(owner="owner", user=password) if password else False)
    return out.getvalue()


def packed(members: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = SECRET.encode()
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/{part}" ContentType="application/vnd.openxmlformats-officedocument.{kind}.main+xml"/></Types>'
)
_CORE = (
    '<?xml version="1.0" encoding="UTF-8"?><cp:coreProperties xmlns:cp="urn:cp" xmlns:dc="urn:dc">'
    f"<dc:creator>{SECRET}</dc:creator><cp:lastModifiedBy>{SECRET}</cp:lastModifiedBy></cp:coreProperties>"
)
_LINK = (
    f'<Relationships xmlns="urn:r"><Relationship Id="r1" Target="mailto:{SECRET}" TargetMode="External"/>'
    "</Relationships>"
)


def docx(text: str = "Hello", more: Mapping[str, str | bytes] | None = None) -> bytes:
    """A text with properties, a commenter, a reviser, a mailto link and a photograph; `more` parts by name."""
    body = f'<w:p><w:r><w:t>{text}</w:t></w:r></w:p><w:p><w:ins w:id="1" w:author="{SECRET}"/></w:p>'
    remark = f'<w:comment w:author="{SECRET}" w:initials="{SECRET}"><w:p><w:r><w:t>Fine</w:t></w:r></w:p></w:comment>'
    return packed(
        {
            "[Content_Types].xml": _TYPES.format(part="word/document.xml", kind="wordprocessingml.document"),
            "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>',
            "word/comments.xml": f'<w:comments xmlns:w="{WORD}">{remark}</w:comments>',
            "word/_rels/document.xml.rels": _LINK,
            "word/media/image1.jpeg": picture("JPEG"),
            "docProps/core.xml": _CORE,
            "docProps/app.xml": f"<Properties><Company>{SECRET}</Company></Properties>",
            **(more or {}),
        }
    )


def xlsx(text: str = "Hello") -> bytes:
    person = f'<person displayName="{SECRET}" id="{{1}}" userId="{SECRET}" providerId="AD"/>'
    return packed(
        {
            "[Content_Types].xml": _TYPES.format(part="xl/workbook.xml", kind="spreadsheetml.sheet"),
            "xl/workbook.xml": f'<workbook><fileSharing userName="{SECRET}"/></workbook>',
            "xl/sharedStrings.xml": f"<sst><si><t>{text}</t></si></sst>",
            "xl/comments1.xml": f"<comments><authors><author>{SECRET}</author></authors></comments>",
            "xl/persons/person.xml": f"<personList>{person}</personList>",
            "xl/tables/table1.xml": '<table displayName="Prices" name="Prices"/>',
            "xl/printerSettings/printerSettings1.bin": SECRET.encode("utf-16-le"),
            "docProps/core.xml": _CORE,
        }
    )


def pptx(text: str = "Hello") -> bytes:
    author = f'<p:cmAuthor id="0" name="{SECRET}" initials="V"/>'
    return packed(
        {
            "[Content_Types].xml": _TYPES.format(part="ppt/presentation.xml", kind="presentationml.presentation"),
            "ppt/presentation.xml": "<p:presentation/>",
            "ppt/slides/slide1.xml": f"<p:sld><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sld>",
            "ppt/commentAuthors.xml": f"<p:cmAuthorLst>{author}</p:cmAuthorLst>",
            "docProps/core.xml": _CORE,
        }
    )


def odt(text: str = "Hello") -> bytes:
    creator = f"<meta:initial-creator>{SECRET}</meta:initial-creator>"
    remark = f"<office:annotation><dc:creator>{SECRET}</dc:creator><text:p>Fine</text:p></office:annotation>"
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content><text:p>{text}</text:p>{remark}</office:document-content>",
            "meta.xml": f"<office:document-meta>{creator}</office:document-meta>",
            "META-INF/manifest.xml": "<manifest:manifest/>",
        }
    )


CALENDAR = (
    b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:4711@laptop.v-house.test\r\n"
    b'ORGANIZER;CN="Vera Real":mailto:v.real@ho\r\n me.test\r\nATTENDEE;CN=o;RSVP=TRUE:mailto:o.real@va.test\r\n'
    b"X-MS-OLK-SENDER:mailto:v.real@home.test\r\nDTSTART:20261124T090000Z\r\n"
    b"SUMMARY:Fitting\r\nDESCRIPTION:Call v.real@home.test\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
CARD = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Vera\r\nEMAIL:v.real@home.test\r\nEND:VCARD\r\n"
KEY = b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQENBFxYZ2oBCADd\n=abcd\n-----END PGP PUBLIC KEY BLOCK-----\n"
ENCRYPTED_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
OUTLOOK_MAIL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "__substg1.0_0C1F001F".encode("utf-16-le")
