"""What rooms lack is read as it was written, whoever wrote it and whatever it was."""

from __future__ import annotations

import json

from chatdesk.entry_view import entry_event
from chatdesk.models import Entry, File, Kind
from chatdesk.protocol import frame
from chatdesk.realtime.missing import entries_after
from tests.factories import Cast, make_conversation, make_entries, make_entry


def test_every_kind_of_entry_is_the_event_that_pages_show(cast: Cast) -> None:
    conversation = make_conversation(cast.sales_button, operator=cast.alice, name="Vera")
    make_entry(conversation, "by the visitor", client_id="v1")
    make_entry(conversation, "by alice", cast.alice, client_id="a1")
    make_entry(conversation, "by the desk", kind=Kind.TRANSFER, participant=None)
    picture = File.objects.create(
        conversation=conversation, name="a.png", media_type="image/png", size=12, sha256="0" * 64, width=3, height=4
    )
    make_entry(conversation, "a.png", cast.alice, Kind.FILE, file=picture)
    items = entries_after({conversation.pk: 0})[conversation.pk]
    stored = Entry.objects.select_related("conversation", "participant__user", "file").order_by("seq")
    assert [item.text for item in items] == [frame(entry_event(entry)) for entry in stored]
    assert [json.loads(item.text_for_author).get("client_id") for item in items] == ["v1", "a1", None, None]
    assert [item.participant_id for item in items] == [entry.participant_id for entry in stored]


def test_many_rooms_each_from_its_own_number(cast: Cast) -> None:
    rooms = [make_conversation(cast.sales_button) for _ in range(4)]
    for room in rooms:
        make_entries(room, 5)
    found = entries_after({room.pk: lacks for room, lacks in zip(rooms, (0, 3, 5, 9), strict=True)})
    assert [[item.seq for item in found[room.pk]] for room in rooms] == [[1, 2, 3, 4, 5], [4, 5], [], []]


def test_a_page_and_nothing(cast: Cast) -> None:
    room = make_conversation(cast.sales_button)
    make_entries(room, 5)
    assert [item.seq for item in entries_after({room.pk: 1}, 2)[room.pk]] == [2, 3]
    assert entries_after({}) == {}
