"""X-16: no door stores a card's number or its code: sockets, plain pages, forms, files, notes and what is typed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from accounts.models import User
from chatdesk import sitelimits
from chatdesk.actions.asking import Asked
from chatdesk.actions.conversations import start, transfer
from chatdesk.actions.entries import post_entry
from chatdesk.actions.files import receive
from chatdesk.actions.invitations import offer
from chatdesk.actions.notes import post_note
from chatdesk.actions.supervision import whisper
from chatdesk.models import (
    Button,
    Conversation,
    Entry,
    File,
    Invitation,
    Kind,
    Note,
    Preview,
    SensitivePattern,
    SiteSettings,
)
from chatdesk.protocol import Code, Refused
from tests.chatdesk.files.samples import PDF
from tests.chatdesk.sensitive.numbers import VISA, grouped
from tests.chatdesk.test_talk import begun
from tests.factories import Cast, make_conversation, make_participant, make_present
from tests.sockets import Sockets

SPOKEN = grouped(VISA)
SHOWN = "4111 11•• •••• 1111"
LINE = "A card number was hidden before it was stored."


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    sitelimits.forget()
    yield
    sitelimits.forget()


@pytest.fixture
def chat(cast: Cast) -> Conversation:
    return make_conversation(cast.sales_button, cast.vera, cast.alice)


def bodies(conversation: Conversation) -> list[str]:
    return list(Entry.objects.filter(conversation=conversation).order_by("seq").values_list("body", flat=True))


def everything() -> str:
    """Every row of every table, as the database holds it."""
    rows: list[Any] = []
    with connection.cursor() as cursor:
        for table in {model._meta.db_table for model in apps.get_models()}:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows += cursor.fetchall()
    return json.dumps(
        rows, default=lambda value: bytes(value).decode("latin-1") if isinstance(value, memoryview) else str(value)
    )


def holds_number(text: str) -> bool:
    return VISA in text or SPOKEN in text or VISA[6:] in text


# --- what is written ---


def test_a_message_is_stored_without_it_and_the_chat_says_so(chat: Conversation) -> None:
    entry = post_entry(chat, make_participant(chat), f"My card is {SPOKEN}, code 123", "one")
    assert entry.body == f"My card is {SHOWN}, code •••"
    assert [each[: len(LINE)] for each in bodies(chat)] == [entry.body[: len(LINE)], LINE]
    assert Entry.objects.get(seq=2).kind == Kind.NOTICE
    assert Entry.objects.get(seq=2).participant is None


def test_it_is_said_once_a_conversation(chat: Conversation, cast: Cast) -> None:
    for number, author in enumerate((None, cast.alice, None)):
        post_entry(chat, make_participant(chat, author), f"{number}: {SPOKEN}", f"id-{number}")
    assert sum(LINE in body for body in bodies(chat)) == 1
    other = make_conversation(cast.sales_button)
    post_entry(other, make_participant(other), SPOKEN, "one")
    assert sum(LINE in body for body in bodies(other)) == 1


def test_the_same_again_is_the_same_entry_and_no_second_line(chat: Conversation) -> None:
    part = make_participant(chat)
    first, again = (post_entry(chat, part, SPOKEN, "once") for _ in range(2))
    assert first.seq == again.seq == 1
    assert len(bodies(chat)) == 2


def test_other_messages_say_nothing(chat: Conversation) -> None:
    post_entry(chat, make_participant(chat), "Order 10293 of 2026-11-22, call +49 170 1234567", "one")
    assert len(bodies(chat)) == 1


def test_a_closed_conversation_takes_neither(chat: Conversation, cast: Cast) -> None:
    ended = make_conversation(cast.sales_button, closed=True)
    with pytest.raises(Refused) as refused:
        post_entry(ended, make_participant(ended), SPOKEN, "one")
    assert refused.value.code == Code.CLOSED
    assert bodies(ended) == []


def test_the_second_half_is_hidden_and_the_first_stands(chat: Conversation) -> None:
    part = make_participant(chat)
    post_entry(chat, part, "it is 4111 1111", "one")
    post_entry(chat, part, "1111 1111", "two")
    assert bodies(chat)[:2] == ["it is 4111 1111", "•••• ••••"]
    assert LINE in bodies(chat)[2]


def test_halves_of_two_people_are_two_numbers(chat: Conversation, cast: Cast) -> None:
    post_entry(chat, make_participant(chat), "4111 1111", "one")
    post_entry(chat, make_participant(chat, cast.alice), "1111 1111", "two")
    assert bodies(chat) == ["4111 1111", "1111 1111"]


def test_halves_a_while_apart_are_two_numbers(chat: Conversation) -> None:
    part = make_participant(chat)
    entry = post_entry(chat, part, "4111 1111", "one")
    Entry.objects.filter(pk=entry.pk).update(at=entry.at.replace(year=2020))
    post_entry(chat, part, "1111 1111", "two")
    assert bodies(chat) == ["4111 1111", "1111 1111"]


def test_the_code_that_follows_is_hidden(chat: Conversation) -> None:
    part = make_participant(chat)
    for number, words in enumerate((SPOKEN, "12/27", "123")):
        post_entry(chat, part, words, f"id-{number}")
    assert bodies(chat)[0] == SHOWN
    assert bodies(chat)[-1] == "•••"


def test_notes_and_whispers_are_stored_without_it(chat: Conversation, cast: Cast, sam: User) -> None:
    post_note(cast.alice, chat.ref, f"Card {SPOKEN}", "one")
    whisper(sam, chat.ref, f"Take {SPOKEN}", "two")
    assert list(Note.objects.order_by("number").values_list("body", flat=True)) == [f"Card {SHOWN}", f"Take {SHOWN}"]


def test_the_note_of_an_offer_is_stored_without_it(chat: Conversation, cast: Cast) -> None:
    make_present(cast.bob)
    offer(cast.alice, chat.ref, Invitation.Kind.INVITE, Asked(operator=cast.bob.pk), note=f"Card {SPOKEN}")
    assert Invitation.objects.get().note == f"Card {SHOWN}"


def test_the_note_of_a_transfer_is_stored_without_it(chat: Conversation, cast: Cast) -> None:
    make_present(cast.bob)
    transfer(cast.alice, chat.ref, "support", note=f"Card {SPOKEN}")
    assert Note.objects.get().body == f"Card {SHOWN}"


# --- forms and files ---


def test_a_form_is_stored_without_it(cast: Cast) -> None:
    Button.objects.update(name_field="optional", email_field="optional", question_field="optional")
    button = Button.objects.get(slug="sales")
    page = f"https://shop.example/pay?card={VISA}"
    fields = {"name": f"Vera {VISA}", "question": SPOKEN, "page": page, "referrer": f"{page}&again"}
    started = start(button, None, "x" * 32, "Hello", fields=fields)
    row = Conversation.objects.get(pk=started.conversation.pk)
    assert (row.name, row.question) == ("Vera 411111••••••1111", SHOWN)
    assert (row.page, row.referrer) == tuple(each.replace(VISA, "411111••••••1111") for each in (page, f"{page}&again"))
    assert any(LINE in body for body in bodies(row))
    assert not holds_number(everything())


@pytest.mark.parametrize("name", ["email", "reply_to"])
def test_an_address_with_a_number_in_it_is_asked_for_again(cast: Cast, name: str) -> None:
    Button.objects.update(email_field="optional")
    button = Button.objects.get(slug="sales")
    with pytest.raises(Refused) as refused:
        start(button, None, "x" * 32, "Hello", fields={name: f"{VISA}@mail.example"})
    assert refused.value.code == Code.FORM
    assert not Conversation.objects.exists()


def test_the_first_message_is_stored_without_it(cast: Cast) -> None:
    started = start(Button.objects.get(slug="sales"), None, "x" * 32, f"Take {SPOKEN}")
    assert bodies(started.conversation)[0] == f"Take {SHOWN}"
    assert started.seq == 1
    assert any(LINE in body for body in bodies(started.conversation))


@pytest.mark.parametrize(
    "name", [f"scan {VISA}.pdf", f"{SPOKEN}.pdf", "4111\u200b1111\x001111-1111.pdf", f"a/{VISA}.exe.pdf"]
)
def test_the_name_of_a_file_is_stored_without_it(chat: Conversation, name: str) -> None:
    receive(chat, make_participant(chat), SimpleUploadedFile(name, PDF), "one")
    kept = File.objects.get().name
    assert "••••" in kept
    assert kept.endswith(".pdf")
    assert bodies(chat)[0] == kept
    assert LINE in bodies(chat)[1]
    assert not holds_number(everything())


def test_the_page_without_script_stores_none(client: Client, cast: Cast) -> None:
    made = client.post("/chat/sales/", {"client_id": "y" * 32, "body": f"My card: {SPOKEN}"})
    assert made.status_code in (200, 302)
    client.post("/chat/sales/", {"client_id": "z" * 32, "body": f"Once more: {VISA}"})
    assert Conversation.objects.count() == 1
    assert not holds_number(everything())
    assert LINE in client.get("/chat/sales/").content.decode()


# --- the site's own choice ---


def test_the_last_four_alone(chat: Conversation) -> None:
    SiteSettings.objects.update_or_create(pk=1, defaults={"card_digits": "last"})
    sitelimits.forget()
    assert post_entry(chat, make_participant(chat), SPOKEN, "one").body == "•••• •••• •••• 1111"


def test_switched_off_nothing_is_hidden(chat: Conversation) -> None:
    SiteSettings.objects.update_or_create(pk=1, defaults={"masks_cards": False})
    sitelimits.forget()
    assert post_entry(chat, make_participant(chat), SPOKEN, "one").body == SPOKEN
    assert len(bodies(chat)) == 1


def test_a_pattern_hides_at_every_door_and_says_so(chat: Conversation, cast: Cast) -> None:
    SensitivePattern.objects.create(name="Customers", pattern=r"KD-\d{6}", replacement="[customer]")
    sitelimits.forget()
    assert post_entry(chat, make_participant(chat), "I am KD-123456", "one").body == "I am [customer]"
    assert post_note(cast.alice, chat.ref, "KD-123456", "two").body == "[customer]"
    assert "this desk keeps no such details" in bodies(chat)[1]


def test_a_pattern_that_is_none_stops_nobody(chat: Conversation) -> None:
    SensitivePattern.objects.create(name="Broken", pattern="(", replacement="x")
    SensitivePattern.objects.create(name="Off", pattern="Hello", replacement="x", is_active=False)
    sitelimits.forget()
    assert post_entry(chat, make_participant(chat), "Hello", "one").body == "Hello"


def test_a_slow_pattern_is_counted_and_no_log_says_on_what(
    chat: Conversation, caplog: pytest.LogCaptureFixture
) -> None:
    slow = SensitivePattern.objects.create(name="Slow", pattern="(?:a|aa)+[?]", replacement="[hidden]")
    sitelimits.forget()
    post_entry(chat, make_participant(chat), "b" * 300 + " " + "a" * 60 + "! ?", "one")
    assert [each.getMessage() for each in caplog.records] == [f"Sensitive pattern {slow.pk} ran out of time on a text."]


# --- live ---


async def test_live_neither_side_ever_sees_it(cast: Cast, sockets: Sockets) -> None:
    alice, vera = await sockets.operator(cast.alice), await sockets.visitor()
    ref = (await begun(vera))["conversation"]
    await alice.event("conversation.assigned")
    said = await vera.command("entry.post", client_id="v1", body=f"Card {SPOKEN}")
    assert said["type"] == "ok"
    shown = await alice.event("entry.posted", body=f"Card {SHOWN}")
    assert shown["seq"] == said["seq"]
    assert shown["author"] == {"kind": "visitor"}
    await vera.event("entry.posted", kind="notice")
    await alice.command("entry.post", conversation=ref, client_id="a1", body=f"You wrote {SPOKEN}?")
    await vera.event("entry.posted", body=f"You wrote {SHOWN}?")
    await vera.command("entry.post", client_id="v2", body="4111 1111")
    await vera.command("entry.post", client_id="v3", body="1111 1111")
    await alice.event("entry.posted", body="•••• ••••")
    assert not holds_number(json.dumps([alice.frames, vera.frames], ensure_ascii=False))
    assert not holds_number(await sync_to_async(everything)())
    assert alice.entries == vera.entries[-len(alice.entries) :] or vera.entries


async def test_live_a_pattern_works_on_messages_and_previews(cast: Cast, sockets: Sockets) -> None:
    await SensitivePattern.objects.acreate(name="Customers", pattern=r"KD-\d{6}", replacement="[customer]")
    await Button.objects.filter(slug="sales").aupdate(typing_preview=Preview.PREVIEW)
    sitelimits.forget()
    alice, vera = await sockets.operator(cast.alice), await sockets.visitor()
    await begun(vera, "I am KD-123456")
    await alice.event("conversation.assigned")
    await vera.command("typing", text="again KD-123456")
    assert (await alice.event("typing.preview"))["text"] == "again [customer]"
    await vera.command("entry.post", client_id="v1", body="yes, KD-123456")
    await alice.event("entry.posted", body="yes, [customer]")


async def test_while_it_is_typed_only_the_beginning_is_shown(cast: Cast, sockets: Sockets) -> None:
    await Button.objects.filter(slug="sales").aupdate(typing_preview=Preview.PREVIEW)
    alice, vera = await sockets.operator(cast.alice), await sockets.visitor()
    await begun(vera)
    await alice.event("conversation.assigned")
    for size in range(1, len(SPOKEN) + 1, 3):
        await vera.command("typing", text=SPOKEN[:size])
        await asyncio.sleep(0.05)
    await vera.command("typing", text=SPOKEN)
    assert (await alice.event("typing.preview", text=SHOWN))["text"] == SHOWN
    previews = [each["text"] for each in alice.heard("typing.preview")]
    assert all(sum(map(str.isdigit, text)) <= 10 for text in previews)
    assert not any(text.startswith("4111 1111") for text in previews)
