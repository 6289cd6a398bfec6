"""E9: after a merge, mail lands in the one that is left, and answers go to who wrote."""

from __future__ import annotations

from chatdesk.models import Conversation
from tests.mail.letters import letter
from tests.mail.people import V, X
from tests.mail.world import World
from tickets.actions import tickets
from tickets.models import Correspondent, Ticket


def opened_by_mail(world: World) -> Conversation:
    """X writes to the ticket address: a conversation of its own."""
    mail = world.receives(letter(X, "My question, by X"), by=X)
    assert mail.conversation is not None
    return mail.conversation


def test_e9_after_a_merge_mail_lands_in_one_and_answers_go_to_who_wrote(world: World) -> None:
    theirs = opened_by_mail(world)
    old = Correspondent.objects.get(conversation=theirs, side="visitor")
    tickets.ensure(world.conversation)
    target = Ticket.objects.get(conversation=world.conversation)
    tickets.merge(world.supervisor, theirs.ref, target.pk)
    world.out()
    before = len(world.to(V)), len(world.to(X))

    late = world.receives(letter(X, "One more thing", to=world.token(old)), world.token(old), by=X)
    assert late.conversation == world.conversation
    assert late.entry is not None
    assert "One more thing" in late.entry.body

    world.answers("This is for X")
    world.out()
    assert (len(world.to(V)) - before[0], len(world.to(X)) - before[1]) == (0, 1)
    assert b"This is for X" in world.to(X)[-1]

    world.receives(letter(V, "And mine?", to=world.t_v), world.t_v)
    world.answers("This is for V")
    world.out()
    assert (len(world.to(V)) - before[0], len(world.to(X)) - before[1]) == (1, 1)
    assert b"This is for V" in world.to(V)[-1]


def test_e9_where_both_are_the_same_persons_nothing_is_sent_twice(world: World) -> None:
    mail = world.receives(letter(V, "Again, by V"), by=V)
    assert mail.conversation is not None
    assert mail.conversation != world.conversation
    old = Correspondent.objects.get(conversation=mail.conversation, side="visitor")
    target = tickets.ensure(world.conversation)
    tickets.merge(world.supervisor, mail.conversation.ref, target.pk)
    world.out()
    before = len(world.to(V))
    again = world.receives(letter(V, "To the old address", to=world.token(old)), world.token(old))
    assert again.conversation == world.conversation
    world.answers("One answer")
    world.out()
    assert len(world.to(V)) - before == 1
