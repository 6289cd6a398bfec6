"""Two people correspond through real mailboxes and the dashboard, with files, one of them gone for a day; the owner
reads all of it, and neither address is anywhere it must not be."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from chatdesk.actions.conversations import take
from chatdesk.models import Conversation, File, Kind
from tests.accounts.people import signed_in
from tests.mail.letters import letter
from tests.mail.people import SUPPORT, O, S, V
from tests.mail.samples import pdf
from tests.mail.town import Town, a_town, files_of, replied
from tests.mail.world import World
from tests.services.dovecot import Dovecot
from tests.services.process import wait_until
from tests.zone import Zone
from tickets.actions import outbox
from tickets.composing.signing import Signer, sign
from tickets.models import IncomingMail, OperatorMail

pytestmark = pytest.mark.usefixtures("transactional_db")


@pytest.fixture
def town(world: World, dovecot: Dovecot) -> Iterator[Town]:
    with a_town(world, dovecot) as town:
        yield town


def photo() -> bytes:
    """With the place and the writer in it."""
    image, buffer = Image.new("RGB", (40, 30), "teal"), io.BytesIO()
    exif = image.getexif()
    exif[0x013B], exif[0x010F] = V.address, V.host
    image.save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


def page(browser: Client, conversation: Conversation) -> str:
    answer: Any = browser.get(f"/desk/conversations/{conversation.ref}/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def fetched(browser: Client, file: File) -> bytes:
    answer: Any = browser.get(f"/files/{file.key}/")
    assert answer.status_code == 200
    return b"".join(answer)


def said(conversation: Conversation) -> list[str]:
    kinds = (Kind.MESSAGE, Kind.FILE)
    return [*conversation.entries.filter(kind__in=kinds).order_by("seq").values_list("body", flat=True)]


def taken_in(count: int) -> IncomingMail:
    """The newest mail, once so many are worked off."""
    done = IncomingMail.objects.filter(state=IncomingMail.State.DONE).order_by("pk")
    wait_until(lambda: done.count() >= count, 30, f"{count} mails are taken in")
    newest = done.last()
    assert newest is not None
    return newest


def visitor_writes(town: Town) -> Conversation:
    """Day one, by mail to the support address, with a document."""
    text = f"My lamp does not light. Call {V.phone} or write to {V.address}."
    town.post(V, SUPPORT, letter(V, text, files=[("bill.pdf", "application/pdf", pdf())]))
    conversation = taken_in(1).conversation
    assert conversation is not None
    assert said(conversation)[1:] == ["bill.pdf"]
    return conversation


def operator_answers(town: Town, conversation: Conversation) -> None:
    """In the dashboard, with a document of their own; it waits a moment to be taken back, and leaves."""
    world = town.world
    desk = signed_in(world.operator)
    take(world.operator, conversation.ref)
    shown = page(desk, conversation)
    assert "My lamp does not light." in shown
    assert world.leaks_in_text(shown, "O") == []
    outbox.answer(world.operator, conversation.ref, "Please read the manual, page 3.", uuid.uuid4().hex)
    world.later(seconds=20)
    outbox.post_due_answers()
    world.answers(files=[("manual.pdf", "application/pdf", pdf("The manual"))], conversation=conversation)
    world.later(minutes=2)
    world.out()


def visitor_replies_next_day(town: Town) -> None:
    world = town.world
    came = town.arrived(V, "Please read the manual, page 3.")
    assert "manual.pdf" in files_of(came)
    world.later(days=1)
    town.post(V, *replied(came, V, "It lights now, look.", [("lamp.jpg", "image/jpeg", photo())]))
    taken_in(2)
    world.out()


def operator_replies_by_mail(town: Town, signer: Signer) -> None:
    """O is not at the desk: what V wrote has followed them, and their own program answers."""
    came = town.arrived(O, "It lights now, look.")
    assert "lamp.jpg" in files_of(came)
    to, answer = replied(came, O, "Glad to see it. Goodbye!")
    town.post(O, to, sign(answer, signer))
    taken_in(3)
    town.world.later(minutes=5)
    town.world.out()
    town.arrived(V, "Glad to see it. Goodbye!")


def test_two_people_correspond(town: Town, zone: Zone) -> None:
    world = town.world
    OperatorMail.objects.create(user=world.operator, wants_mail=True)
    conversation = visitor_writes(town)
    operator_answers(town, conversation)
    visitor_replies_next_day(town)
    operator_replies_by_mail(town, zone.signer(O.domain))
    told = said(conversation)
    assert [each for each in told if each.endswith((".pdf", ".jpg"))] == ["bill.pdf", "manual.pdf", "lamp.jpg"]
    owner = signed_in(world.supervisor)
    shown = page(owner, conversation)
    for words in (
        "My lamp does not light.",
        "Please read the manual, page 3.",
        "It lights now, look.",
        "Glad to see it.",
    ):
        assert words in shown
    documents = [fetched(owner, file) for file in conversation.files.order_by("pk")]
    assert [each[:4] for each in documents] == [b"%PDF", b"%PDF", b"\xff\xd8\xff\xe0"]
    assert documents[1] == pdf("The manual")
    assert town.inbox(S) == []
    assert town.leaks(V, O) == []
