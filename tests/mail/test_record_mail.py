"""What mail does to a conversation stands in its records, and they stay whole."""

from __future__ import annotations

import hashlib
import json

from tests.mail.letters import letter
from tests.mail.people import V, X
from tests.mail.world import World
from tests.transcripts.recording.reading import assert_whole, content, frame, frames
from tickets.actions import tickets
from tickets.actions.deciding import release
from tickets.models import Held, Ticket
from transcripts.actions.checking import check
from transcripts.models import Record

CARD = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Vera\r\nTEL:+49 151 23456789\r\nEND:VCARD\r\n"


def test_a_mail_that_begins_a_conversation(world: World) -> None:
    mail = world.receives(letter(X, "My question, by X"), by=X)
    assert mail.conversation is not None
    kinds = [record.kind for record in assert_whole(mail.conversation)]
    assert kinds[:4] == ["opened", "participant", "message", "letter"]
    assert frames(mail.conversation, "opened")[0]["channel"] == "mail"
    original = Record.objects.get(conversation=mail.conversation, kind="letter")
    assert content(original)["sha256"] == hashlib.sha256(bytes(mail.raw)).hexdigest()
    assert frame(original)["entry"] == 1
    assert check(mail.conversation) is None


def test_an_answer_that_left_by_mail(world: World) -> None:
    world.answers("The answer")
    world.out()
    states = [facts["state"] for facts in frames(world.conversation, "mail_sent")]
    assert "sent" in states
    assert check(world.conversation) is None


def test_records_name_no_address(world: World) -> None:
    world.receives(letter(V, "Once more", to=world.t_v), world.t_v)
    world.answers("The answer")
    world.out()
    for record in Record.objects.exclude(kind="opened"):
        assert "@" not in record.frame + (record.content or "")


def test_two_conversations_that_become_one_name_each_other(world: World) -> None:
    mail = world.receives(letter(X, "My question, by X"), by=X)
    assert mail.conversation is not None
    tickets.ensure(world.conversation)
    target = Ticket.objects.get(conversation=world.conversation)
    tickets.merge(world.supervisor, mail.conversation.ref, target.pk)
    assert [facts.get("into") for facts in frames(mail.conversation, "merged")] == [world.conversation.ref]
    assert [facts.get("from") for facts in frames(world.conversation, "merged")] == [mail.conversation.ref]
    assert check(mail.conversation) is None
    assert check(world.conversation) is None


def test_frames_are_json_with_a_kind(world: World) -> None:
    world.receives(letter(X, "By X"), by=X)
    assert all(json.loads(text)["v"] == 1 for text in Record.objects.values_list("frame", flat=True))


def test_what_was_held_and_let_go(world: World) -> None:
    world.receives(letter(V, "My card", to=world.t_v, files=[("vera.vcf", "text/vcard", CARD)]), world.t_v)
    held = Held.objects.get(reason=Held.Reason.CARD)
    assert [facts["held"] for facts in frames(world.conversation, "mail_held")] == [held.pk]
    release(world.supervisor, held.pk, "the customer asked for it")
    (decided,) = frames(world.conversation, "mail_decided")
    assert (decided["decision"], decided["user"]) == ("released", world.supervisor.pk)
    assert_whole(world.conversation)
    assert check(world.conversation) is None
