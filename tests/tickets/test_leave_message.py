"""Who writes while nobody is there, or goes: documents come along, and a way back is shown, with or without address."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.sealing import unseal
from chatdesk import pace
from chatdesk.actions.conversations import start
from chatdesk.models import Button, Conversation, FieldRule, File, SiteSettings
from chatdesk.permissions import VISITOR_COOKIE
from chatdesk.protocol import Code, Refused
from chatdesk.sitelimits import forget
from tests.factories import Cast, make_conversation, make_entry, make_guest
from tickets.actions import pickup
from tickets.models import Correspondent, MailSettings, OutgoingMail, PickupBox
from tickets.views.returning import tries

ADDRESS = "vera@home.test"


@pytest.fixture(autouse=True)
def unhurried() -> None:
    for buckets in (tries.openings, tries.codes, tries.addresses, pace.starts):
        buckets.clear()


@pytest.fixture
def mail(db: None) -> MailSettings:
    settings = MailSettings.load()
    settings.relay_domain = "relay.test"
    settings.save()
    return settings


def document(name: str = "contract.txt", content: bytes = b"The contract.\n") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "text/plain")


def writes(client: Client, path: str = "/chat/sales/", **form: object) -> Any:
    return client.post(path, {"body": "Please look at this", "client_id": "a" * 32, **form})


def newest() -> Conversation:
    return Conversation.objects.latest("pk")


# --- without script --------------------------------------------------------------------------------------------------


def test_documents_come_with_the_first_message(cast: Cast, client: Client) -> None:
    response = writes(client, file=[document(), document("second.txt", b"More.\n")])
    assert response.status_code == 302
    assert [entry.body for entry in newest().entries.order_by("seq")] == [
        "Please look at this",
        "contract.txt",
        "second.txt",
    ]
    page = client.get("/chat/sales/").content.decode()
    assert "second.txt" in page
    box = pickup.box_of(newest())
    assert box.link in page
    assert box.words in page
    assert "<svg" in page


def test_the_link_that_was_shown_leads_back_in_another_browser(cast: Cast, client: Client) -> None:
    writes(client, file=document())
    page = client.get("/chat/sales/").content.decode()
    found = re.search(r"http://[^\"<]+(/return/[\w-]{43}/)", page)
    assert found is not None
    other = Client()
    led = other.post(found[1])
    assert "contract.txt" in other.get(led["Location"]).content.decode()


def test_documents_come_with_later_messages_too(cast: Cast, client: Client) -> None:
    writes(client)
    writes(client, client_id="b" * 32, file=document())
    writes(client, client_id="b" * 32, file=document())
    assert newest().entries.filter(kind="file").count() == 1
    assert newest().entries.count() == 3


def test_a_refused_document_says_why_and_the_words_are_kept(cast: Cast, client: Client) -> None:
    response = writes(client, file=document("empty.txt", b""))
    assert response.status_code == 422
    page = response.content.decode()
    assert "empty.txt: " in page
    assert response.cookies[VISITOR_COOKIE].value
    assert newest().entries.get().body == "Please look at this"
    assert 'data-state="new"' not in page
    again = writes(client, client_id="c" * 32, file=document("empty.txt", b""))
    assert again.status_code == 422
    assert newest().entries.count() == 2


def test_too_much_at_once_changes_nothing(cast: Cast, client: Client) -> None:
    SiteSettings.objects.update_or_create(pk=1, defaults={"file_limit_mb": 1})
    forget()
    response = writes(client, file=document("large.txt", b"x" * 1_000_001))
    assert response.status_code == 413
    assert not Conversation.objects.exists()
    assert not File.objects.exists()
    forget()


def test_an_address_is_asked_for_where_the_form_does_not(cast: Cast, client: Client, mail: MailSettings) -> None:
    page = client.get("/chat/sales/").content.decode()
    assert 'name="reply_to"' in page
    assert "used for that alone" in page
    Button.objects.filter(slug="sales").update(email_field=FieldRule.OPTIONAL)
    assert 'name="reply_to"' not in client.get("/chat/sales/").content.decode()


def test_a_desk_without_mail_asks_for_no_address(cast: Cast, client: Client) -> None:
    assert 'name="reply_to"' not in client.get("/chat/sales/").content.decode()
    writes(client, reply_to=ADDRESS)
    assert not OutgoingMail.objects.exists()


def test_an_address_is_kept_sealed_and_told_by_one_mail(cast: Cast, client: Client, mail: MailSettings) -> None:
    writes(client, reply_to=ADDRESS)
    writes(client, reply_to=ADDRESS)  # the same form again
    conversation = newest()
    assert conversation.email == ""
    to = Correspondent.objects.get(conversation=conversation)
    assert unseal(to.sealed_address) == ADDRESS
    row = OutgoingMail.objects.get()
    assert (row.kind, row.to) == (OutgoingMail.Kind.RETURN_LINK, to)
    page = client.get("/chat/sales/").content.decode()
    assert ADDRESS not in page
    assert "We also write to the address that you left" in page


def test_what_is_no_address_is_refused_before_anything_is_kept(cast: Cast, client: Client, mail: MailSettings) -> None:
    response = writes(client, reply_to="nowhere")
    assert response.status_code == 422
    assert "nowhere" in response.content.decode()
    assert not Conversation.objects.exists()


def test_the_socket_s_first_message_may_bring_it_too(cast: Cast, mail: MailSettings) -> None:
    begun = start(cast.sales_button, None, "d" * 32, "Hello", fields={"reply_to": ADDRESS})
    assert pickup.visitor_by_mail(begun.conversation) is not None
    with pytest.raises(Refused) as refused:
        start(cast.support_button, None, "e" * 32, "Hello", fields={"reply_to": "x"})
    assert refused.value.code == Code.FORM


# --- the part of the page that script asks for -----------------------------------------------------------------------


def asks(client: Client, token: str, **form: str) -> Any:
    return client.post("/return/here/sales/", form, headers={"authorization": f"Bearer {token}"})


def test_the_part_shows_the_visitor_s_own_box(cast: Cast, client: Client) -> None:
    guest = make_guest()
    conversation = make_conversation(cast.sales_button, guest, cast.alice)
    shown = asks(client, guest.token).content.decode()
    box = pickup.box_of(conversation)
    assert box.link in shown
    assert box.words in shown
    assert "no-store" in asks(client, guest.token)["Cache-Control"]


def test_nobody_else_is_shown_it(cast: Cast, client: Client) -> None:
    conversation = make_conversation(cast.sales_button, cast.vera, cast.alice)
    assert asks(client, "wrong").status_code == 403
    assert client.post("/return/here/sales/").status_code == 403
    assert asks(client, cast.walt.token).status_code == 404
    assert client.get("/return/here/sales/").status_code == 405
    client.cookies[VISITOR_COOKIE] = cast.vera.token
    foreign = client.post("/return/here/sales/", headers={"sec-fetch-site": "cross-site"})
    assert foreign.status_code == 403
    assert not PickupBox.objects.filter(conversation=conversation).exists()


def test_an_address_can_be_left_at_the_end(cast: Cast, client: Client, mail: MailSettings) -> None:
    conversation = make_conversation(cast.sales_button, cast.vera, cast.alice, closed=True)
    assert "Or shall we tell you by mail" in asks(client, cast.vera.token).content.decode()
    told = asks(client, cast.vera.token, address=ADDRESS, name="ending").content.decode()
    assert "We also write" in told
    assert 'id="link-ending"' in told
    assert OutgoingMail.objects.get().to == pickup.visitor_by_mail(conversation)


def test_what_is_no_address_is_said_there(cast: Cast, client: Client, mail: MailSettings) -> None:
    make_conversation(cast.sales_button, cast.vera, cast.alice)
    assert "look right" in asks(client, cast.vera.token, address="x").content.decode()
    assert not Correspondent.objects.exists()


def test_addresses_are_not_taken_without_end(cast: Cast, client: Client, mail: MailSettings) -> None:
    make_conversation(cast.sales_button, cast.vera, cast.alice)
    for _ in range(6):
        asks(client, cast.vera.token, address=ADDRESS)
    assert OutgoingMail.objects.count() == 3


def test_without_script_the_form_leads_back_to_the_page(cast: Cast, client: Client, mail: MailSettings) -> None:
    conversation = make_conversation(cast.sales_button, cast.vera, cast.alice, closed=True)
    client.cookies[VISITOR_COOKIE] = cast.vera.token
    response = client.post("/return/here/sales/", {"address": ADDRESS})
    assert response["Location"] == "/chat/sales/"
    assert pickup.visitor_by_mail(conversation) is not None


def test_before_the_end_the_way_back_is_shown(cast: Cast, client: Client) -> None:
    conversation = make_conversation(cast.sales_button, cast.vera, cast.alice)
    make_entry(conversation, "Hello")
    client.cookies[VISITOR_COOKIE] = cast.vera.token
    assert "/return/" not in client.get("/chat/sales/").content.decode().replace("/return/here/", "")
    assert not PickupBox.objects.exists()
    asked = client.get("/chat/sales/?end").content.decode()
    assert pickup.box_of(conversation).words in asked


def test_what_expired_is_made_anew_for_who_is_here_and_what_was_withdrawn_is_not(cast: Cast, client: Client) -> None:
    conversation = make_conversation(cast.sales_button, cast.vera, cast.alice)
    pickup.box_of(conversation)
    PickupBox.objects.update(expires_at=timezone.now())
    assert "/return/" in asks(client, cast.vera.token).content.decode()
    assert pickup.box_of(conversation).is_open
    pickup.revoke_link(cast.alice, conversation.ref)
    shown = asks(client, cast.vera.token).content.decode()
    assert "was withdrawn" in shown
    assert "<svg" not in shown


def test_looking_at_the_page_makes_no_box(client: Client, cast: Cast) -> None:
    assert "keeper" in client.get("/chat/sales/").content.decode()
    assert not PickupBox.objects.exists()
