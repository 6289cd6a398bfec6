"""What a file is: by its first bytes, then by its name and declared type."""

from __future__ import annotations

import re
from enum import StrEnum

from tickets.masking.files.images.heic import BRANDS


class Kind(StrEnum):
    JPEG = "jpeg"
    PNG = "png"
    GIF = "gif"
    WEBP = "webp"
    TIFF = "tiff"
    HEIC = "heic"
    FILM = "film"
    SOUND = "sound"
    PDF = "pdf"
    ZIP = "zip"
    OLE = "ole"
    TNEF = "tnef"
    PROGRAM = "program"
    PAGE = "page"
    CALENDAR = "calendar"
    CARD = "card"
    SIGNATURE = "signature"
    KEY = "key"
    SECRET = "secret"  # noqa: S105 - an encrypted file
    DATA = "data"
    TEXT = "text"
    OTHER = "other"


_STARTS: tuple[tuple[bytes, Kind], ...] = (
    (b"\xff\xd8\xff", Kind.JPEG),
    (b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (b"GIF87a", Kind.GIF),
    (b"GIF89a", Kind.GIF),
    (b"II*\0", Kind.TIFF),
    (b"MM\0*", Kind.TIFF),
    (b"ID3", Kind.SOUND),
    (b"PK\x03\x04", Kind.ZIP),
    (b"PK\x05\x06", Kind.ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind.OLE),
    (b"\x78\x9f\x3e\x22", Kind.TNEF),
    (b"MZ", Kind.PROGRAM),
    (b"\x7fELF", Kind.PROGRAM),
    (b"#!", Kind.PROGRAM),
    (b"\xca\xfe\xba\xbe", Kind.PROGRAM),
    (b"\xcf\xfa\xed\xfe", Kind.PROGRAM),
    (b"\xce\xfa\xed\xfe", Kind.PROGRAM),
    (b"L\0\0\0\x01\x14\x02", Kind.PROGRAM),
    (b"dex\n", Kind.PROGRAM),
)
_ENDINGS: dict[Kind, str] = {
    Kind.PROGRAM: "exe com scr pif msi bat cmd ps1 vbs vbe js mjs jse wsf wsh hta lnk url scf reg jar apk app dmg iso "
    "img cpl dll chm docm dotm xlsm xltm pptm potm sh desktop webloc",
    Kind.PAGE: "html htm xhtml xht mht mhtml svg svgz shtml",
    Kind.CARD: "vcf vcard eml msg mbox mbx emlx oft",
    Kind.SIGNATURE: "p7s sig",
    Kind.KEY: "cer crt pem der",
    Kind.SECRET: "p7m p12 pfx pgp gpg",
    Kind.CALENDAR: "ics ical ifb",
    Kind.DATA: "csv tsv json xml yaml yml ini conf sql",
}
_BY_ENDING = {ending: kind for kind, endings in _ENDINGS.items() for ending in endings.split()}
_BY_TYPE = {
    "application/pkcs7-signature": Kind.SIGNATURE,
    "application/x-pkcs7-signature": Kind.SIGNATURE,
    "application/pgp-signature": Kind.SIGNATURE,
    "application/pgp-keys": Kind.KEY,
    "application/pgp-encrypted": Kind.SIGNATURE,
    "application/pkcs7-mime": Kind.SECRET,
    "application/x-pkcs7-mime": Kind.SECRET,
    "application/pkix-cert": Kind.KEY,
    "application/x-x509-ca-cert": Kind.KEY,
    "application/ms-tnef": Kind.TNEF,
    "message/rfc822": Kind.CARD,
    "message/global": Kind.CARD,
    "text/rfc822-headers": Kind.CARD,
    "message/delivery-status": Kind.CARD,
    "text/vcard": Kind.CARD,
    "text/x-vcard": Kind.CARD,
    "text/directory": Kind.CARD,
    "text/calendar": Kind.CALENDAR,
    "text/html": Kind.PAGE,
    "image/svg+xml": Kind.PAGE,
    "application/xhtml+xml": Kind.PAGE,
    "text/csv": Kind.DATA,
    "application/json": Kind.DATA,
    "application/xml": Kind.DATA,
    "text/xml": Kind.DATA,
}
_ARMOUR = re.compile(
    r"-----BEGIN (PGP MESSAGE|PGP SIGNATURE|PGP [A-Z ]*KEY BLOCK|CERTIFICATE|PKCS7|[A-Z ]*PRIVATE KEY)-----"
)
_PAGE = re.compile(r"\s*<(?:!doctype html|html|svg|script|body|head|iframe)\b|<(?:script|svg|iframe)\b", re.IGNORECASE)
_MAIL = re.compile(
    r"(?:From |(?:Return-Path|Received|From|MIME-Version|Delivered-To|Message-ID|X-[\w-]+): ?\S)", re.IGNORECASE
)
_MAIL_HEAD = re.compile(r"^(?:From|To|Subject|Date|Message-ID|MIME-Version):", re.IGNORECASE | re.MULTILINE)
_HEAD = 4096


def kind_of(name: str, media_type: str, data: bytes) -> Kind:
    """By content where that is clear; TEXT and OTHER only if nothing says more."""
    for start, kind in _STARTS:
        if data.startswith(start):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Kind.WEBP
    if data[4:8] == b"ftyp":
        return Kind.HEIC if data[8:12] in BRANDS else Kind.FILM
    if b"%PDF-" in data[:1024]:
        return Kind.PDF
    return _told(name, media_type) or Kind.OTHER


def _told(name: str, media_type: str) -> Kind | None:
    ending = name.rpartition(".")[2].strip().lower()
    return _BY_TYPE.get(media_type.partition(";")[0].strip().lower()) or _BY_ENDING.get(ending)


def kind_of_text(text: str, told: Kind) -> Kind:
    """What a text is, where its beginning says more than what was told of it."""
    start = text[:_HEAD].lstrip("\ufeff \r\n\t")
    upper = start[:40].upper()
    armour = _ARMOUR.search(start)
    if armour:
        return _of_armour(armour[1])
    if upper.startswith("BEGIN:VCARD"):
        return Kind.CARD
    if upper.startswith("BEGIN:VCALENDAR"):
        return Kind.CALENDAR
    if _PAGE.match(start):
        return Kind.PAGE
    if _MAIL.match(start) and len(_MAIL_HEAD.findall(start)) >= 3:
        return Kind.CARD
    return Kind.TEXT if told in (Kind.OTHER, Kind.CALENDAR) else told


def _of_armour(what: str) -> Kind:
    if what == "PGP MESSAGE":
        return Kind.SECRET
    return Kind.SIGNATURE if what in ("PGP SIGNATURE", "PKCS7") else Kind.KEY
