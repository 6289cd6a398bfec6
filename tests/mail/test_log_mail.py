"""Mail that happened outside is logged by a blind copy: in the right conversation, once, and to nobody again."""

from __future__ import annotations

import pytest

from accounts.models import User
from chatdesk.models import Conversation, Entry, Kind
from tests.mail.letters import letter
from tests.mail.people import RELAY, O, Person, V, X
from tests.mail.world import World
from tickets import remarks
from tickets.models import Held, IncomingMail, Letter

DROP = f"log@{RELAY}"


def logged(
    world: World, text: str = "As discussed: 40 euros.", by: Person = O, to: Person = V, **facts: object
) -> IncomingMail:
    raw = letter(by, text, to=to.mailbox, **facts)  # type: ignore[arg-type]
    return world.receives(raw, DROP, by)


def test_it_is_an_entry_of_its_sender(world: World) -> None:
    mail = logged(world)
    entry = mail.entry
    assert entry is not None
    assert (entry.conversation, entry.body) == (world.conversation, "As discussed: 40 euros.")
    assert entry.participant is not None
    assert entry.participant.user == world.operator
    assert Letter.objects.get(entry=entry).remarks == [remarks.LOGGED]


def test_nobody_gets_it_again(world: World) -> None:
    logged(world, files=[("offer.txt", "text/plain", b"40 euros")])
    world.later(hours=2)
    assert world.out() == []
    world.answers("And this is new")
    world.later(hours=1)
    assert [taken.recipient for taken in world.out()] == [V.address]
    assert b"40 euros" not in world.to(V)[0]


def test_its_files_stand_beside_it(world: World) -> None:
    logged(world, files=[("offer.txt", "text/plain", b"40 euros")])
    assert Entry.objects.get(conversation=world.conversation, kind=Kind.FILE).body == "offer.txt"


def test_it_is_masked_like_everything(world: World) -> None:
    mail = logged(world, f"Dear {V.address}, call {O.address}")
    assert mail.entry is not None
    body = mail.entry.body
    assert V.address not in body
    assert O.address not in body


def test_the_same_mail_twice_is_one_entry(world: World) -> None:
    first = logged(world, message_id="<one@desktop.o-office.test>")
    second = logged(world, message_id="<one@desktop.o-office.test>")
    assert first.entry_id == second.entry_id
    assert Letter.objects.count() == 1


def test_a_closed_conversation_takes_it_too(world: World) -> None:
    from_closed = world.conversation
    Conversation.objects.filter(pk=from_closed.pk).update(closed_at=from_closed.created_at)
    mail = logged(world)
    assert mail.conversation == from_closed


def test_who_is_not_proven_puts_no_words_into_anybodys_mouth(world: World) -> None:
    raw = letter(O, "Refund everything", to=V.mailbox)
    mail = world.receives(raw, DROP, O, is_proven=False)
    assert mail.entry is None
    assert Held.objects.get(incoming=mail).reason == Held.Reason.SPOOFED


def test_a_stranger_logs_nothing(world: World) -> None:
    mail = logged(world, by=X)
    assert mail.entry is None
    assert Held.objects.get(incoming=mail).reason == Held.Reason.SPOOFED


def test_nobody_logs_into_what_they_may_not_answer(world: World) -> None:
    User.objects.filter(pk=world.operator.pk).update(is_active=False)
    assert logged(world).entry is None


def test_without_a_conversation_it_waits_for_a_person(world: World) -> None:
    mail = logged(world, to=X)
    assert mail.entry is None
    assert Held.objects.get(incoming=mail).reason == Held.Reason.NEW_SENDER


@pytest.mark.parametrize("headers", [{"Cc": V.mailbox}, {"To": f"{X.mailbox}, {V.mailbox}"}])
def test_the_other_party_may_stand_beside_others(world: World, headers: dict[str, str]) -> None:
    raw = letter(O, "Hello both", to=X.mailbox, headers=headers)
    assert world.receives(raw, DROP, O).conversation == world.conversation
