"""Cases D1, D5, D6: files come out of a mail in number, with names, and where they are shown."""

from __future__ import annotations

import re

from tests.chatdesk.files.samples import picture
from tests.mail.cases.test_c_reading import entry_of
from tests.mail.people import O, V
from tests.mail.reading.makers import attached, multipart, packed_rtf, text, tnef
from tests.mail.sent import files_of, only, parsed, said
from tests.mail.world import World
from tickets.masking import shown_content_id
from tickets.models import Letter

MEGABYTE = 1_000_000


def from_v(world: World, *parts: bytes, kind: str = "mixed") -> bytes:
    head = f"From: {V.mailbox}\r\nTo: {world.t_v}\r\nSubject: Files\r\nMessage-ID: <files@{V.host}>\r\n"
    return head.encode() + multipart(*parts, kind=kind, boundary="top")


def test_d1_twelve_files_arrive_each_with_a_name_of_its_own(world: World) -> None:
    contents = [b"%02d words of a long list\n" % n * (MEGABYTE // 25) for n in range(12)]
    fields = [("text/plain; name=same.txt", "attachment")] * 2 + [("text/plain; name=bare.txt", "")]
    fields += [("text/plain", "attachment")] + [(f"text/plain; name=list-{n}.txt", "attachment") for n in range(4, 12)]
    parts = [attached(data, kind, where) for data, (kind, where) in zip(contents, fields, strict=True)]
    world.receives(from_v(world, text("Twelve files"), *parts), world.t_v)
    got = files_of(only(world).raw)
    assert sorted(got) == sorted(
        ["same.txt", "same (2).txt", "bare.txt", "file-4.txt", *[f"list-{n}.txt" for n in range(4, 12)]]
    )
    assert sorted(data.replace(b"\r\n", b"\n") for data in got.values()) == contents


def test_d5_images_in_the_text_are_shown_where_they_stand(world: World) -> None:
    html = text('<p>Before<img src="cid:one@v-house">between<img src="cid:two@v-house">after</p>', "text/html")
    one = attached(picture(), "image/png; name=one.png", "inline; filename=one.png", Content_ID="<one@v-house>")
    two = attached(picture(size=(9, 6)), "image/png; name=two.png", "", Content_ID="<two@v-house>")
    body = multipart(multipart(text("Before after"), html, kind="alternative", boundary="b"), one, two, kind="related",
                     boundary="c")  # fmt: skip
    entry = entry_of(world.receives(from_v(world, body), world.t_v))
    shown = Letter.objects.get(entry=entry).html
    cids = [shown_content_id("one@v-house"), shown_content_id("two@v-house")]
    assert re.findall(r'data-cid="([^"]+)"', shown) == cids
    assert shown.index("Before") < shown.index(cids[0]) < shown.index("between") < shown.index(cids[1])
    mail = only(world).raw
    inline = [part for part in parsed(mail).walk() if part.get_content_maintype() == "image"]
    assert [part.get_filename() for part in inline] == ["one.png", "two.png"]
    sent_cids = [part["Content-ID"].strip("<>") for part in inline]
    (page,) = [str(part.get_content()) for part in parsed(mail).walk() if part.get_content_subtype() == "html"]
    assert re.findall(r'src="cid:([^"]+)"', page) == sent_cids
    assert b"v-house" not in mail


def test_d6_winmail_is_unpacked_and_never_passed_on(world: World) -> None:
    inside = tnef(
        [("notes.txt", b"some notes")], packed_rtf(rb"{\rtf1\ansi Please see the notes.\par}", compressed=True)
    )
    entry = entry_of(
        world.receives(from_v(world, attached(inside, "application/ms-tnef; name=winmail.dat")), world.t_v)
    )
    assert entry.body == "Please see the notes."
    mail = only(world)
    assert mail.recipient == O.address
    assert "Please see the notes." in said(mail.raw)
    assert {name: data.strip() for name, data in files_of(mail.raw).items()} == {"notes.txt": b"some notes"}
    assert b"ms-tnef" not in mail.raw
    assert b".dat" not in mail.raw
