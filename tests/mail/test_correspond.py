"""There and back: what V writes reaches O by mail under a name alone, and O's answer reaches V the same way."""

from __future__ import annotations

from email import message_from_bytes

from tests.mail.letters import letter
from tests.mail.people import SUPPORT, O, V
from tests.mail.world import World


def test_what_the_visitor_writes_reaches_the_operator_from_a_token(world: World) -> None:
    world.receives(letter(V, "Is it at v.real@home.test?", to=world.t_v), world.t_v)
    world.out()
    (mail,) = map(message_from_bytes, world.to(O))
    assert world.t_o in str(mail["From"])
    assert b"Is it at" in world.to(O)[0]


def test_the_answer_by_mail_reaches_the_visitor(world: World) -> None:
    world.receives(letter(V, "Hello?", to=world.t_v), world.t_v)
    world.receives(letter(O, "Yes, we are open.", to=world.t_o), world.t_o, by=O)
    world.out()
    (mail,) = map(message_from_bytes, world.to(V))
    assert world.t_v in str(mail["From"])
    assert b"we are open" in world.to(V)[0]


def test_the_answer_in_the_dashboard_reaches_the_visitor(world: World) -> None:
    mail = world.receives(letter(V, "When do you open?"))
    world.answers("At nine.", conversation=mail.conversation)
    world.later(minutes=5)
    world.out()
    assert any(b"At nine." in each for each in world.to(V))
    assert all(SUPPORT.encode() in each or b"t-" in each for each in world.to(V))
