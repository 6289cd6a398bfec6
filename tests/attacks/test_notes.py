"""A-09, A-12: notes and whispers looked for in everything that a visitor, or somebody outside, can get at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, get_args

import pytest
from asgiref.sync import sync_to_async
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import UserType
from chatdesk import protocol
from chatdesk.actions.notes import store_note
from chatdesk.actions.records import export_conversation
from chatdesk.models import Conversation, Entry, Note
from chatdesk.protocol import DeskCommand, VisitorCommand
from chatdesk.realtime import bus
from tests.chatdesk.desk_doors import address, fragment, html
from tests.chatdesk.handing import held_chat
from tests.chatdesk.test_talk import begun
from tests.factories import Cast, Guest, make_conversation, make_entries, make_entry, make_supervisor
from tests.matrix.doors import routes
from tests.sockets import Sockets

NOTE, WHISPER = "QUAGGA-NOTE-4417", "QUAGGA-WHISPER-9021"
FORBIDDEN = ("QUAGGA", NOTE.lower())
SIDES = {"desk", "admin", "accounts", "transcripts"}
FOR_THE_DESK = {"note.posted", "conversation.people", "invitation.offered", "invitation.ended"}


@dataclass(frozen=True)
class Marked:
    conversation: Conversation
    guest: Guest


def mark(conversation: Conversation, cast: Cast) -> None:
    store_note(conversation.pk, cast.alice, NOTE, "n1")
    store_note(conversation.pk, cast.alice, WHISPER, "w1", Note.Kind.WHISPER)


@pytest.fixture
def marked(cast: Cast) -> Marked:
    """A conversation of vera's with what was said, a note and a whisper."""
    conversation = make_conversation(cast.sales_button, cast.vera, operator=cast.alice, name="Vera")
    make_entries(conversation, 3)
    make_entry(conversation, "An answer", cast.alice)
    mark(conversation, cast)
    return Marked(conversation, cast.vera)


def visitors_addresses() -> list[str]:
    """Every address of the product that is not behind signing in, its blanks filled."""
    blanks = {"<slug:slug>": "sales", "<slug:key>": "nothing", "<str:ref>": "nothing"}
    found = [route for route, _pattern in routes() if route.split("/")[0] not in SIDES]
    for blank, value in blanks.items():
        found = [route.replace(blank, value) for route in found]
    return [f"/{route}" for route in found if "<" not in route and "(" not in route]


def is_clean(text: str) -> bool:
    return not any(word in text for word in FORBIDDEN)


def as_visitor(token: str) -> Client:
    client = Client(headers={"Authorization": f"Bearer {token}"})
    client.cookies["chat"] = token
    return client


def test_a_09_no_page_of_a_visitor_shows_a_note(marked: Marked) -> None:
    client, seen = as_visitor(marked.guest.token), 0
    assert {"/chat/sales/", "/buttons/sales.json", "/widget.js"} <= {*visitors_addresses()}
    for path in visitors_addresses():
        for query in ("", "?news=0", "?news=2", "?end", "?new", "?embed=1", "?mail"):
            answer = client.get(path + query)
            text = b"".join(answer).decode(errors="replace")
            assert is_clean(text + str(answer.headers)), path + query
            seen += "An answer" in text
    assert seen  # or the visitor's own conversation was not among what was looked at


def test_a_09_the_page_without_script_shows_no_note_after_writing(marked: Marked) -> None:
    client = as_visitor(marked.guest.token)
    for form in ({"body": "More", "client_id": "c1"}, {"action": "look"}, {"action": "end", "body": ""}):
        answer = client.post("/chat/sales/", form, follow=True, headers={"Origin": "http://testserver"})
        assert is_clean(answer.content.decode()), form
    assert Entry.objects.filter(conversation=marked.conversation, body="More").exists()


def test_a_09_files_go_without_notes(marked: Marked) -> None:
    client = as_visitor(marked.guest.token)
    form = {"file": SimpleUploadedFile("a.txt", b"plain words"), "client_id": "f1"}
    answer = client.post("/chat/sales/files/", form, headers={"Origin": "http://testserver"})
    assert is_clean(answer.content.decode())
    assert answer.status_code == 201


def test_a_09_the_transcript_that_leaves_the_house_has_no_note(marked: Marked, cast: Cast) -> None:
    UserType.objects.update(export="all", contact="all")
    cast.alice.refresh_from_db()
    for form in ("text", "html", "json"):
        exported = export_conversation(cast.alice, marked.conversation.ref, form)
        assert "An answer" in exported.text
        assert is_clean(exported.text), form


async def test_a_09_no_frame_to_a_visitor_tells_of_a_note(cast: Cast, sockets: Sockets) -> None:
    chat = await held_chat(cast, sockets)
    conversation = await Conversation.objects.aget(ref=chat.ref)
    await sync_to_async(mark)(conversation, cast)
    await chat.alice.event("note.posted", kind="whisper")
    await chat.asks(chat.alice, "typing")
    await chat.asks(chat.alice, "entry.post", client_id="a1", body="An answer")
    await chat.vera.event("entry.posted", body="An answer")
    for kind, fields in (("conversation.resume", {"after": 0}), ("entry.read", {"seq": 3}), ("typing", {"text": "x"})):
        await chat.vera.command(kind, **fields)
    assert is_clean(str(chat.vera.frames))
    assert {frame["type"] for frame in chat.vera.frames}.isdisjoint(FOR_THE_DESK)


async def test_a_09_numbers_of_a_visitor_count_no_note(cast: Cast, sockets: Sockets) -> None:
    vera = await sockets.visitor()
    started = await begun(vera)
    conversation = await Conversation.objects.aget(ref=started["conversation"])
    await sync_to_async(mark)(conversation, cast)
    back = await sockets.visitor(token=started["token"], after=0)
    assert back.heard("ok")[0]["last_seq"] == 1
    assert "last_note" not in str(back.frames)
    assert is_clean(str(back.frames))


async def test_a_09_a_visitor_has_none_of_the_desks_commands(cast: Cast, sockets: Sockets) -> None:
    chat = await held_chat(cast, sockets)
    own = {kind.__struct_config__.tag for kind in get_args(VisitorCommand)}
    for command in {kind.__struct_config__.tag for kind in get_args(DeskCommand)} - own:
        answer = await chat.vera.command(str(command), conversation=chat.ref, client_id="x", body=NOTE, accept=True)
        assert (command, answer["code"]) == (command, "frame.invalid")
    for fields in ({"after": 0, "notes": 0}, {"after": 0, "conversation": chat.ref}):
        assert (await chat.vera.command("conversation.resume", **fields))["code"] == "frame.invalid"
    assert await Note.objects.acount() == 0


async def test_a_09_no_word_of_a_note_goes_over_the_bus(
    cast: Cast, sockets: Sockets, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[Any] = []
    send = bus.Bus.send

    def overheard(self: bus.Bus, notice: Any) -> None:
        said.append(notice)
        send(self, notice)

    monkeypatch.setattr(bus.Bus, "send", overheard)
    chat = await held_chat(cast, sockets)
    await chat.asks(chat.alice, "note.post", client_id="n1", body=NOTE)
    await chat.asks(chat.alice, "conversation.invite", operator=cast.bob.pk, note=WHISPER)
    await chat.bob.event("invitation.offered")
    assert {"note", "invitation"} <= {notice[0] for notice in said}
    assert is_clean(str(said))


async def test_a_12_a_whisper_is_no_entry_by_any_number_or_id(cast: Cast, sockets: Sockets) -> None:
    chat = await held_chat(cast, sockets)
    sam = await sockets.operator(await sync_to_async(make_supervisor)("sam"))
    await chat.asks(sam, "conversation.whisper", client_id="same", body=WHISPER)
    await chat.alice.event("note.posted", kind="whisper")
    await chat.asks(chat.alice, "entry.post", client_id="same", body="A word of my own")
    await chat.vera.event("entry.posted", body="A word of my own")
    for after in range(4):
        await chat.vera.command("conversation.resume", after=after)
    assert is_clean(str(chat.vera.frames))
    assert not await Entry.objects.filter(body__contains="QUAGGA").aexists()


async def test_a_12_who_may_not_see_the_chat_hears_no_whisper(cast: Cast, sockets: Sockets) -> None:
    chat = await held_chat(cast, sockets)
    sam = await sockets.operator(await sync_to_async(make_supervisor)("sam"))
    await chat.asks(sam, "conversation.whisper", client_id="w1", body=WHISPER)
    await chat.alice.event("note.posted")
    assert await chat.refused(chat.bob, "conversation.resume", after=0, notes=0) == "conversation.unknown"
    assert is_clean(str(chat.bob.frames))


def test_the_desk_does_see_them(marked: Marked, cast: Cast) -> None:
    """Or nothing above would prove anything."""
    text = html(fragment(cast.alice, address(marked.conversation)))
    assert NOTE in text
    assert WHISPER in text
    assert fragment(cast.bob, address(marked.conversation)).status_code == 404


FOR_VISITORS = {"entry.posted", "conversation.state", "typing", "entry.read", "button.state", "heads", "bye"}


async def test_a_visitor_hears_nothing_but_what_visitors_are_told(cast: Cast, sockets: Sockets) -> None:
    """A new event is looked at here before a visitor is told it."""
    chat = await held_chat(cast, sockets)
    sam = await sockets.operator(await sync_to_async(make_supervisor)("sam"))
    await chat.asks(chat.alice, "conversation.invite", operator=cast.bob.pk, note=NOTE)
    await chat.asks(chat.bob, "invitation.answer", accept=True)
    await chat.asks(sam, "conversation.monitor")
    await chat.asks(sam, "conversation.whisper", client_id="w1", body=WHISPER)
    await chat.asks(chat.alice, "conversation.transfer", operator=cast.bob.pk, note=NOTE)
    await chat.asks(sam, "conversation.takeover")
    await chat.asks(sam, "conversation.close")
    await chat.vera.event("conversation.state", state="closed")
    known = {str(kind.__struct_config__.tag) for kind in protocol.Event.__subclasses__()}
    assert known >= FOR_VISITORS | FOR_THE_DESK
    assert {frame["type"] for frame in chat.vera.frames} - {"ok"} <= FOR_VISITORS
    assert is_clean(str(chat.vera.frames))
