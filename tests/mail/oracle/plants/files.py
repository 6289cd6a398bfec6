"""Documents, pictures, archives, keys, calendars and mails as files."""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import struct
import tarfile
import zlib
from datetime import UTC, datetime, timedelta

import pikepdf
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID
from PIL import Image, PngImagePlugin

from tests.mail.oracle.plants.build import Plant, plain, sealed, with_file, zipped
from tests.mail.oracle.winmail import SIGNATURE

OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CORE = '<cp:coreProperties xmlns:cp="x"><dc:creator>{}</dc:creator></cp:coreProperties>'


def picture(kind: str) -> Plant:
    def planted(address: str) -> bytes:
        image, buffer = Image.new("RGB", (8, 8), "red"), io.BytesIO()
        exif = image.getexif()
        exif[0x013B] = address  # Artist
        image.save(buffer, kind, exif=exif)
        return with_file(f"a.{kind.lower()}", f"image/{kind.lower()}", buffer.getvalue())

    return planted


def compressed_text(address: str) -> bytes:
    image, buffer, info = Image.new("RGB", (8, 8)), io.BytesIO(), PngImagePlugin.PngInfo()
    info.add_text("Author", address * 20, zip=True)
    image.save(buffer, "PNG", pnginfo=info)
    return with_file("a.png", "image/png", buffer.getvalue())


def xmp(address: str) -> bytes:
    packet = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><dc:creator>{address}</dc:creator></x:xmpmeta>'.encode()
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, "JPEG", xmp=packet)
    return with_file("a.jpg", "image/jpeg", buffer.getvalue())


def windows_tag(address: str) -> bytes:
    """XPAuthor: two bytes a character."""
    image, buffer = Image.new("RGB", (8, 8)), io.BytesIO()
    exif = image.getexif()
    exif[0x9C9D] = address.encode("utf-16-le")
    image.save(buffer, "JPEG", exif=exif)
    return with_file("a.jpg", "image/jpeg", buffer.getvalue())


def document(place: str) -> Plant:
    def planted(address: str) -> bytes:
        pdf, buffer = pikepdf.new(), io.BytesIO()
        pdf.add_blank_page()
        PLACES[place](pdf, address)
        pdf.save(buffer, compress_streams=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return with_file("a.pdf", "application/pdf", buffer.getvalue())

    return planted


def _info(pdf: pikepdf.Pdf, address: str) -> None:
    pdf.docinfo["/Author"] = pikepdf.String(address + " \u4e2d")


def _metadata(pdf: pikepdf.Pdf, address: str) -> None:
    with pdf.open_metadata() as found:
        found["dc:creator"] = [address]


def _link(pdf: pikepdf.Pdf, address: str) -> None:
    action = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String(f"mailto:{address}"))
    note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=action)
    pdf.pages[0].obj.Annots = pikepdf.Array([note])


def _page_text(pdf: pikepdf.Pdf, address: str) -> None:
    pieces = " -20 ".join(f"({each})" for each in address)
    pdf.pages[0].obj.Contents = pdf.make_stream(f"BT /F1 12 Tf [{pieces}] TJ ET".encode())


def _mapped_text(pdf: pikepdf.Pdf, address: str) -> None:
    """Glyph numbers on the page, and the font's table that says which letters they are."""
    codes = {letter: 3 + place for place, letter in enumerate(dict.fromkeys(address))}
    pairs = "\n".join(f"<{code:04x}> <{ord(letter):04x}>" for letter, code in codes.items())
    table = f"{len(codes)} beginbfchar\n{pairs}\nendbfchar".encode()
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, ToUnicode=pdf.make_stream(table))
    pdf.pages[0].obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    shown = "".join(f"{codes[letter]:04x}" for letter in address)
    pdf.pages[0].obj.Contents = pdf.make_stream(f"BT /F1 12 Tf <{shown}> Tj ET".encode())


def _attached(pdf: pikepdf.Pdf, address: str) -> None:
    pdf.attachments["note.txt"] = address.encode()


PLACES = {"info": _info, "XMP": _metadata, "link": _link, "page": _page_text, "glyphs": _mapped_text,
          "attached": _attached}  # fmt: skip


def office(member: str, text: str = CORE) -> Plant:
    def planted(address: str) -> bytes:
        members = {"word/document.xml": b"<w:t>Hello</w:t>", member: text.format(address).encode()}
        return with_file("a.docx", OFFICE, zipped(members))

    return planted


def split_in_runs(address: str) -> bytes:
    """A document's text, cut by the writer's spelling checker."""
    runs = "".join(f"<w:r><w:t>{each}</w:t></w:r>" for each in (address[:3], address[3:8], address[8:]))
    return with_file("a.docx", OFFICE, zipped({"word/document.xml": runs.encode()}))


def archive(kind: str) -> Plant:
    def planted(address: str) -> bytes:
        return with_file(f"a.{kind}", "application/octet-stream", _archived(kind, address))

    return planted


def _archived(kind: str, address: str) -> bytes:
    text = f"write to {address}\n".encode()
    if kind == "tar":
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w") as tar:
            member = tarfile.TarInfo("a.txt")
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text))
        return buffer.getvalue()
    made = {
        "zip": lambda: zipped({"a.txt": text}),
        "names.zip": lambda: zipped({f"{address}.txt": b"x"}),
        "comment.zip": lambda: zipped({"a.txt": b"x"}, address.encode()),
        "nested.zip": lambda: zipped({"b.zip": zipped({"c.zip": zipped({"a.txt": text})})}),
        "gz": lambda: gzip.compress(text * 3),
        "bz2": lambda: bz2.compress(text),
    }
    return made[kind]()


def as_file(name: str, media_type: str, text: str) -> Plant:
    def planted(address: str) -> bytes:
        return with_file(name, media_type, text.format(address=address, half=address[:6], rest=address[6:]).encode())

    return planted


def forwarded(address: str) -> bytes:
    mail, inner = plain(), plain(X_Original=address)
    mail.add_attachment(inner)
    return sealed(mail)


def mail_as_file(address: str) -> bytes:
    coded = base64.encodebytes(f"<p>{address}</p>".encode("utf-16")).decode()
    head = "From: a@relay.test\r\nSubject: x\r\nContent-Type: text/html; charset=utf-16\r\n"
    return with_file(
        "a.eml", "application/octet-stream", f"{head}Content-Transfer-Encoding: base64\r\n\r\n{coded}".encode()
    )


def certificate(address: str) -> bytes:
    """smime.p7s: the signer's certificate names the mailbox."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.EMAIL_ADDRESS, address)])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
    signed = made.not_valid_before(now).not_valid_after(now + timedelta(days=9)).sign(key, hashes.SHA256())
    data = pkcs7.serialize_certificates([signed], serialization.Encoding.DER)
    return with_file("smime.p7s", "application/pkcs7-signature", data)


def pgp_key(address: str) -> bytes:
    """A user id packet (tag 13) inside a compressed one (tag 8), armoured."""
    user = f"Vera <{address}>".encode()
    packet = bytes([0xC0 | 13, len(user)]) + user
    squeezed = b"\x02" + zlib.compress(packet * 2)
    coded = base64.encodebytes(bytes([0xC0 | 8, len(squeezed)]) + squeezed).decode()
    text = f"-----BEGIN PGP PUBLIC KEY BLOCK-----\nVersion: x\n\n{coded}=abcd\n-----END PGP PUBLIC KEY BLOCK-----\n"
    return with_file("key.asc", "application/pgp-keys", text.encode())


def winmail(address: str) -> bytes:
    """Packed RTF whose every byte stands for itself."""
    rtf = rb"{\rtf1 write to " + address.replace("@", r"\'40").encode() + b"}"
    packed = b"".join(b"\0" + rtf[at : at + 8] for at in range(0, len(rtf), 8))
    data = struct.pack("<II4sI", len(packed) + 12, len(rtf), b"LZFu", 0) + packed
    return with_file("winmail.dat", "application/ms-tnef", SIGNATURE + b"\x01\x00" + data)


def wide_strings(address: str) -> bytes:
    """As the old Office formats and .msg keep them."""
    return with_file("a.msg", "application/octet-stream", b"\xd0\xcf\x11\xe0" + bytes(99) + address.encode("utf-16-le"))


PLANTS: dict[str, Plant] = {
    **{f"EXIF in {kind}": picture(kind) for kind in ("JPEG", "PNG", "WEBP", "TIFF")},
    "a compressed text in a PNG": compressed_text,
    "XMP in a JPEG": xmp,
    "a Windows tag in a JPEG": windows_tag,
    **{f"PDF: {place}": document(place) for place in PLACES},
    "office: properties": office("docProps/core.xml"),
    "office: comments": office("word/comments.xml", '<w:comment w:author="{}"/>'),
    "office: links": office("word/_rels/document.xml.rels", '<Relationship Target="mailto:{}"/>'),
    "office: split in runs": split_in_runs,
    **{
        f"archive: {kind}": archive(kind)
        for kind in ("zip", "names.zip", "comment.zip", "nested.zip", "gz", "bz2", "tar")
    },
    "a calendar": as_file("a.ics", "text/calendar", "BEGIN:VEVENT\r\nORGANIZER:mailto:{half}\r\n {rest}\r\nEND:VEVENT"),
    "a card": as_file(
        "a.vcf", "text/vcard", "BEGIN:VCARD\r\nEMAIL;ENCODING=QUOTED-PRINTABLE:{half}=\r\n{rest}\r\nEND:VCARD"
    ),
    "a table": as_file("a.csv", "text/csv", "name;mail\r\nVera;{address}\r\n"),
    "a vector drawing": as_file("a.svg", "image/svg+xml", "<svg><text>{half}<tspan>{rest}</tspan></text></svg>"),
    "rich text": as_file("a.rtf", "application/rtf", r"{{\rtf1 {half}\b0 {rest}}}"),
    "a mail inside": forwarded,
    "a mail as a file": mail_as_file,
    "a certificate": certificate,
    "a PGP key": pgp_key,
    "winmail.dat": winmail,
    "wide strings": wide_strings,
}
