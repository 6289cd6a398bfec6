"""Global Relay's mails: summary, participants, messages; split before they grow too large."""

from __future__ import annotations

from email.message import Message
from pathlib import Path

import pytest

from tests.transcripts.formats.cast import ALICE, SAM, VERA, Store, full_story, said, story, write
from tests.transcripts.formats.readers import letter, page, parts, read_globalrelay
from transcripts.formats import Person, Story, Written
from transcripts.formats.options import MIB, Options
from transcripts.formats.story import VISITOR

pytestmark = pytest.mark.once


def mails(folder: Path, *stories: Story, store: Store | None = None, **changes: object) -> list[Message]:
    write("globalrelay", list(stories), store or Store(), folder, **changes)
    return [letter(path.read_bytes()) for path in sorted(folder.glob("*.eml"))]


def html_of(message: Message) -> str:
    return parts(message)["text/html"].decode()


def cells(message: Message) -> list[list[str]]:
    table = html_of(message).partition('<table class="participants">')[2].partition("</table>")[0]
    rows = [row.split("<td>")[1:] for row in table.split("<tr>")[2:]]
    return [[cell.partition("</td>")[0] for cell in row] for row in rows]


def test_headers_are_theirs(tmp_path: Path) -> None:
    store = Store()
    mails(tmp_path, full_story(store), store=store)
    message = letter((tmp_path / "A question - (Ab3-_xYz9) - 1.eml").read_bytes())
    assert message["From"] == VERA.email
    assert [each.strip() for each in message["To"].split(",")] == [VERA.email, ALICE.email, "system@system.invalid"]
    assert message["Subject"] == "Chatdesk Compliance Export: A question"
    assert message["Date"] == "Sun, 01 Mar 2026 09:40:15 +0000"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Precedence"] == "bulk"
    assert message["X-GlobalRelay-MsgType"] == "Chatdesk"
    assert message["X-Mattermost-ChannelName"] == "A question"
    assert message["X-Mattermost-ChannelID"] == "Ab3-_xYz9"
    assert message["X-Mattermost-ChannelType"] == "private"


def test_the_type_can_be_chosen(tmp_path: Path) -> None:
    (message,) = mails(tmp_path, story(), message_type="Mattermost")
    assert message["X-GlobalRelay-MsgType"] == "Mattermost"


def test_the_page_has_summary_people_and_messages(tmp_path: Path) -> None:
    store = Store()
    mails(tmp_path, full_story(store), store=store)
    message = letter((tmp_path / "A question - (Ab3-_xYz9) - 1.eml").read_bytes())
    html = html_of(message)
    for told in ("<h1>A question</h1>", "<b>Started:</b> 2026-03-01 09:30:15 UTC", "<b>Duration:</b> 0h10m0s"):
        assert told in html
    assert "<p>Exported on 2026-03-10 00:00:00 UTC</p>" in html
    people = {row[1]: row for row in cells(message)}
    assert people["@Alice"][:4] == ["operator-1", "@Alice", "user", ALICE.email]
    assert people["@Alice"][-2:] == ["0h9m58s", "5"]
    spans = [name for name, _ in page(html).spans]
    assert spans[:8] == ["post_id", "sent_time", "username", "userid", "postusername", "usertype", "email", "message"]
    files = [line for line in html.splitlines() if 'class="file"' in line]
    assert files == [
        '<li class="file">Uploaded file photo.png</li>',
        '<li class="file">Uploaded file bill.pdf</li>',
        '<li class="file">Deleted file photo.png</li>',
    ]
    assert [parts(message)[name] for name in ("photo.png", "bill.pdf")] == list(store.files.values())


def test_no_participants_is_no_failure(tmp_path: Path) -> None:
    """From = the first participant ended the whole job elsewhere."""
    (message,) = mails(tmp_path, story((), visitor=None, presences=()))
    assert message["From"] == message["To"] == "system@system.invalid"


def test_notes_go_by_themselves(tmp_path: Path) -> None:
    store = Store()
    write("globalrelay", [full_story(store)], store, tmp_path)
    inside = letter((tmp_path / "A question (internal) - (Ab3-_xYz9-internal) - 1.eml").read_bytes())
    assert {row[3] for row in cells(inside)} == {ALICE.email, SAM.email}
    assert VERA.email not in inside["To"]


def split(folder: Path, store: Store, told: Story, limit: int) -> Written:
    written = write("globalrelay", [told], store, folder, mail_bytes=limit)
    assert max(file.size for file in written.files) <= limit
    return written


def test_a_large_conversation_is_split_with_nothing_lost(tmp_path: Path) -> None:
    store = Store(chunk=10_000)
    files = [store.put(f"f{n}.bin", bytes([n]) * 40_000) for n in range(12)]
    events = [said(n, VERA, f"text {n} ä" * 5, kind="file", document=file) for n, file in enumerate(files)]
    told = story(tuple(events))
    written = split(tmp_path, store, told, 200_000)
    assert len(written.files) == 4
    assert sorted(seen.number for seen in read_globalrelay(tmp_path)) == list(range(12))
    names = [name for path in tmp_path.glob("*.eml") for name in parts(letter(path.read_bytes())) if name[0] == "f"]
    assert sorted(names) == sorted(file.name for file in files)


def test_long_texts_alone_are_split_too(tmp_path: Path) -> None:
    told = story(tuple(said(n, VERA, "\u4e00" * 3000) for n in range(1, 30)))
    written = split(tmp_path, Store(), told, 200_000)
    assert len(written.files) > 5
    assert len(list(read_globalrelay(tmp_path))) == 29


def test_texts_that_grow_when_they_are_written_stay_below_the_limit(tmp_path: Path) -> None:
    for number, text in enumerate(("\n" * 3000, "\x01" * 3000, "&'\"<" * 700, "=" * 3000, "\u4e00\ud800" * 900)):
        told = story(tuple(said(n, VERA, text) for n in range(1, 20)))
        split(tmp_path / str(number), Store(), told, 200_000)
        assert len(list(read_globalrelay(tmp_path / str(number)))) == 19


def test_a_file_too_large_to_send_is_left_out_and_said(tmp_path: Path) -> None:
    store = Store(chunk=100_000)
    told = story((said(1, VERA, "", kind="file", document=store.put("big.bin", bytes(300_000))),))
    written = split(tmp_path, store, told, 200_000)
    assert [(each.code, each.name) for each in written.warnings] == [("too-large", "big.bin")]
    html = html_of(letter(next(tmp_path.glob("*.eml")).read_bytes()))
    said_so = (
        "Uploaded file &quot;big.bin&quot; (id &#x27;Ab3-_xYz9.1&#x27;) was removed because it was too large to send."
    )
    assert said_so in html


def test_the_limit_is_theirs() -> None:
    assert Options.__dataclass_fields__["mail_bytes"].default == 250 * MIB


def test_batches_are_numbered_on(tmp_path: Path) -> None:
    write("globalrelay", [story()], Store(), tmp_path, batch=7)
    assert [path.name for path in tmp_path.iterdir()] == ["A question - (Ab3-_xYz9) - 7.eml"]


def test_a_name_of_markup_stays_text(tmp_path: Path) -> None:
    walt = Person("visitor-1", VISITOR, "<b>Walt</b>", "walt@mail.example")
    (message,) = mails(tmp_path, story((said(1, walt, "<script>x</script>"),), visitor=walt, subject="<i>"))
    assert page(html_of(message)).tags & {"b", "script", "i"} == {"b"}
    assert "<b>Walt" not in html_of(message)
