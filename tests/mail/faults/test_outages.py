"""What the desk needs goes away for a while and comes back: each message is there once, and in its place."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message

import pytest
from pytest_django.fixtures import Settings

from tests.mail.letters import letter
from tests.mail.people import V
from tests.mail.samples import pdf
from tests.mail.storage import MoodyStorage
from tests.mail.world import World
from tickets.models import IncomingMail, OutgoingMail

FILE = ("offer.pdf", "application/pdf", pdf())


def texts(world: World) -> list[str]:
    """The first text of each mail to V, in the order they came."""
    return [text_of(message_from_bytes(raw)) for raw in world.to(V)]


def text_of(mail: Message) -> str:
    part = next(each for each in mail.walk() if each.get_content_type() == "text/plain")
    data = part.get_payload(decode=True)
    assert isinstance(data, bytes)
    return data.decode()


def files_of(raw: bytes) -> list[bytes]:
    parts = message_from_bytes(raw).walk()
    found = (part.get_payload(decode=True) for part in parts if part.get_content_type() == "application/pdf")
    return [data for data in found if isinstance(data, bytes)]


def test_smtp_is_down_for_an_hour(world: World) -> None:
    with world.sink.down():
        for number in range(3):
            world.answers(f"Answer {number}.")
            for minutes in (1, 4, 15):
                world.later(minutes=minutes)
                world.out()
        waiting = OutgoingMail.objects.exclude(state=OutgoingMail.State.CANCELLED)
        assert {mail.state for mail in waiting} == {OutgoingMail.State.QUEUED}
        assert world.to(V) == []
    for _ in range(4):
        world.later(hours=1)
        world.out()
    said = "\n".join(texts(world))
    assert [said.count(f"Answer {number}.") for number in range(3)] == [1, 1, 1]
    assert said.index("Answer 0.") < said.index("Answer 1.") < said.index("Answer 2.")
    assert not waiting.exclude(state=OutgoingMail.State.SENT).exists()


@pytest.fixture
def shelf(settings: Settings) -> Iterator[type[MoodyStorage]]:
    backend = f"{MoodyStorage.__module__}.{MoodyStorage.__qualname__}"
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": backend}}
    yield MoodyStorage
    MoodyStorage.is_away = False


def test_a_mail_comes_in_while_storage_is_away(world: World, shelf: type[MoodyStorage]) -> None:
    shelf.is_away = True
    mail = world.receives(letter(V, "Here is the offer.", to=world.t_v, files=[FILE]), world.t_v)
    assert mail.state == IncomingMail.State.STORED
    shelf.is_away = False
    for _ in range(3):
        world.later(hours=1)
        world.sweeps_in()
    entries = world.conversation.entries.filter(kind__in=("message", "file")).order_by("seq")
    assert [entry.kind for entry in entries] == ["message", "file"]
    mail.refresh_from_db()
    assert mail.state == IncomingMail.State.DONE
    assert world.conversation.files.count() == 1


def test_an_answer_goes_out_while_storage_is_away(world: World, shelf: type[MoodyStorage]) -> None:
    world.answers("Here is the offer.", [FILE])
    shelf.is_away = True
    world.later(minutes=5)
    world.out()
    shelf.is_away = False
    for _ in range(3):
        world.later(hours=1)
        world.out()
    assert "\n".join(texts(world)).count("Here is the offer.") == 1
    assert len([data for raw in world.to(V) for data in files_of(raw)]) == 1
