"""Cases A10, A12, A13: whatever bytes come, they are read as far as they can be, and kept."""

from __future__ import annotations

import random
import time

import pytest

from tests.mail.office import Office, files, of, said
from tests.mail.reading.makers import attached, mail, packed_rtf, text, tnef
from tests.mail.reading.test_read_parts import UNREADABLE
from tests.mail.reading.test_trim_replies import SAMPLES
from tickets.models import IncomingMail
from tickets.reading.message import read
from tickets.reading.visible import visible_text

SEED = 20261122
BROKEN = 600
THROUGH = 40


def samples() -> list[bytes]:
    """Whole mails of every make: the replies of many programs, each in another charset and encoding."""
    made = []
    for number, (_name, words, _shown) in enumerate(SAMPLES):
        charset = ("utf-8", "utf-16", "utf-7", "gb18030")[number % 4]
        part = attached(words.encode(charset), f"text/plain; charset={charset}", "")
        made.append(
            mail(part, attached(words.encode(), "application/pdf; name=a.pdf"), head=f"Message-ID: <{number}@x>\r\n")
        )
    return [*made, *UNREADABLE.values(), mail(attached(tnef([("a.doc", b"x")]), "application/ms-tnef"))]


def broken(raw: bytes, chance: random.Random) -> bytes:
    """The same mail cut, turned, doubled or with noise in it."""
    raw = raw[:6000]
    at, end = sorted(chance.randrange(len(raw) + 1) for _ in range(2))
    return chance.choice(
        [
            raw[:at],
            raw[at:],
            raw[:at] + chance.randbytes(end - at) + raw[end:],
            raw[:end] + raw[at:],
            raw.replace(b"\r\n", b"\n"),
            raw.replace(b"\r\n", b"\r"),
            raw.replace(b"=", b"=00"),
            raw[:at] + b"\0" * 50 + raw[at:],
            raw.replace(b"utf-8", b"x-none").replace(b"base64", b"8bit"),
        ]
    )


def mails_broken() -> list[bytes]:
    chance, whole = random.Random(SEED), samples()
    return [broken(chance.choice(whole), chance) for _ in range(BROKEN)]


def test_a10_broken_mails_are_read_without_an_error_and_at_once() -> None:
    for raw in [*samples(), *mails_broken()]:
        began = time.monotonic()
        visible_text(read(raw))
        assert time.monotonic() - began < 5


def test_a10_broken_mails_through_the_intake_are_each_kept(office: Office) -> None:
    """Each makes a message, and none stops the next."""
    for number, raw in enumerate(mails_broken()[:THROUGH]):
        began = time.monotonic()
        kept = office.gets(b"Subject: %d\r\n" % number + raw)
        assert kept.state == IncomingMail.State.DONE, (number, kept.error)
        assert said(of(kept))
        assert time.monotonic() - began < 5
    assert IncomingMail.objects.count() == THROUGH


@pytest.mark.parametrize("message_id", ["<[x]@y>", "<[123@[::1]]@host>", "<[20240506.1@relay]@>"])
def test_a10_an_odd_message_id_is_readable(office: Office, message_id: str) -> None:
    kept = office.gets(f"From: v.real@home.test\r\nMessage-ID: {message_id}\r\nSubject: s\r\n\r\nWords".encode())
    assert (kept.message_id, said(of(kept))) == (message_id, ["Words"])


CHARSETS = [
    ("Grüße – „gut“", "cp1252", 'charset="utf-8"'),
    ("请看合同，镕字", "gbk", "charset=gb2312"),
    ("日本語のメール", "iso2022_jp", ""),
    ("안녕하세요 똠방각하", "cp949", "charset=ks_c_5601-1987"),
    ("Grüße", "utf-8", "charset=X-UNKNOWN"),
    ("日本語のメール", "iso2022_jp", 'charset="_iso-2022-jp$ESC"'),
]


@pytest.mark.parametrize(("words", "real", "label"), CHARSETS)
def test_a12_text_is_readable_whatever_its_label_says(office: Office, words: str, real: str, label: str) -> None:
    kept = office.gets(mail(text(words.encode(real), f"text/plain; {label}"), head="Message-ID: <a@x>\r\n"))
    assert said(of(kept)) == [words]


@pytest.mark.parametrize(
    "disposition",
    [
        "attachment; filename*=koi8-r''%c6%c1%ca%cc.txt",
        'attachment; filename="=?koi8-r?B?xsHKzC50eHQ=?="',
        "attachment; filename*0*=koi8-r''%c6%c1; filename*1*=%ca%cc.txt",
    ],
)
def test_a12_names_of_files_are_right(office: Office, disposition: str) -> None:
    kept = office.gets(mail(text("Words"), attached(b"abc", "text/plain", disposition)))
    assert files(of(kept)) == ["файл.txt"]


def test_a13_winmail_only(office: Office) -> None:
    inside = tnef(
        [("notes.txt", b"some notes")], packed_rtf(rb"{\rtf1\ansi Please see the notes.\par}", compressed=True)
    )
    kept = office.gets(mail(attached(inside, "application/ms-tnef; name=winmail.dat")))
    assert said(of(kept)) == ["Please see the notes."]
    assert files(of(kept)) == ["notes.txt"]


def test_a13_a_winmail_without_words_lists_its_files(office: Office) -> None:
    kept = office.gets(mail(attached(tnef([("notes.txt", b"some notes")]), "application/ms-tnef; name=winmail.dat")))
    assert said(of(kept)) == ["(no text)"]
    assert files(of(kept)) == ["notes.txt"]
