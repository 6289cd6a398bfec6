"""The mails of the intake bench: 50 KB each, text and HTML with a quote, one in ten with a PDF of 1 MB."""

from __future__ import annotations

import random
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage

WORDS = [
    "the",
    "lamp",
    "order",
    "number",
    "delivery",
    "colour",
    "light",
    "cable",
    "Tuesday",
    "invoice",
    "paper",
    "please",
    "thanks",
    "wall",
    "garden",
    "two",
]
TEXT_CHARS, HTML_CHARS, FILE_BYTES = 14_000, 34_000, 1_000_000
ONE_IN = 10


def mails(count: int, seed: int = 4) -> Iterator[bytes]:
    """The same mails for the same seed."""
    chance = random.Random(seed)
    paper = a_pdf(chance)
    for number in range(count):
        yield _mail(number, chance, paper if number % ONE_IN == 0 else b"")


def a_pdf(chance: random.Random) -> bytes:
    """One page and a picture's worth of bytes that can't be packed."""
    picture = chance.randbytes(FILE_BYTES)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Resources<<>>>>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(picture), picture),
    ]
    content, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    return content + head + table + b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(content)


def _mail(number: int, chance: random.Random, paper: bytes) -> bytes:
    mail = EmailMessage(policy.SMTP)
    mail["From"] = f"Visitor {number} <visitor{number}@home{number % 50}.test>"
    mail["To"] = "support@relay.test"
    mail["Subject"] = f"About my lamp {number}"
    mail["Message-ID"] = f"<{number}.{chance.getrandbits(64):x}@home.test>"
    mail["Date"] = "Sun, 22 Nov 2026 10:00:00 +0000"
    mail["Received"] = "from mx.home.test by mx.relay.test; Sun, 22 Nov 2026 10:00:00 +0000"
    own, quoted = _lines(chance, TEXT_CHARS // 2), _lines(chance, TEXT_CHARS // 2)
    mail.set_content("\n".join([*own, "", "On Saturday, Bob wrote:", *(f"> {line}" for line in quoted)]))
    paragraphs = "".join(f"<p class='x'>{line} <a href='https://shop.test/'>shop</a></p>\n" for line in own)
    filling = "".join(f"<td>{line}</td>\n" for line in _lines(chance, HTML_CHARS - 2 * len(paragraphs)))
    mail.add_alternative(f"<html><body>{paragraphs}<table><tr>{filling}</tr></table></body></html>", subtype="html")
    if paper:
        mail.add_attachment(paper, maintype="application", subtype="pdf", filename=f"paper{number}.pdf")
    return mail.as_bytes()


def _lines(chance: random.Random, chars: int) -> list[str]:
    lines, length = [], 0
    while length < chars:
        line = " ".join(chance.choices(WORDS, k=11))
        lines.append(line)
        length += len(line) + 1
    return lines
