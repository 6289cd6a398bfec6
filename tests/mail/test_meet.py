"""The stage itself: V writes to the support address, O answers in the dashboard, and what leaves is looked at."""

from __future__ import annotations

from tests.mail.letters import letter
from tests.mail.oracle import words
from tests.mail.people import O, V, X
from tests.mail.world import World


def test_a_mail_to_the_support_address_becomes_a_conversation_in_its_group(world: World) -> None:
    mail = world.receives(letter(V, "When do you open?"))
    assert mail.conversation is not None
    assert mail.conversation.group == world.group
    assert mail.conversation != world.conversation
    assert [entry.body for entry in mail.conversation.entries.filter(kind="message")] == ["When do you open?"]


def test_a_mail_to_a_token_lands_in_its_conversation(world: World) -> None:
    assert world.receives(letter(V, "More", to=world.t_v), world.t_v).conversation == world.conversation
    assert world.receives(letter(O, "Yes", to=world.t_o), world.t_o, by=O).conversation == world.conversation
    assert [entry.body for entry in world.conversation.entries.filter(kind="message")] == ["More", "Yes"]


def test_the_world_knows_what_whom_must_not_reach(world: World) -> None:
    world.protect(words("V", "the moon"))
    assert world.leaks_in_text("v.real@home.test", "O") != []
    assert world.leaks_in_text("v.real@home.test", "V") == []
    assert world.leaks_in_text("behind The Moon", "X") != []
    world.may_see("O", "V")
    assert world.leaks_in_text("v.real@home.test", "O") == []
    assert world.leaks_in_text("o.real@va.test", "O") == []
    assert world.leaks_in_text(X.address, "V") != []
