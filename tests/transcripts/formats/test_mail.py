"""EML and mbox: one mail per conversation that every mail program reads, and nobody smuggles a header into."""

from __future__ import annotations

import json
import mailbox
import re
from contextlib import closing
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import Path

import pytest

from tests.transcripts.formats.cast import ALICE, VERA, Store, at, full_story, said, story, write
from tests.transcripts.formats.readers import letter, parts
from tests.transcripts.formats.xlist import TEXTS, each_text
from transcripts.formats import Document, Person, Presence, Story
from transcripts.formats.mime import header
from transcripts.formats.mime import mailbox as box_of
from transcripts.formats.story import OPERATOR, VISITOR

pytestmark = pytest.mark.once

OURS = {
    *("Message-ID", "Date", "From", "To", "Subject", "Auto-Submitted", "MIME-Version", "Content-Type"),
    *(f"X-Chatdesk-{name}" for name in ("Conversation", "Site", "Group", "Button", "Channel", "Opened", "Closed")),
    *(f"X-Chatdesk-{name}" for name in ("Events", "Tags", "Holds", "Redacted", "Internal", "Head")),
}


def mails(folder: Path, *stories: Story, store: Store | None = None) -> list[Message]:
    write("eml", list(stories), store or Store(), folder)
    return [letter(path.read_bytes()) for path in sorted(folder.glob("*.eml"))]


def modern(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_headers_say_who_when_and_what(tmp_path: Path) -> None:
    store = Store()
    mails(tmp_path, full_story(store), store=store)
    message = modern((tmp_path / "Ab3-_xYz9.eml").read_bytes())
    assert message["Message-ID"] == "<Ab3-_xYz9.1@desk.example>"
    assert parsedate_to_datetime(message["Date"]) == at(1).replace(microsecond=0)
    assert (message["From"], message["Subject"]) == ("Vera <vera@mail.example>", "A question")
    assert message["To"] == "Alice <alice@desk.example>"
    assert message["X-Chatdesk-Conversation"] == "Ab3-_xYz9"
    assert message["X-Chatdesk-Closed"] == "2026-03-01T09:40:15.123456Z"
    assert message["X-Chatdesk-Head"] == "ab" * 32
    assert set(message.keys()) <= OURS


def test_a_mail_has_text_html_json_and_the_files(tmp_path: Path) -> None:
    store = Store()
    _, message = mails(tmp_path, full_story(store), store=store)
    found = parts(message)
    assert set(found) == {"text/plain", "text/html", "chat.json", "photo.png", "bill.pdf"}
    assert [found["photo.png"], found["bill.pdf"]] == list(store.files.values())
    assert message.get_content_type() == "multipart/mixed"
    assert b"[3] 2026-03-01 09:30:18 UTC Vera\r\n    My bill is wrong\r\n" in found["text/plain"]
    assert json.loads(found["chat.json"])["presences"][1]["person"]["name"] == "Alice"


def test_notes_are_a_mail_of_their_own(tmp_path: Path) -> None:
    store = Store()
    aside, message = mails(tmp_path, full_story(store), store=store)
    assert (aside["Subject"], aside["X-Chatdesk-Internal"]) == ("A question (internal)", "yes")
    assert "X-Chatdesk-Internal" not in message
    assert not any(b"Refund first" in part or b"Be gentle" in part for part in parts(message).values())
    assert "Vera" not in aside["To"] + aside["From"]


def test_nobody_there_is_no_failure(tmp_path: Path) -> None:
    (message,) = mails(tmp_path, story((), visitor=None, presences=()))
    assert message["From"] == "Example Ltd <system@system.invalid>"
    assert message["To"] == "nobody:;"
    assert message["Message-ID"] == "<Ab3-_xYz9.0@desk.example>"


def hostile(text: str, ref: str) -> Story:
    vera, alice = Person("visitor-1", VISITOR, text, text), Person("operator-1", OPERATOR, text, text)
    words = dict.fromkeys(("subject", "group", "site", "button", "channel"), text)
    events, presences = (said(1, vera, text),), (Presence(alice, at(0)),)
    return story(events, ref=ref, visitor=vera, presences=presences, tags=(text,), holds=(text,), **words)


def test_x06_no_text_makes_a_header_or_an_address(tmp_path: Path) -> None:
    for number, text in enumerate(TEXTS):
        (message,) = mails(tmp_path / str(number), hostile(text, f"ref{number}"))
        assert set(message.keys()) <= OURS
        assert len(message.keys()) == len(set(message.keys()))
        for name in ("From", "To"):
            ((_, address),) = getaddresses([message[name]])
            assert address in (text, "visitor-1@visitor.invalid", "operator-1@operator.invalid")


def test_no_line_of_a_head_is_longer_than_78(tmp_path: Path) -> None:
    mails(tmp_path, *(hostile(text, f"ref{number}") for number, text in enumerate(TEXTS)))
    for path in tmp_path.glob("*.eml"):
        head = path.read_bytes().partition(b"\r\n\r\n")[0]
        lines = [line for line in head.split(b"\r\n") if not line.startswith(b"X-Chatdesk-Head: ")]
        assert max(map(len, lines)) <= 78


@each_text
def test_subjects_come_back(text: str) -> None:
    message = modern(header("Subject", text) + b"\r\n")
    expected = "".join(
        " " if char in "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029" else char for char in text.replace("\r\n", " ")
    )
    pictures = {code: 0x2400 + code for code in range(32) if code != 9}
    expected = expected.translate(pictures | dict.fromkeys([0xFFFE, 0xFFFF, *range(0xD800, 0xE000)], 0xFFFD))
    assert str(message["Subject"]) == expected


def test_names_come_back() -> None:
    for name in ("Alice", "O'Hara, Ann", 'The "Boss"', "Zoë", "x" * 200, "a=?utf-8?q?b?="):
        message = message_from_bytes(f"From: {box_of(name, 'a@b.example')}\r\n\r\n".encode())
        ((shown, address),) = getaddresses([message["From"]])
        assert (str(make_header(decode_header(shown))), address) == (name, "a@b.example")


@pytest.mark.parametrize("kind", ["message/rfc822", "multipart/mixed", "text/html\r\nX: y", "", "nonsense"])
def test_odd_media_types_become_plain_bytes(kind: str, tmp_path: Path) -> None:
    store = Store()
    told = story((said(1, VERA, "", kind="file", document=store.put("a.eml", b"From: x\r\n\r\ny", kind)),))
    (message,) = mails(tmp_path, told, store=store)
    types = [part.get_content_type() for part in message.walk()]
    assert types[-1] == "application/octet-stream"
    assert parts(message)["a.eml"] == b"From: x\r\n\r\ny"


def test_long_file_names_come_back(tmp_path: Path) -> None:
    store = Store()
    name = "Rechnung für März und April " * 3 + ".pdf"
    told = story((said(1, VERA, "", kind="file", document=store.put(name, b"x")),))
    (message,) = mails(tmp_path, told, store=store)
    assert parts(message)[name] == b"x"
    lines = next(tmp_path.glob("*.eml")).read_bytes().split(b"\r\n")
    assert max(len(line) for line in lines if not line.startswith(b"X-Chatdesk-Head: ")) <= 78


def test_a_missing_file_is_said_where_it_would_be(tmp_path: Path) -> None:
    document = Document("bill.pdf", "application/pdf", 5, "ab" * 32)
    (message,) = mails(tmp_path, story((said(1, VERA, "", kind="file", document=document),)))
    last = list(message.walk())[-1].get_payload(decode=True)
    assert last == b"File bill.pdf: the file was not found in the storage.\r\n"


def test_the_mbox_is_mboxrd(tmp_path: Path) -> None:
    store = Store()
    lines = "From me\n>From me\n>>From you"
    told = [story((said(1, VERA, lines),)), full_story(store), story((), ref="zero")]
    write("mbox", told, store, tmp_path)
    raw = (tmp_path / "chats.mbox").read_bytes()
    assert b"\r" not in raw
    starts = re.findall(rb"(?m)^From .*$", raw)
    assert starts[0] == b"From vera@mail.example Sun Mar 01 09:30:16 2026"
    assert len(starts) == 4
    assert all(re.fullmatch(rb"From \S+@\S+ \w{3} \w{3} \d\d \d\d:\d\d:\d\d \d{4}", start) for start in starts)
    with closing(mailbox.mbox(tmp_path / "chats.mbox", create=False)) as box:
        messages = list(box)
    subjects, first = [message["Subject"] for message in messages], parts(messages[0])
    assert subjects == ["A question", "A question", "A question (internal)", "A question"]
    assert json.loads(first["chat.json"])["events"][0]["text"] == lines


def test_the_same_mail_in_both(tmp_path: Path) -> None:
    told = story((said(1, ALICE, "Grüße\nFrom here"),))
    write("eml", [told], Store(), tmp_path)
    write("mbox", [told], Store(), tmp_path / "mbox")
    mbox = (tmp_path / "mbox" / "chats.mbox").read_bytes().partition(b"\n")[2].removesuffix(b"\n")
    unquoted = re.sub(rb"(?m)^>(>*From )", rb"\1", mbox).replace(b"\n", b"\r\n")
    assert unquoted == (tmp_path / "Ab3-_xYz9.eml").read_bytes()


def test_dates_are_in_utc_whatever_the_zone(tmp_path: Path) -> None:
    (message,) = mails(tmp_path, story((said(1, VERA, "x", at=datetime(2026, 7, 1, 12, tzinfo=UTC)),)))
    assert message["Date"] == "Wed, 01 Jul 2026 12:00:00 +0000"
