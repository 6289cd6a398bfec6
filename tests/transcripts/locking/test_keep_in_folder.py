"""From the end of a conversation to a copy that its key alone opens, in a plain folder."""

from __future__ import annotations

import json
import zipfile
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.models import AuditEntry
from chatdesk.actions.conversations import close_by_operator
from chatdesk.actions.entries import post_entry
from chatdesk.actions.erasing import erase
from chatdesk.actions.files.storing import place_of
from chatdesk.actions.reopening import reopen
from chatdesk.models import Conversation
from tests.factories import Cast, make_participant
from tests.transcripts.exporting.archive import talked
from tests.transcripts.locking.stage import MARKER, again_at_once, ended, locked, switch_on
from tests.transcripts.retention.stage import policy
from transcripts.actions import heads
from transcripts.actions.locking import keeping, places
from transcripts.actions.locking.keeping import keep_due
from transcripts.actions.locking.keys import NoKey, key_of, known_key
from transcripts.actions.retaining.parts import remove_contact, remove_notes
from transcripts.models import DataKey, LockedCopy
from transcripts.proof.commitment import encoded
from transcripts.verify.__main__ import UNREADABLE, WHOLE, main

State = LockedCopy.State


def opened(copy: LockedCopy, out: Path) -> zipfile.ZipFile:
    call_command("open_locked", copy.ref, out=out, reason="a test", stdout=StringIO())
    return zipfile.ZipFile(out)


def bytes_of(copy: LockedCopy) -> bytes:
    return (places.folder() / copy.name).read_bytes()


def test_nothing_is_asked_for_while_it_is_off(cast: Cast) -> None:
    ended(cast)
    assert not LockedCopy.objects.exists()
    assert keep_due() == 0


def test_the_end_of_a_conversation_is_one_row(cast: Cast) -> None:
    switch_on()
    chat = talked(cast, "Hello")
    copy = LockedCopy.objects.get()
    assert (copy.conversation, copy.ref, copy.state) == (chat, chat.ref, State.WAITING)
    assert copy.last == chat.record_chain.sealed_count
    assert not DataKey.objects.exists()
    assert not places.folder().exists()


def test_kept_and_opened_and_whole(cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    switch_on()
    copy = locked(cast, files=2, note="internal")
    assert (copy.state, copy.version, copy.mode, copy.trouble) == (State.KEPT, "", "", "")
    assert copy.key == DataKey.objects.get().name
    assert MARKER.encode() not in bytes_of(copy)
    assert len(bytes_of(copy)) == copy.size
    found = opened(copy, tmp_path / "open.zip")
    assert MARKER in found.read("records/records.jsonl").decode()
    assert len([name for name in found.namelist() if name.startswith("files/")]) == 2
    assert main([str(tmp_path / "open.zip")]) == WHOLE
    said = capsys.readouterr().out
    assert f"1 conversations, {copy.last} records, 2 files" in said
    assert "not closed" not in said


def test_verify_says_that_it_is_locked(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    switch_on()
    copy = locked(cast)
    assert main([str(places.folder() / copy.name)]) == UNREADABLE
    assert "is locked: it needs the key" in capsys.readouterr().err


def test_it_waits_for_a_head_that_knows_of_the_end(cast: Cast) -> None:
    switch_on()
    talked(cast, "Hello")
    assert keep_due() == 0
    assert LockedCopy.objects.get().tries == 0
    heads.sign()
    assert keep_due() == 1


def test_it_waits_ten_minutes_and_no_longer(cast: Cast) -> None:
    switch_on()
    talked(cast, "Hello")
    LockedCopy.objects.update(asked_at=timezone.now() - timedelta(minutes=10))
    assert keep_due() == 1


def test_the_set_days_or_the_policy_whichever_is_longer(cast: Cast) -> None:
    switch_on(days=30)
    first = locked(cast)
    assert first.conversation
    assert first.conversation.closed_at
    assert first.until
    assert first.until == (first.conversation.closed_at + timedelta(days=30)).replace(microsecond=0)
    policy(keep_days=90)
    second = locked(cast, guest=cast.walt)
    assert second.conversation
    assert second.conversation.closed_at
    assert second.until == (second.conversation.closed_at + timedelta(days=90)).replace(microsecond=0)
    policy(cast.sales, keep_days=3_000_000)
    third = locked(cast, guest=cast.walt)
    assert third.until
    assert third.until.year == timezone.now().year + 100


def test_taken_up_again_and_ended_again_there_are_two(cast: Cast, tmp_path: Path) -> None:
    switch_on()
    first = locked(cast)
    chat = Conversation.objects.get()
    assert reopen(chat, gettext_lazy("It goes on."))
    post_entry(chat, make_participant(chat), "One more thing", "again")
    assert LockedCopy.objects.count() == 1
    close_by_operator(cast.alice, chat.ref)
    heads.sign()
    assert keep_due() == 1
    second = LockedCopy.objects.latest("pk")
    assert second.last > first.last
    assert second.key == first.key
    assert second.name != first.name
    assert "One more thing" in opened(second, tmp_path / "newest.zip").read("records/records.jsonl").decode()


def test_taken_up_before_it_was_copied_the_part_that_ended_is_copied(cast: Cast, tmp_path: Path) -> None:
    switch_on()
    chat = ended(cast)
    assert reopen(chat, gettext_lazy("It goes on."))
    post_entry(chat, make_participant(chat), "Not part of it", "again")
    assert keep_due() == 1
    said = opened(LockedCopy.objects.get(), tmp_path / "o.zip").read("records/records.jsonl").decode()
    assert MARKER in said
    assert "Not part of it" not in said
    assert main([str(tmp_path / "o.zip")]) == WHOLE


def test_deleted_at_the_visitors_wish_no_copy_tells_it(cast: Cast, tmp_path: Path) -> None:
    """The old one is unreadable from that moment; what is left is copied under another key."""
    switch_on()
    old = locked(cast)
    before = bytes_of(old)
    erase(Conversation.objects.get())
    old.refresh_from_db()
    assert old.state == State.SHREDDED
    assert not DataKey.objects.exists()
    heads.sign()
    assert keep_due() == 1
    new = LockedCopy.objects.get(state=State.KEPT)
    assert new.key != old.key
    assert bytes_of(old) == before
    said = opened(new, tmp_path / "left.zip").read("records/records.jsonl").decode()
    assert MARKER not in said
    assert main([str(tmp_path / "left.zip")]) == WHOLE
    with pytest.raises(CommandError, match="no key for it"):
        call_command("open_locked", file=places.folder() / old.name, out=tmp_path / "old.zip", reason="curious")
    assert not (tmp_path / "old.zip").exists()


def test_deleted_while_open_it_is_copied_without_its_words(cast: Cast, tmp_path: Path) -> None:
    switch_on()
    chat = talked(cast, MARKER, closed=False)
    erase(chat)
    heads.sign()
    assert keep_due() == 1
    assert MARKER not in opened(LockedCopy.objects.get(), tmp_path / "o.zip").read("records/records.jsonl").decode()


def test_a_part_that_goes_by_rule_goes_from_the_copies(cast: Cast, tmp_path: Path) -> None:
    switch_on()
    old = locked(cast, note="a secret remark")
    remove_notes(Conversation.objects.get().pk)
    remove_contact(Conversation.objects.get().pk)
    old.refresh_from_db()
    assert old.state == State.SHREDDED
    assert LockedCopy.objects.filter(state=State.WAITING).count() == 1
    heads.sign()
    assert keep_due() == 1
    said = opened(LockedCopy.objects.get(state=State.KEPT), tmp_path / "o.zip").read("records/records.jsonl").decode()
    assert "a secret remark" not in said
    assert MARKER in said
    assert main([str(tmp_path / "o.zip")]) == WHOLE


def test_a_part_goes_of_what_was_never_copied(cast: Cast) -> None:
    ended(cast, note="a remark")
    switch_on()
    remove_notes(Conversation.objects.get().pk)
    assert not LockedCopy.objects.exists()


def test_deleted_while_the_copy_is_on_its_way(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """What arrives then has lost its key already, and what is left is asked for anew."""
    switch_on()
    ended(cast)
    put = places.InFolder.put

    def erased_meanwhile(self: places.InFolder, *args: Any) -> None:
        put(self, *args)
        erase(Conversation.objects.get())

    with monkeypatch.context() as moment:
        moment.setattr(places.InFolder, "put", erased_meanwhile)
        assert keep_due() == 1
    assert LockedCopy.objects.count() == 2
    assert sorted(LockedCopy.objects.values_list("state", flat=True)) == [State.SHREDDED, State.WAITING]
    heads.sign()
    assert keep_due() == 1
    assert LockedCopy.objects.filter(state=State.KEPT).count() == 1


def test_a_missing_file_is_said_and_stops_nothing(cast: Cast, tmp_path: Path) -> None:
    switch_on()
    chat = ended(cast, files=2)
    file = chat.files.order_by("pk")[0]
    default_storage.delete(place_of(file.key))
    assert keep_due() == 1
    found = opened(LockedCopy.objects.get(), tmp_path / "o.zip")
    [line] = found.read("warnings.jsonl").splitlines()
    assert json.loads(line)["expected"] == file.sha256 or json.loads(line)["what"] == "missing"
    assert len([name for name in found.namelist() if name.startswith("files/")]) == 1


def test_killed_after_the_put_it_is_found_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    switch_on()
    ended(cast)

    def killed(*args: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as moment:
        moment.setattr(keeping, "_note", killed)
        with pytest.raises(KeyboardInterrupt):
            keep_due()
    [stored] = [each for each in places.folder().rglob("*") if each.is_file()]
    before = stored.read_bytes()
    assert keep_due() == 0  # another worker may still have it
    again_at_once()
    assert keep_due() == 1
    assert stored.read_bytes() == before
    copy = LockedCopy.objects.get()
    assert (copy.state, copy.size, copy.tries) == (State.KEPT, len(before), 0)


def test_two_workers_at_once_make_one(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    switch_on()
    ended(cast)
    claim, made = keeping._claim, []

    def both(copy: LockedCopy) -> bool:
        first = claim(LockedCopy.objects.get())
        made.append(first)
        return claim(copy)

    monkeypatch.setattr(keeping, "_claim", both)
    assert keep_due() == 0
    assert made == [True]


def test_a_full_disk_is_an_error_that_is_tried_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    switch_on()
    ended(cast)

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as moment:
        moment.setattr(places.InFolder, "put", full)
        assert keep_due() == 0
    copy = LockedCopy.objects.get()
    assert (copy.state, copy.trouble, copy.tries) == (State.FAILED, "OSError", 1)
    assert copy.due_at > timezone.now() + timedelta(minutes=1)
    again_at_once()
    assert keep_due() == 1


def test_the_tries_grow_further_apart_up_to_an_hour(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    switch_on()
    ended(cast)
    monkeypatch.setattr(places.InFolder, "put", lambda *args: 1 / 0)
    gaps = []
    for _try in range(8):
        again_at_once()
        keep_due()
        gaps.append(round((LockedCopy.objects.get().due_at - timezone.now()).total_seconds() / 60))
    assert gaps == [2, 4, 8, 16, 32, 60, 60, 60]


def test_a_key_of_another_desk_is_not_replaced(cast: Cast) -> None:
    """A new key would make all copies before it unreadable, unseen."""
    switch_on()
    copy = locked(cast)
    DataKey.objects.update(sealed="gAAAAA-of-another-secret")
    with pytest.raises(NoKey):
        known_key(copy.conversation_id)
    chat = Conversation.objects.get()
    reopen(chat, gettext_lazy("It goes on."))
    close_by_operator(cast.alice, chat.ref)
    heads.sign()
    assert keep_due() == 0
    assert LockedCopy.objects.latest("pk").trouble == "no-key"
    with pytest.raises(CommandError, match="no key"):
        call_command("open_locked", copy.ref, out=Path("/nowhere"), reason="a test")


def test_the_sealed_key_is_another_for_each_and_never_plain(cast: Cast) -> None:
    one, two = talked(cast, "a"), talked(cast, "b", guest=cast.walt)
    keys = [key_of(one.pk), key_of(two.pk)]
    assert keys[0] != keys[1]
    assert [len(key) for key in keys] == [32, 32]
    assert key_of(one.pk) == keys[0]
    for row in DataKey.objects.all():
        assert not any(encoded(key) in row.sealed + row.name or key.hex() in row.sealed + row.name for key in keys)


def test_opening_is_written_down_and_overwrites_nothing(cast: Cast, tmp_path: Path) -> None:
    switch_on()
    copy = locked(cast)
    opened(copy, tmp_path / "o.zip")
    entry = AuditEntry.objects.get(action="transcripts.locked.open")
    assert entry.reason == "a test"
    before = (tmp_path / "o.zip").read_bytes()
    with pytest.raises(CommandError, match="can't be written"):
        call_command("open_locked", copy.ref, out=tmp_path / "o.zip", reason="again")
    assert (tmp_path / "o.zip").read_bytes() == before
    assert AuditEntry.objects.filter(action="transcripts.locked.open").count() == 1


def test_a_copy_that_was_changed_on_the_disk_is_not_opened(cast: Cast, tmp_path: Path) -> None:
    switch_on()
    copy = locked(cast)
    place = places.folder() / copy.name
    place.chmod(0o600)
    whole = place.read_bytes()
    place.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(CommandError, match="SHA-256 differs"):
        call_command("open_locked", copy.ref, out=tmp_path / "o.zip", reason="a test")
    with pytest.raises(CommandError, match="chunk"):
        call_command("open_locked", file=place, out=tmp_path / "o.zip", reason="a test")
    place.unlink()
    with pytest.raises(CommandError, match="not where it was put"):
        call_command("open_locked", copy.ref, out=tmp_path / "o.zip", reason="a test")
    assert not (tmp_path / "o.zip").exists()


def test_a_file_of_it_is_opened_too(cast: Cast, tmp_path: Path) -> None:
    switch_on()
    copy = locked(cast)
    call_command("open_locked", file=places.folder() / copy.name, out=tmp_path / "o.zip", reason="x", stdout=StringIO())
    assert main([str(tmp_path / "o.zip")]) == WHOLE


@pytest.mark.parametrize("asked", [{}, {"file": Path("/dev/null"), "ref": "x"}])
def test_one_of_the_two_is_named(db: None, asked: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="and not both"):
        call_command("open_locked", *filter(None, [asked.get("ref")]), file=asked.get("file"), out=tmp_path, reason="x")


def test_what_is_no_copy_or_nowhere(cast: Cast, tmp_path: Path) -> None:
    switch_on()
    chat = talked(cast, "Hello")
    other = tmp_path / "other"
    other.write_bytes(b"PK")
    with pytest.raises(CommandError, match="no locked copy: it does not begin"):
        call_command("open_locked", file=other, out=tmp_path / "o", reason="x")
    with pytest.raises(CommandError, match="no locked copy of this conversation"):
        call_command("open_locked", "unknown", out=tmp_path / "o", reason="x")
    with pytest.raises(CommandError, match="about to be made"):
        call_command("open_locked", chat.ref, out=tmp_path / "o", reason="x")
    with pytest.raises(CommandError, match="No such file"):
        call_command("open_locked", file=tmp_path / "nothing", out=tmp_path / "o", reason="x")
