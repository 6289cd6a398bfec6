"""The parts of a mail: which are its words, which are files, and what the files are called."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.mail.reading.makers import attached, mail, multipart, text
from tickets.reading.message import Message, read
from tickets.reading.structure import MAX_DEPTH, MAX_PARTS
from tickets.reading.visible import visible_text

pytestmark = pytest.mark.once

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


def names(message: Message) -> list[str]:
    return [each.name for each in message.files]


def test_plain_text_is_taken_where_both_are() -> None:
    both = multipart(text("plain words"), text("<p>html words", "text/html"), kind="alternative", boundary="in")
    message = read(mail(both))
    assert (message.text, message.html, message.files) == ("plain words", "<p>html words", ())


def test_texts_beside_each_other_are_all_read() -> None:
    message = read(
        mail(text("one"), text("<p>two</p>", "text/html"), attached(b"x", "image/png; name=a.png"), text("three"))
    )
    assert message.text == "one\n\ntwo\n\nthree"
    assert message.html == "<pre>one</pre>\n<p>two</p>\n<pre>three</pre>"
    assert names(message) == ["a.png"]


def test_html_in_several_pieces_of_one_alternative_is_one() -> None:
    """As Apple Mail writes: a file in the middle of the HTML."""
    html = multipart(
        text("<p>above", "text/html"),
        attached(b"%PDF-", "application/pdf", "inline; filename=a.pdf"),
        text("<p>below", "text/html"),
        kind="mixed",
        boundary="in",
    )
    message = read(mail(text("all of it"), html, kind="alternative"))
    assert (message.text, message.html, names(message)) == ("all of it", "<p>above\n<p>below", ["a.pdf"])


def test_an_image_is_inline_only_if_the_html_shows_it() -> None:
    shown = attached(PNG, "image/png", "", Content_ID="<logo@x>")
    other = attached(PNG, "image/png; name=b.png", "inline", Content_ID="<other@x>")
    both = multipart(text('<img src="cid:logo@x">', "text/html"), shown, other, kind="related", boundary="in")
    found = [(each.name, each.content_id, each.is_inline) for each in read(mail(both)).files]
    assert found == [("file-1.png", "logo@x", True), ("b.png", "other@x", False)]


def test_an_escaped_reference_is_one_too() -> None:
    part = attached(PNG, "image/png", "", Content_ID="<a b&c>")
    message = read(mail(text("<img src='cid:a%20b&amp;c'>", "text/html"), part))
    assert [each.is_inline for each in message.files] == [True]


def test_a_named_text_is_a_file() -> None:
    message = read(
        mail(text("words"), text("log", "text/plain; name=a.log"), text("x", Content_Disposition="attachment"))
    )
    assert (message.text, names(message)) == ("words", ["a.log", "file-2.txt"])


def test_a_whole_mail_inside_is_a_file() -> None:
    inner = b"From: X <x.real@stranger.test>\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\r\nhidden words"
    message = read(mail(text("see below"), text(inner, "message/rfc822"), text(inner, "message/rfc822")))
    assert (message.text, names(message)) == ("see below", ["Grüße.eml", "Grüße (2).eml"])
    assert message.files[0].data == inner


def test_parts_of_a_report_are_files() -> None:
    message = read(mail(text("It failed"), text("Status: 5.1.1", "message/delivery-status"), kind="report"))
    assert (message.media_type, message.text) == ("multipart/report", "It failed")
    assert [(each.media_type, each.data) for each in message.files] == [("message/delivery-status", b"Status: 5.1.1")]


@pytest.mark.parametrize(
    ("raw", "is_encrypted"),
    [
        (mail(text("Version: 1", "application/pgp-encrypted"), kind="encrypted"), True),
        (mail(attached(b"x", "application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m")), True),
        (mail(attached(b"x", "application/x-pkcs7-mime; name=smime.p7m")), True),
        (mail(attached(b"x", "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m")), False),
        (mail(text("\r\n-----BEGIN PGP MESSAGE-----\r\nabc")), True),
        (mail(multipart(text("v"), kind="encrypted", boundary="in")), True),
        (mail(text("I like PGP")), False),
    ],
)
def test_encrypted_mail_is_told(raw: bytes, is_encrypted: bool) -> None:
    assert read(raw).is_encrypted == is_encrypted


NAMES = [
    ('attachment; filename="../../x.pdf"', "x.pdf"),
    (r'attachment; filename="..\..\x.pdf"', "x.pdf"),
    ("attachment; filename*=utf-8''%E2%80%AEfdp.exe", "fdp.exe"),
    ("attachment; filename*=utf-8''a%00b.pdf", "ab.pdf"),
    ("attachment; filename*=koi8-r''%c6%c1%ca%cc.txt", "файл.txt"),
    ('attachment; filename="=?koi8-r?B?xsHKzC50eHQ=?="', "файл.txt"),
    ('attachment; filename="' + "x" * 300 + '.pdf"', "x" * 116 + ".pdf"),
    ('attachment; filename="' + "é" * 300 + '.pdf"', "é" * 116 + ".pdf"),
    ('attachment; filename="' + "字" * 300 + '.pdf"', "字" * 78 + ".pdf"),
    ("attachment", "file-1.pdf"),
    ('attachment; filename=""', "file-1.pdf"),
    ('attachment; filename="..."', "file-1.pdf"),
    ("attachment; filename=a b.pdf", "a b.pdf"),
]


@pytest.mark.parametrize(("disposition", "name"), NAMES)
def test_names_are_read_and_made_harmless(disposition: str, name: str) -> None:
    assert names(read(mail(attached(b"%PDF-", "application/pdf", disposition)))) == [name]


def test_same_names_are_numbered() -> None:
    parts = [attached(b"1", f"text/csv; name={name}") for name in ("a.csv", "A.csv", "a.csv", "a (2).csv", "b", "b")]
    assert names(read(mail(*parts))) == ["a.csv", "A (2).csv", "a (3).csv", "a (2) (2).csv", "b", "b (2)"]


@pytest.mark.parametrize("body", [b"DQo=", b"", b"\r\n", b"Cg=="])
def test_an_empty_text_in_base64_is_an_empty_text(body: bytes) -> None:
    message = read(mail(text(body, Content_Transfer_Encoding="base64"), attached(b"x", "text/csv; name=a.csv")))
    assert (message.text.strip(), message.is_readable, names(message)) == ("", True, ["a.csv"])


BODY = "Grüße — 5 €\r\nSecond line = fine"


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("8bit", BODY.encode()),
        ("", BODY.encode()),
        ("X-UNKNOWN", BODY.encode()),
        ("quoted-printable", b"Gr=C3=BC=C3=9Fe =E2=80=94 5 =\r\n=E2=82=AC\r\nSecond line =3D fine"),
        ("Quoted-Printable ", b"Gr=c3=bc=C3=9Fe =E2=80=94 5 =E2=82=AC  \r\nSecond line = fine"),
        ("base64", b"R3LDvMOfZSDigJQgNSDigqwNClNl\r\nY29uZCBsaW5lID0gZmluZQ=="),
        ('"BASE64"', b"R3LDvMOfZSDigJQgNSDigqwNClNlY29uZCBsaW5lID0gZmluZQ"),
        ("base64", BODY.encode()),  # it says so, and is not
        ("x-uuencode", b"begin 644 a\n?1W+#O,.?92#BB)0@-2#B@JP-\n"),
    ],
)
def test_transfer_encodings_are_undone(encoding: str, body: bytes) -> None:
    field = f"Content-Transfer-Encoding: {encoding}\r\n" if encoding else ""
    message = read(f"From: a@b\r\nContent-Type: text/plain; charset=utf-8\r\n{field}\r\n".encode() + body)
    assert message.text.split("\n")[0].rstrip()[:6] == "Grüße "
    assert message.is_readable


@pytest.mark.parametrize(
    "raw",
    [
        b"From someone Mon May  6 10:12:00 2024\r\nFrom: a@b\r\nSubject: s\r\n\r\nwords",
        b"\r\n\r\nFrom: a@b\r\nSubject: s\r\n\r\nwords",
        b"From: a@b\nSubject: s\n\nwords",
        b"From: a@b\rSubject: s\r\rwords",
        b"From: a@b\r\nSubject: s\r\n>From x\r\nX: y\r\n\r\nwords",
        b"From: a@b\r\nSubject: s\r\nwords",
    ],
)
def test_odd_beginnings_and_line_ends_are_read(raw: bytes) -> None:
    message = read(raw)
    assert (message.subject, message.text.strip(), message.senders[0].address) == ("s", "words", "a@b")


def test_a_missing_last_boundary_and_a_boundary_in_another_are_read() -> None:
    raw = (
        b"From: a@b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\nbefore\r\n--b\r\n"
        b"Content-Type: multipart/mixed; boundary=bb\r\n\r\n--bb\r\n\r\ninner --b x\r\n--bb--\r\nafter\r\n"
        b"--b \t\r\n\r\nouter"
    )
    assert read(raw).text == "inner --b x\n\nouter"


def test_a_multipart_without_its_boundary_is_text() -> None:
    assert read(b"From: a@b\r\nContent-Type: multipart/mixed\r\n\r\nwords").text == "words"
    assert read(b"From: a@b\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\nwords").text == "words"


UNREADABLE = {
    "random bytes": bytes(range(256)) * 250,
    "no header at all": b"just words",
    "nested without end": b"From: a@b\r\n"
    + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(MAX_DEPTH + 2)),
    "too many parts": mail(*[b"\r\nx"] * (MAX_PARTS + 1)),
    "base64 that is none": b"From: a@b\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%%%%%%",
    "noise as text": b"From: a@b\r\nContent-Type: text/plain\r\n\r\n" + bytes(range(256)) * 100,
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_mail_or_too_tangled_says_so(name: str) -> None:
    assert read(UNREADABLE[name]).is_readable is False


@pytest.mark.parametrize(
    ("kind", "size", "name"), [("plain", 9_000_000, "file-1.txt"), ("html", 2_100_000, "file-1.html")]
)
def test_a_text_of_many_megabytes_is_a_file(kind: str, size: int, name: str) -> None:
    message = read(f"From: a@b\r\nContent-Type: text/{kind}\r\n\r\n".encode() + b"x" * size)
    assert (message.text, message.html, names(message), len(message.files[0].data)) == ("", "", [name], size)
    assert message.is_readable is False


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=400), st.sampled_from(sorted(UNREADABLE)), st.integers(0, 2000))
def test_nothing_raises(noise: bytes, name: str, at: int) -> None:
    raw = UNREADABLE[name][:at] + noise + UNREADABLE[name][at : at + 3000]
    for each in (noise, raw, b"Content-Type: multipart/mixed; boundary=a\n\n--a\n" + noise + b"\n--a\n" + raw):
        visible_text(read(each))


@given(st.lists(st.binary(max_size=60), min_size=1, max_size=8))
def test_every_file_comes_out_as_it_went_in(contents: list[bytes]) -> None:
    message = read(mail(*[attached(data, "application/octet-stream") for data in contents]))
    assert [each.data for each in message.files] == contents
    assert len(set(names(message))) == len(contents)
    assert [each.index for each in message.files] == [*range(len(contents))]
