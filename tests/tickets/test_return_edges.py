"""The visitor's way back at its edges: passes that are stale, codes that are wrong, forms that come twice."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from chatdesk import pace
from chatdesk.models import Conversation, Visitor
from chatdesk.permissions import VISITOR_COOKIE
from tests.factories import Cast, make_conversation, make_entry
from tests.tickets.departed import answered, later, left_chat, opened, path, room, secret
from tickets.actions import correspondents, pickup
from tickets.models import Correspondent, MailSettings, OutgoingMail, PickupBox, PickupOpening
from tickets.views.returning import passes, tries
from transcripts.models import Form

ADDRESS = "vera@home.test"
GARBAGE = ["", "x", "1.abc", "visitor.1-abc", ":::", "...", "\x00", "1.a:2.b", "9" * 4000]


@pytest.fixture(autouse=True)
def unhurried() -> None:
    for buckets in (tries.openings, tries.codes, tries.addresses, tries.copies, pace.visitor_posts):
        buckets.clear()


@pytest.fixture
def conversation(cast: Cast) -> Conversation:
    return left_chat(cast)


@pytest.fixture
def mail(db: None) -> None:
    own = MailSettings.load()
    own.relay_domain = "relay.test"
    own.save()


@pytest.fixture
def vera(conversation: Conversation, mail: None) -> Correspondent:
    """She left an address, which nobody has proven yet."""
    return correspondents.of_visitor(conversation, ADDRESS, "Vera")


def deeds(conversation: Conversation) -> list[str]:
    found = PickupOpening.objects.filter(box__conversation=conversation).order_by("pk")
    return list(found.values_list("deed", flat=True))


def words_of(conversation: Conversation) -> str:
    return pickup.box_of(conversation).words


# --- passes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", GARBAGE)
def test_a_pass_that_we_did_not_write_opens_nothing(conversation: Conversation, text: str) -> None:
    client = Client()
    client.cookies[passes.COOKIE] = text
    assert client.get("/return/").status_code == 200
    assert client.get(room(conversation)).status_code == 404


def test_a_pass_of_another_salt_opens_nothing(conversation: Conversation) -> None:
    client = opened(conversation)
    client.cookies["chat"] = client.cookies[passes.COOKIE].value
    del client.cookies[passes.COOKIE]
    assert client.get(room(conversation)).status_code == 404


def test_the_last_ten_boxes_stay_open_in_a_browser(cast: Cast) -> None:
    client, chats = Client(), []
    for _ in range(passes.MOST + 2):
        tries.openings.clear()
        chats.append(make_conversation(cast.sales_button))
        make_entry(chats[-1])
        assert client.post(path(chats[-1])).status_code == 302
    found = [client.get(room(each)).status_code for each in chats]
    assert found == [404, 404] + [200] * passes.MOST


def test_opening_one_again_does_not_push_another_out(cast: Cast, conversation: Conversation) -> None:
    other = make_conversation(cast.support_button, cast.walt)
    make_entry(other)
    client = opened(conversation)
    for _ in range(3):
        client.post(path(other))
    assert [client.get(room(each)).status_code for each in (conversation, other)] == [200, 200]


def test_a_new_link_closes_what_the_former_one_opened(conversation: Conversation) -> None:
    client = opened(conversation)
    pickup.boxes.renew(PickupBox.objects.get())
    assert client.get(room(conversation)).status_code == 404
    assert opened(conversation).get(room(conversation)).status_code == 200


def test_who_opened_it_sees_no_other_conversation_of_the_same_visitor(cast: Cast, conversation: Conversation) -> None:
    other = make_conversation(cast.support_button, cast.vera, cast.bob)
    make_entry(other, "Between me and Bob")
    client = opened(conversation)
    for part in ("", "export/", "export/?form=json", "delete/"):
        assert client.get(f"{room(other)}{part}").status_code == 404, part
    for part in ("", "mail/", "delete/"):
        assert client.post(f"{room(other)}{part}", {"body": "x"}).status_code == 404, part
    assert "Between me and Bob" not in client.get("/return/").content.decode()


@pytest.mark.parametrize("field", ["erased_at", "hidden_at"])
def test_what_is_gone_opens_for_nobody_any_more(cast: Cast, conversation: Conversation, field: str) -> None:
    client, own = opened(conversation), Client()
    own.cookies[VISITOR_COOKIE] = cast.vera.token
    file = answered(cast, conversation)
    Conversation.objects.filter(pk=conversation.pk).update(**{field: timezone.now()})
    for each in (client, own):
        assert each.get(room(conversation)).status_code == 404
        assert each.get(f"/return/files/{file.key}/").status_code == 404
        assert room(conversation) not in each.get("/return/").content.decode()


def test_a_visitor_who_is_gone_has_no_pass(cast: Cast, conversation: Conversation) -> None:
    client = Client()
    client.post("/return/here/sales/", headers={"authorization": f"Bearer {cast.vera.token}"})
    Conversation.objects.filter(pk=conversation.pk).update(visitor=cast.walt.visitor)
    Visitor.objects.filter(pk=cast.vera.visitor.pk).delete()
    assert client.get(room(conversation)).status_code == 404


# --- documents -------------------------------------------------------------------------------------------------------


def test_a_document_is_written_down_when_it_is_fetched_and_not_when_it_is_looked_for(
    cast: Cast, conversation: Conversation
) -> None:
    file = answered(cast, conversation)
    client = opened(conversation)
    assert client.head(f"/return/files/{file.key}/").status_code == 200
    assert "collected" not in deeds(conversation)
    assert b"".join(client.get(f"/return/files/{file.key}/")) == b"The contract.\n"
    assert deeds(conversation)[-1] == "collected"
    assert Client().get(f"/return/files/{file.key}/").status_code == 404
    assert client.post(f"/return/files/{file.key}/").status_code == 405


def test_words_that_were_said_do_not_stand_in_the_box_when_a_file_is_refused(conversation: Conversation) -> None:
    client = opened(conversation)
    program = SimpleUploadedFile("setup.exe", b"MZ" + bytes(100), "application/octet-stream")
    shown = client.post(room(conversation), {"body": "Please run this", "client_id": "a" * 32, "file": program})
    assert shown.status_code in (415, 422)
    assert conversation.entries.filter(body="Please run this").count() == 1
    box = re.search(r"<textarea[^>]*>([^<]*)</textarea>", shown.content.decode())
    assert box is not None
    assert box[1].strip() == "", "sent again with another file, they would be said twice"


def test_a_mark_with_a_nul_is_a_mark(conversation: Conversation) -> None:
    client = opened(conversation)
    for _ in range(2):
        assert client.post(room(conversation), {"body": "Once", "client_id": "m\x00n"}).status_code == 302
    assert conversation.entries.filter(body="Once").count() == 1
    assert conversation.entries.get(body="Once").client_id == "mn"


def test_who_writes_too_fast_is_asked_to_wait_and_keeps_their_words(
    conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatdesk.buckets.time", SimpleNamespace(monotonic=lambda: 1000.0))
    client = opened(conversation)
    found = [
        client.post(room(conversation), {"body": f"Word {number}", "client_id": f"{number:032}"}).status_code
        for number in range(40)
    ]
    assert 429 in found
    last = client.post(room(conversation), {"body": "My last word", "client_id": "z" * 32})
    assert (last.status_code, "My last word" in last.content.decode()) == (429, True)


# --- words and codes -------------------------------------------------------------------------------------------------


def test_words_with_a_code_lead_in_too(conversation: Conversation, vera: Correspondent, client: Client) -> None:
    words = words_of(conversation)
    PickupBox.objects.update(asks_code=True)
    assert "code" in client.post("/return/", {"words": words}).content.decode()
    sent = client.post("/return/code/", {"words": words})
    assert "on its way" in sent.content.decode()
    code = pickup.code_of(conversation)
    wrong = client.post("/return/", {"words": words, "code": str((int(code) + 1) % 10**6).zfill(6)})
    assert wrong.status_code == 403
    assert code not in wrong.content.decode()
    right = client.post("/return/", {"words": words, "code": f" {code[:3]} {code[3:]} "})
    assert (right.status_code, right["Location"]) == (302, room(conversation))
    vera.refresh_from_db()
    assert vera.is_proven


@pytest.mark.parametrize("code", ["", "abc", "\x00", "٠٠٠٠٠٠", "0" * 5000, "🔑"])
def test_what_is_no_code_counts_as_a_try(
    conversation: Conversation, vera: Correspondent, client: Client, code: str
) -> None:
    PickupBox.objects.update_or_create(conversation=conversation, defaults={"expires_at": timezone.now()})
    box = pickup.living_box(conversation).row
    box.asks_code = True
    box.save()
    pickup.send_code(box)
    assert client.post(path(conversation), {"code": code}).status_code == 403
    box.refresh_from_db()
    assert (box.code_tries, bool(box.sealed_code)) == (1, True)
    assert deeds(conversation) == ["refused"]


def test_a_code_is_not_mailed_for_a_box_that_asks_for_none(
    conversation: Conversation, vera: Correspondent, client: Client
) -> None:
    for facts in (
        {"token": secret(conversation)},
        {"words": words_of(conversation)},
        {"token": "x"},
        {"words": "x"},
        {},
    ):
        assert client.post("/return/code/", facts).status_code == 404
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("gone", ["expired", "revoked"])
def test_a_code_is_not_mailed_for_a_box_that_opens_no_more(
    cast: Cast, conversation: Conversation, vera: Correspondent, client: Client, gone: str
) -> None:
    token = secret(conversation)
    PickupBox.objects.update(asks_code=True)
    if gone == "expired":
        later(conversation, days=31)
    else:
        pickup.revoke_link(cast.alice, conversation.ref)
    assert client.post("/return/code/", {"token": token}).status_code == 404
    assert not OutgoingMail.objects.exists()


def test_codes_are_not_mailed_without_end(conversation: Conversation, vera: Correspondent) -> None:
    token = secret(conversation)
    PickupBox.objects.update(asks_code=True)
    networks = [Client(REMOTE_ADDR=f"198.51.{number}.1") for number in range(6)]
    found = [each.post("/return/code/", {"token": token}).status_code for each in networks]
    assert found[:3] == [200] * 3
    assert set(found[3:]) == {429}
    assert OutgoingMail.objects.count() == 3


def test_no_code_is_promised_where_nobody_could_get_it(conversation: Conversation, mail: None, client: Client) -> None:
    token = secret(conversation)
    PickupBox.objects.update(asks_code=True)
    told = client.post("/return/code/", {"token": token})
    assert told.status_code == 422
    assert "on its way" not in told.content.decode()


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_doors_take_no_other_method(conversation: Conversation, client: Client, method: str) -> None:
    for where in ("/return/", path(conversation), room(conversation), f"{room(conversation)}delete/"):
        assert getattr(client, method)(where).status_code == 405, where
    for where in ("/return/code/", "/return/here/sales/", f"{room(conversation)}mail/"):
        assert client.get(where).status_code == 405, where


def test_a_look_by_head_takes_nothing_either(conversation: Conversation, client: Client) -> None:
    assert client.head(path(conversation)).status_code == 200
    assert deeds(conversation) == ["seen"]
    assert PickupBox.objects.get().collected_seq == 0


def test_eight_words_of_the_list_that_nobody_has_open_nothing(conversation: Conversation, client: Client) -> None:
    told = client.post("/return/", {"words": " ".join(["abandon"] * 8)})
    assert told.status_code in (404, 422)
    assert "Traceback" not in told.content.decode()
    assert told["Referrer-Policy"] == "no-referrer"


# --- saved and mailed ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [*Form.values, "json", "", "exe", "PDF", "../html", "\x00"])
def test_each_form_is_a_file_that_runs_nothing(cast: Cast, conversation: Conversation, form: str) -> None:
    make_entry(conversation, "<script>alert(1)</script> שלום", cast.alice)
    told = opened(conversation).get(f"{room(conversation)}export/", {"form": form})
    assert told.status_code == 200
    assert told["Content-Disposition"].startswith("attachment")
    assert told["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in told["Content-Security-Policy"]
    if told["Content-Type"].startswith("text/html"):
        assert b"<script>alert" not in told.content
    if form == "json":
        assert "<script>alert(1)</script> שלום" in json.dumps(json.loads(told.content), ensure_ascii=False)


def test_copies_are_not_made_without_end(conversation: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:
    client = opened(conversation)
    tries.copies.clear()
    found = [client.get(f"{room(conversation)}export/?form=text").status_code for _ in range(40)]
    assert (found[0], found[-1]) == (200, 429)


def test_a_copy_goes_to_a_proven_address_alone(conversation: Conversation, vera: Correspondent) -> None:
    client = opened(conversation)

    def mails(**facts: Any) -> str:
        return client.post(f"{room(conversation)}mail/", {"form": "pdf", **facts}).content.decode()

    assert ADDRESS not in mails()
    assert [row.kind for row in OutgoingMail.objects.all()] == ["notice"]
    assert client.post(f"{room(conversation)}mail/", {"code": "nonsense"}).status_code == 403
    assert OutgoingMail.objects.count() == 1
    assert ADDRESS not in mails(code=pickup.code_of(conversation))
    assert [row.kind for row in OutgoingMail.objects.order_by("pk")] == ["notice", "record"]
    mails(form="exe")  # proven now: no other code
    assert [row.facts["form"] for row in OutgoingMail.objects.filter(kind="record").order_by("pk")] == ["pdf", "pdf"]


def test_without_an_address_nothing_is_mailed_and_that_is_said(conversation: Conversation, mail: None) -> None:
    told = opened(conversation).post(f"{room(conversation)}mail/", {"form": "pdf"})
    assert told.status_code == 422
    assert "No address of yours is known here" in told.content.decode()
    assert not OutgoingMail.objects.exists()


def test_a_desk_without_mail_says_so(conversation: Conversation) -> None:
    correspondents.of_visitor(conversation, ADDRESS)
    Correspondent.objects.update(is_proven=True)
    told = opened(conversation).post(f"{room(conversation)}mail/", {"form": "pdf"})
    assert told.status_code == 422
    assert "does not send mail yet" in told.content.decode()


@pytest.mark.parametrize("language", ["ar", "de"])
def test_the_way_back_is_shown_in_the_visitor_s_language(conversation: Conversation, language: str) -> None:
    client = opened(conversation)
    for where in (room(conversation), "/return/", f"{room(conversation)}delete/"):
        told = client.get(where, headers={"accept-language": language}).content.decode()
        assert f'lang="{language}"' in told, where
        assert ('dir="rtl"' in told) is (language == "ar"), where
