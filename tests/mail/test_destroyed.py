"""What mail keeps of a conversation whose time is up: no address and no byte, and nothing that brings it back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps
from django.db.models import Model
from django.utils import timezone

from chatdesk.models import Conversation
from tests.mail.letters import letter
from tests.mail.people import V
from tests.mail.world import World
from tests.transcripts.retention.stage import policy, step
from tickets.actions import outbox, sending
from tickets.actions.erasing import by_mail
from tickets.models import Correspondent, IncomingMail, Letter, OutgoingMail, Ticket
from transcripts.models import Disposition, Record

RAW = letter(V, "My number is 0171 2345.", subject="The kettle", message_id=f"<kettle@{V.host}>")


@pytest.fixture
def chat(world: World) -> Conversation:
    """Begun by mail, answered by mail, long ago."""
    mail = world.receives(RAW)
    assert mail.conversation is not None
    world.answers("It is mended.", conversation=mail.conversation)
    world.later(minutes=5)
    outbox.queue_due()
    sending.send_due()
    old = timezone.now() - timedelta(days=400)
    rows = Conversation.objects.filter(pk=mail.conversation.pk)
    rows.update(closed_at=old, last_at=old)
    return rows.get()


def rows_of(chat: Conversation) -> dict[str, int]:
    named = {
        model: [f.name for f in model._meta.fields if f.related_model is Conversation] for model in apps.get_models()
    }
    return {
        model._meta.label: model._base_manager.filter(**{name: chat.pk}).count()
        for model, names in named.items()
        for name in names
    }


def values() -> str:
    """Everything that the tables of tickets and of records hold."""
    tables: list[type[Model]] = [*apps.get_app_config("tickets").get_models(), Record]
    return " ".join(str(list(table._base_manager.values())) for table in tables)


def test_everything_of_it_goes(world: World, chat: Conversation) -> None:
    assert rows_of(chat)["tickets.Correspondent"] == 1
    assert OutgoingMail.objects.filter(conversation=chat, content__isnull=False).exists()
    policy(delete_days=365)
    step(0)
    step(31)
    assert not Conversation.objects.filter(pk=chat.pk).exists()
    assert not any(count for name, count in rows_of(chat).items() if name != "transcripts.Disposition")
    assert not Letter.objects.exists()
    left = values()
    for trace in (V.address, "kettle", "0171", "mended"):
        assert trace not in left, trace


def test_the_same_mail_once_more_brings_nothing_back(world: World, chat: Conversation) -> None:
    policy(delete_days=365)
    step(0)
    step(31)
    stub = IncomingMail.objects.get()
    assert (bytes(stub.raw), stub.conversation_id, stub.envelope_from) == (b"", None, "")
    before = Conversation.objects.count()
    world.receives(RAW)
    assert Conversation.objects.count() == before


def test_the_bytes_of_mails_go_before_the_words(world: World, chat: Conversation) -> None:
    policy(data="mails", delete_days=365)
    step(0)
    assert Disposition.objects.get().data == "mails"
    step(31)
    mail = IncomingMail.objects.get()
    assert bytes(mail.raw) == b""
    assert mail.conversation == chat
    assert not OutgoingMail.objects.filter(content__isnull=False).exists()
    assert Letter.objects.get().sealed_original == ""
    assert chat.entries.filter(body__contains="My number").exists()


def test_contact_data_takes_the_addresses_with_it(world: World, chat: Conversation) -> None:
    policy(data="contact", delete_days=365)
    step(0)
    step(31)
    writer = Correspondent.objects.get(conversation=chat, side=Correspondent.Side.VISITOR)
    assert (writer.sealed_address, writer.name) == ("", "")
    assert bytes(IncomingMail.objects.get().raw) == b""
    assert chat.entries.filter(body__contains="mended").exists()


def test_a_policy_can_speak_of_mail_alone(world: World, chat: Conversation) -> None:
    assert by_mail([chat.pk]) == {chat.pk}
    policy(kind="live", delete_days=1)
    step(0)
    assert not Disposition.objects.exists()
    policy(kind="mail", delete_days=1)
    step(0.1)
    assert Disposition.objects.get().ref == chat.ref


def test_a_ticket_that_it_was_merged_into_stays(world: World, chat: Conversation) -> None:
    other = world.receives(letter(V, "Another thing.", message_id=f"<other@{V.host}>")).conversation
    assert other is not None
    old, kept = (Ticket.objects.get_or_create(conversation=each)[0] for each in (chat, other))
    Ticket.objects.filter(pk=kept.pk).update(split_from=old)
    policy(delete_days=365)
    step(0)
    step(31)
    kept.refresh_from_db()
    assert kept.split_from is None
    assert not Ticket.objects.filter(pk=old.pk).exists()
