"""I2: the process that sends is killed after each line of the dialogue, and at chance moments: nothing is lost, and
nothing is there twice but what had left already, under the same Message-ID."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable
from email import message_from_bytes

import pytest
from django.db import transaction

from tests.mail.faults.nursery import Nursery
from tests.mail.people import V
from tests.mail.world import World
from tests.services.process import wait_until
from tests.services.sink import Step
from tickets.actions import outbox, sending
from tickets.models import OutgoingMail

CLAIM = 16 * 60.0  # seconds after which a dead process's mail is free again
BEFORE: tuple[Step, ...] = ("greeting", "hello", "mail", "rcpt", "data")
KILLS = 20

pytestmark = pytest.mark.usefixtures("transactional_db")


def message_ids(world: World) -> list[str]:
    return [str(message_from_bytes(raw)["Message-ID"]) for raw in world.to(V)]


def settle(nursery: Nursery, begin: float = CLAIM) -> None:
    """What a sweep does that comes later: as often as it needs to."""
    for step in range(4):
        nursery.call("send", ahead=begin + step * CLAIM)


def people_decide(world: World) -> None:
    """What was killed twice over while it may have left waits for somebody, who sends it once more."""
    for mail in OutgoingMail.objects.filter(state=OutgoingMail.State.UNCERTAIN):
        assert mail.doubts > 1
        sending.resend(world.operator, mail.pk)


@pytest.fixture
def world(world: World) -> World:
    world.later(seconds=-300)  # V's page was closed a while ago
    return world


def kill_at(step: Step, world: World, nursery: Nursery) -> None:
    gate = world.sink.pause(step)
    child = nursery.begin("send")
    gate.wait()
    child.kill()
    assert child.end() == signal.SIGKILL
    gate.go()


@pytest.mark.parametrize("step", BEFORE)
def test_i2_killed_before_the_mail_was_handed_over(world: World, nursery: Nursery, step: Step) -> None:
    world.answers("The offer is ready.")
    kill_at(step, world, nursery)
    assert world.to(V) == []
    settle(nursery)
    assert len(world.to(V)) == 1
    assert OutgoingMail.objects.get().state == OutgoingMail.State.SENT


def test_i2_killed_between_the_final_dot_and_its_answer(world: World, nursery: Nursery) -> None:
    world.answers("The offer is ready.")
    kill_at("dot", world, nursery)
    settle(nursery)
    assert len(world.to(V)) == 2
    assert len(set(message_ids(world))) == 1
    assert len(set(world.to(V))) == 1


def test_i2_killed_between_the_answer_and_the_mark(world: World, nursery: Nursery) -> None:
    """The server's 250 has come, and the row can't be written, because this test holds it."""
    world.answers("The offer is ready.")
    gate = world.sink.pause("dot")
    child = nursery.begin("send")
    gate.wait()
    with transaction.atomic():
        OutgoingMail.objects.select_for_update().get()
        gate.go()
        wait_until(lambda: "done" in world.sink.steps, 10, "the answer is said")
        time.sleep(0.1)
        child.kill()
        assert child.end() == signal.SIGKILL
    settle(nursery)
    assert 1 <= len(world.to(V)) <= 2
    assert len(set(message_ids(world))) == 1


def test_i2_killed_while_it_says_goodbye(world: World, nursery: Nursery) -> None:
    world.answers("The offer is ready.")
    kill_at("quit", world, nursery)
    settle(nursery)
    assert len(world.to(V)) == 1


def seconds_of(world: World, nursery: Nursery) -> float:
    """How long one answer takes that nobody interrupts."""
    world.answers("The first answer.")
    outbox.queue_due()
    begun = time.monotonic()
    nursery.call("send")
    return time.monotonic() - begun


def test_killed_at_twenty_chance_moments_every_mail_arrives(
    world: World, nursery: Nursery, record_property: Callable[[str, object], None]
) -> None:
    """Each answer is a mail of its own; a duplicate has the Message-ID of the first."""
    chance, usual = random.Random(7), seconds_of(world, nursery)
    world.sink.delay("dot", 0.01)
    for number in range(KILLS):
        world.answers(f"Answer number {number}.")
        outbox.queue_due()
        child = nursery.begin("send", ahead=number * CLAIM)
        time.sleep(chance.uniform(0, 1.2 * usual))
        child.kill()
        child.end()
    settle(nursery, KILLS * CLAIM)
    people_decide(world)
    settle(nursery, 2 * KILLS * CLAIM)
    texts = [message_from_bytes(raw).as_string() for raw in world.to(V)]
    arrived, ids = len(world.to(V)), len(set(message_ids(world)))
    record_property(
        "figure", f"sending killed {KILLS} times: {ids} mails, {arrived - ids} twice with the same Message-ID"
    )
    for number in range(KILLS):
        assert any(f"Answer number {number}." in text for text in texts), number
    assert not OutgoingMail.objects.exclude(state=OutgoingMail.State.SENT).exists()
    assert ids == OutgoingMail.objects.count() > 1
    assert len(set(world.to(V))) == len(set(message_ids(world)))
