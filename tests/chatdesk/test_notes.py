"""Notes: numbered remarks of the desk, heard by people at the desk and by nobody else."""

from __future__ import annotations

from accounts.models import User
from chatdesk.models import Conversation, Entry, Note
from tests.chatdesk.handing import held_chat
from tests.factories import Cast
from tests.sockets import Sockets


async def test_a_note_reaches_the_desk_and_takes_no_number_of_an_entry(cast: Cast, sockets: Sockets) -> None:
    chat = await held_chat(cast, sockets)
    answer = await chat.asks(chat.alice, "note.post", client_id="n1", body="A returning customer")
    assert answer["seq"] == 1
    told = await chat.alice.event("note.posted", conversation=chat.ref)
    assert (told["seq"], told["kind"], told["after"], told["body"]) == (1, "note", 2, "A returning customer")
    assert (told["author"]["name"], told["client_id"]) == ("Alice", "n1")
    assert (await chat.asks(chat.alice, "entry.post", client_id="a1", body="Hello"))["seq"] == 3
    assert (await chat.asks(chat.alice, "note.post", client_id="n2", body="Knows the price"))["seq"] == 2
    assert (await chat.alice.event("note.posted", seq=2))["after"] == 3


async def test_the_same_client_id_is_the_same_note(cast: Cast, sockets: Sockets) -> None:
    chat = await held_chat(cast, sockets)
    answers = [await chat.asks(chat.alice, "note.post", client_id="once", body="Only once") for _ in range(3)]
    assert [answer["seq"] for answer in answers] == [1, 1, 1]
    assert len(chat.alice.heard("note.posted")) == 1
    assert await Note.objects.acount() == 1


async def test_many_notes_at_once_are_numbered_without_a_gap(cast: Cast, sockets: Sockets) -> None:
    chat = await held_chat(cast, sockets)
    said = [chat.alice.say("note.post", conversation=chat.ref, client_id=f"n{n}", body=f"n{n}") for n in range(12)]
    assert {(await chat.alice.answer_to(one))["seq"] for one in said} == set(range(1, 13))
    await chat.alice.until(lambda: len(chat.alice.heard("note.posted")) == 12)
    assert [note["seq"] for note in chat.alice.heard("note.posted")] == list(range(1, 13))


async def test_who_may_see_the_chat_may_add_one_and_a_closed_chat_takes_it_too(
    cast: Cast, sockets: Sockets, sam: User
) -> None:
    chat = await held_chat(cast, sockets)
    desk = await sockets.operator(sam)
    await chat.asks(desk, "note.post", client_id="s1", body="Well answered")
    await chat.alice.event("note.posted", body="Well answered")
    await chat.asks(chat.alice, "conversation.close")
    await chat.asks(chat.alice, "note.post", client_id="n1", body="Called back")
    assert await Note.objects.acount() == 2


async def test_an_outsider_adds_and_hears_nothing(cast: Cast, sockets: Sockets) -> None:
    chat = await held_chat(cast, sockets)
    assert await chat.refused(chat.bob, "note.post", client_id="b1", body="Hello?") == "conversation.unknown"
    assert (await chat.bob.command("note.post", conversation="nonsense", client_id="b2", body="x"))["type"] == "error"
    await chat.asks(chat.alice, "note.post", client_id="n1", body="Hush")
    await chat.alice.event("note.posted")
    assert not chat.bob.heard("note.posted")
    assert await Note.objects.acount() == 1


async def test_what_is_no_text_is_refused_and_nothing_is_stored(cast: Cast, sockets: Sockets) -> None:
    chat = await held_chat(cast, sockets)
    for body, code in (("  \n ", "entry.empty"), ("x" * 10_001, "entry.too_long"), ("a\x00b", "frame.invalid")):
        assert await chat.refused(chat.alice, "note.post", client_id="n", body=body) == code
    assert await Note.objects.acount() == 0
    assert (await Conversation.objects.aget(ref=chat.ref)).last_note == 0


async def test_who_comes_back_is_sent_the_notes_they_lack(cast: Cast, sockets: Sockets) -> None:
    chat = await held_chat(cast, sockets)
    for number in (1, 2, 3):
        await chat.asks(chat.alice, "note.post", client_id=f"n{number}", body=f"Note {number}")
    again = await sockets.operator(cast.alice)
    answer = await chat.asks(again, "conversation.resume", after=0, notes=1)
    assert answer["last_note"] == 3
    assert [note["seq"] for note in again.heard("note.posted")] == [2, 3]
    silent = await sockets.operator(cast.alice)
    await chat.asks(silent, "conversation.resume", after=0)
    assert not silent.heard("note.posted")


async def test_the_visitor_hears_none_of_it(cast: Cast, sockets: Sockets) -> None:
    chat = await held_chat(cast, sockets)
    before = await Entry.objects.acount()
    await chat.asks(chat.alice, "note.post", client_id="n1", body="ZEBRA-71")
    await chat.alice.event("note.posted")
    await chat.asks(chat.alice, "entry.post", client_id="a1", body="One moment")
    await chat.vera.event("entry.posted", body="One moment")
    await chat.vera.command("conversation.resume", after=0)
    assert "ZEBRA-71" not in str(chat.vera.frames)
    assert {frame["type"] for frame in chat.vera.frames}.isdisjoint({"note.posted", "conversation.people"})
    assert await Entry.objects.acount() == before + 1
