"""What is the visitor's own: listed for them, saved by them, and deleted when they wish it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.dispatch import Signal
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry
from chatdesk.actions.erasing import erase
from chatdesk.actions.files import sweep_erased
from chatdesk.actions.files.storing import place_of
from chatdesk.models import Conversation, Entry, File, Note
from chatdesk.permissions import VISITOR_COOKIE, visitor_of_token
from chatdesk.protocol import Code, Refused
from chatdesk.signals import visitor_erasing
from tests.factories import Cast, make_conversation, make_entry
from tests.tickets.departed import answered, left_chat, opened, room
from tickets.actions import correspondents, pickup
from tickets.actions.knowing import forgotten_id
from tickets.models import Correspondent, IncomingMail, Letter, OutgoingMail, PickupBox, Ticket
from tickets.views.returning import tries

ADDRESS = "vera@home.test"


@pytest.fixture(autouse=True)
def unhurried() -> None:
    tries.openings.clear()


@pytest.fixture
def conversation(cast: Cast) -> Conversation:
    return left_chat(cast)


def own_browser(cast: Cast) -> Client:
    client = Client()
    client.cookies[VISITOR_COOKIE] = cast.vera.token
    return client


# --- listed ----------------------------------------------------------------------------------------------------------


def test_all_their_conversations_are_listed_and_nobody_else_s(cast: Cast, conversation: Conversation) -> None:
    second = make_conversation(cast.support_button, cast.vera, cast.bob)
    theirs = make_conversation(cast.sales_button, cast.walt, cast.alice)
    answered(cast, conversation)
    page = own_browser(cast).get("/return/").content.decode()
    assert room(conversation) in page
    assert room(second) in page
    assert room(theirs) not in page
    assert "one file" in page
    assert "something new" in page
    assert room(conversation) not in Client().get("/return/").content.decode()


def test_a_page_with_script_shows_its_token_once_and_then_links_work(cast: Cast, conversation: Conversation) -> None:
    client = Client()
    client.post("/return/here/sales/", headers={"authorization": f"Bearer {cast.vera.token}"})
    assert client.cookies["return"]["httponly"]
    assert room(conversation) in client.get("/return/").content.decode()
    assert client.get(room(conversation)).status_code == 200
    cast.vera.visitor.token_hash = "another"
    cast.vera.visitor.save()
    assert client.get(room(conversation)).status_code == 404


def test_what_was_merged_goes_on_in_the_other_conversation(cast: Cast, conversation: Conversation) -> None:
    other = make_conversation(cast.sales_button, cast.vera, cast.alice)
    make_entry(other, "The newer one")
    target = Ticket.objects.create(conversation=other)
    Ticket.objects.create(conversation=conversation, merged_into=target)
    client = opened(conversation)
    old = client.get(room(conversation)).content.decode()
    assert "Could you send me the contract?" in old
    assert room(other) in old
    assert "The newer one" in client.get(room(other)).content.decode()
    written = client.post(room(conversation), {"body": "Here I am", "client_id": "a" * 32})
    assert written["Location"].startswith(room(other))
    assert other.entries.filter(body="Here I am").exists()


def test_what_was_merged_into_somebody_else_s_does_not_open_it(cast: Cast, conversation: Conversation) -> None:
    theirs = make_conversation(cast.sales_button, cast.walt, cast.alice)
    Ticket.objects.create(conversation=conversation, merged_into=Ticket.objects.create(conversation=theirs))
    client = opened(conversation)
    assert client.get(room(conversation)).status_code == 200
    assert client.get(room(theirs)).status_code == 404


# --- saved -----------------------------------------------------------------------------------------------------------


def test_a_conversation_is_saved_in_three_forms(cast: Cast, conversation: Conversation) -> None:
    client = opened(conversation)
    Conversation.objects.filter(pk=conversation.pk).update(email=ADDRESS)
    told = client.get(f"{room(conversation)}export/?form=json")
    assert json.loads(told.content)["visitor"]["email"] == ADDRESS
    assert "attachment" in told["Content-Disposition"]
    assert b"the contract?" in client.get(f"{room(conversation)}export/?form=text").content
    assert client.get(f"{room(conversation)}export/?form=exe")["Content-Type"].startswith("text/html")
    assert Client().get(f"{room(conversation)}export/").status_code == 404


# --- deleted ---------------------------------------------------------------------------------------------------------


def test_deleting_is_asked_once_and_then_done(cast: Cast, conversation: Conversation) -> None:
    file = answered(cast, conversation, "A secret answer")
    client = own_browser(cast)
    assert "can't be undone" in " ".join(client.get(f"{room(conversation)}delete/").content.decode().split())
    assert Entry.objects.filter(body="A secret answer").exists()
    response = client.post(f"{room(conversation)}delete/")
    assert "was deleted" in client.get(response["Location"]).content.decode()
    assert client.get(room(conversation)).status_code == 404
    assert client.get(f"/files/{file.key}/").status_code == 404


def test_words_names_and_files_go_and_the_record_stays(cast: Cast, conversation: Conversation) -> None:
    Conversation.objects.filter(pk=conversation.pk).update(name="Vera", email=ADDRESS, page="https://x.test/vera")
    Note.objects.create(
        conversation=conversation, number=1, author=cast.alice, body="She is Vera", after_seq=1, client_id="n"
    )
    file = answered(cast, conversation)
    erase(conversation)
    conversation.refresh_from_db()
    assert (conversation.name, conversation.email, conversation.page) == ("", "", "")
    assert conversation.closed_at is not None
    assert conversation.erased_at is not None
    said = conversation.entries.filter(kind__in=("message", "file"))
    assert {entry.body for entry in said} == {"Deleted at the visitor's wish."}
    assert [entry.seq for entry in conversation.entries.order_by("seq")] == [1, 2, 3, 4]
    assert Note.objects.get().body == "Deleted at the visitor's wish."
    assert visitor_of_token(cast.vera.token) is None
    assert default_storage.exists(place_of(file.key))
    assert sweep_erased() == 1
    assert sweep_erased() == 0
    assert not default_storage.exists(place_of(file.key))
    file.refresh_from_db()
    assert (file.state, file.sha256) == (File.State.ERASED, "")
    assert AuditEntry.objects.get(action="chat.erase").object_name == conversation.ref


def test_twice_is_once_and_other_conversations_stay(cast: Cast, conversation: Conversation) -> None:
    other = make_conversation(cast.support_button, cast.vera, cast.bob)
    make_entry(other, "This stays")
    erase(conversation)
    erase(conversation)
    assert AuditEntry.objects.filter(action="chat.erase").count() == 1
    assert other.entries.get().body == "This stays"
    assert visitor_of_token(cast.vera.token) == cast.vera.visitor
    assert room(conversation) not in own_browser(cast).get("/return/").content.decode()


def test_storage_that_is_down_is_tried_again(
    cast: Cast, conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered(cast, conversation)
    erase(conversation)
    with monkeypatch.context() as broken:
        broken.setattr(type(default_storage), "delete", property(lambda self: 1 / 0), raising=False)
        assert sweep_erased() == 0
    assert sweep_erased() == 1


def test_who_must_keep_it_can_forbid_it_with_a_reason(cast: Cast, conversation: Conversation) -> None:
    def on_hold(conversation: Conversation, **kwargs: Any) -> str:
        return "It is held for a court."

    visitor_erasing.connect(on_hold)
    try:
        with pytest.raises(Refused) as refused:
            erase(conversation)
        page = own_browser(cast).post(f"{room(conversation)}delete/")
    finally:
        visitor_erasing.disconnect(on_hold)
    assert refused.value.code == Code.CONFLICT
    assert page.status_code == 409
    assert "held for a court" in page.content.decode()
    assert conversation.entries.get().body == "Could you send me the contract?"
    assert isinstance(visitor_erasing, Signal)


def test_what_mail_keeps_goes_too(cast: Cast, conversation: Conversation) -> None:
    to = correspondents.of_visitor(conversation, ADDRESS, "Vera")
    mail = IncomingMail.objects.create(
        via="smtp", recipient="t@relay.test", envelope_from=ADDRESS, digest="d", raw=b"From: vera", size=9,
        conversation=conversation, message_id="<1@home.test>", sender_hash="h",
    )  # fmt: skip
    entry = make_entry(conversation, "By mail")
    letter = Letter.objects.create(entry=entry, incoming=mail, sender=to, subject="Vera's", sealed_original="sealed")
    waiting = OutgoingMail.objects.create(
        kind="relay", conversation=conversation, to=to, content=b"x", message_id="m", verp="v", first_seq=1
    )
    ticket = Ticket.objects.create(conversation=conversation, subject="Vera's contract")
    pickup.box_of(conversation)
    erase(conversation)
    for row in (to, mail, letter, waiting, ticket):
        row.refresh_from_db()
    assert (to.sealed_address, to.name, to.wants_mail) == ("", "", False)
    assert (bytes(mail.raw), mail.envelope_from, mail.sender_hash) == (b"", "", "")
    assert mail.message_id == forgotten_id("<1@home.test>")  # the same mail again must not bring everything back
    assert (letter.subject, letter.sealed_original) == ("", "")
    assert (waiting.state, waiting.content) == ("cancelled", None)
    assert ticket.subject == ""
    assert not PickupBox.objects.exists()
    assert Correspondent.objects.get().address_hash == f"erased-{to.pk}"


def test_the_desk_says_that_it_was_deleted(cast: Cast, conversation: Conversation) -> None:
    erase(conversation)
    desk = Client()
    desk.force_login(cast.alice)
    shown = desk.get(f"/desk/conversations/{conversation.ref}/").content.decode()
    assert f"Deleted by the visitor on {timezone.now():%-d %b %Y}" in shown
