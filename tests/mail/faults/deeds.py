"""What a child may be told to do. Each returns what JSON can hold."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from chatdesk.actions.entries import post_entry
from chatdesk.models import Conversation, Entry
from tests.factories import make_participant
from tests.mail.letters import letter
from tests.mail.people import SUPPORT, O, V
from tests.mail.world import make_world
from tests.services.sink import Sink
from tickets.actions import outbox, processing, receiving, sending
from tickets.reading.envelope import Envelope


def move_clock(seconds: float) -> None:
    """From now on it is later."""
    now, ahead = timezone.now, timedelta(seconds=seconds)
    timezone.now = lambda: now() + ahead


def send() -> int:
    outbox.queue_due()
    return sending.send_due()


def process() -> int:
    return processing.process_due()


def migrate() -> None:
    call_command("migrate", verbosity=0)


def stage(port: int) -> None:
    """The world of the mail tests, in this database, whose mail leaves by a sink at `port`."""
    sink = Sink()
    sink.port = port
    make_world(sink)


def keep(count: int) -> None:
    """Mails of several people to the support address, each the beginning of a conversation."""
    for number in range(count):
        by = replace(V, address=f"v{number}.{V.address}")
        raw = letter(by, f"Question {number}", message_id=f"<{number}@{V.host}>")
        receiving.keep(raw, Envelope("smtp", SUPPORT, by.address, "", V.host))


def said() -> dict[str, int]:
    """How often each question is there."""
    return Counter(Entry.objects.filter(body__startswith="Question").values_list("body", flat=True))


def answer(count: int) -> list[str]:
    """O answers in each of the conversations that came by mail: what they said."""
    texts, operator = [], User.objects.get(email=O.address)
    for number, conversation in enumerate(Conversation.objects.order_by("-pk")[:count]):
        texts.append(f"Answer number {number}.")
        post_entry(conversation, make_participant(conversation, operator), texts[-1])
    return texts
