"""A box for who left: made once, opened by link or words, looked at without loss, and closed in time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from chatdesk.models import Conversation, Entry, File, Participant
from chatdesk.protocol import Code, Refused
from tests.factories import Cast, make_conversation, make_entry
from tests.tickets.departed import answered, later, left_chat, opened, path, room, secret
from tickets.actions import pickup
from tickets.actions.pickup import Caller, Standing, boxes
from tickets.composing.eightwords import new_words, read_words
from tickets.models import MailSettings, PickupBox, PickupOpening
from tickets.views.returning import tries

HERE = Caller("203.0.113.9", "Firefox")


@pytest.fixture(autouse=True)
def unhurried() -> None:
    tries.openings.clear()
    tries.codes.clear()


@pytest.fixture
def conversation(cast: Cast) -> Conversation:
    return left_chat(cast)


def deeds(conversation: Conversation) -> list[str]:
    rows = PickupOpening.objects.filter(box__conversation=conversation).order_by("pk")
    return [row.deed for row in rows]


# --- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.once
def test_eight_words_are_88_bits_and_never_the_same() -> None:
    made = {new_words() for _ in range(50)}
    assert len(made) == 50
    assert all(len(each.split()) == 8 for each in made)


@pytest.mark.once
@pytest.mark.parametrize("change", [str.upper, str.title, lambda w: w.replace(" ", "-"), lambda w: f"  {w}. ",
                                    lambda w: w.replace(" ", "\n"), lambda w: " ".join(x[:4] for x in w.split()),
                                    lambda w: ", ".join(f"{n}. {x}" for n, x in enumerate(w.split(), 1))])  # fmt: skip
def test_words_are_read_however_they_are_typed(change: object) -> None:
    words = "abandon zoo letter advice cage absurd amount doctor"
    assert callable(change)
    assert read_words(change(words)) == words


@pytest.mark.once
@pytest.mark.parametrize(
    "typed",
    ["", "abandon", "abandon " * 7, "abandon " * 9, "nowhere " * 8, "abandonment " * 8, "ab " * 8, "\x00", "ä" * 9],
)
def test_what_are_no_eight_words_is_nothing(typed: str) -> None:
    assert read_words(typed) == ""


# --- the box ---------------------------------------------------------------------------------------------------------


def test_a_conversation_has_one_box(conversation: Conversation) -> None:
    first, second = pickup.box_of(conversation), pickup.box_of(conversation)
    assert (first.link, first.words) == (second.link, second.words)
    assert PickupBox.objects.count() == 1
    assert first.link.startswith("http://")
    assert timedelta(days=29) < first.expires_at - timezone.now() <= timedelta(days=30)


def test_the_database_alone_opens_nothing(conversation: Conversation) -> None:
    box = pickup.box_of(conversation)
    kept = " ".join(str(value) for value in PickupBox.objects.values_list().get())
    assert secret(conversation) not in kept
    assert box.words not in kept


def test_a_change_of_the_desk_s_secret_keeps_links_alive(conversation: Conversation, settings: Settings) -> None:
    before = pickup.box_of(conversation)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    assert boxes.of_secret(secret(conversation)) == before.row
    assert boxes.of_words(before.words) == before.row
    settings.SECRET_KEY_FALLBACKS = []
    lost = pickup.box_of(conversation)
    assert not lost.is_open
    assert pickup.living_box(conversation).is_open


def test_it_says_how_it_stands(cast: Cast, conversation: Conversation) -> None:
    assert pickup.box_of(conversation).state == Standing.EMPTY
    answered(cast, conversation)
    assert pickup.box_of(conversation).state == Standing.WAITING
    Participant.objects.filter(conversation=conversation, user=None).update(read_seq=conversation.last_seq)
    assert pickup.box_of(conversation).state == Standing.EMPTY  # read in the chat: nothing waits
    answered(cast, conversation, "One more.")
    pickup.open_by_secret(secret(conversation), HERE)
    assert pickup.box_of(conversation).state == Standing.COLLECTED
    later(conversation, days=31)
    assert pickup.box_of(conversation).state == Standing.EXPIRED


def test_what_expired_is_forgotten_and_made_anew_when_it_is_sent(conversation: Conversation) -> None:
    before = pickup.box_of(conversation)
    assert pickup.expire_boxes() == 0
    later(conversation, days=31)
    assert pickup.expire_boxes() == 1
    assert pickup.expire_boxes() == 0
    assert PickupBox.objects.get().sealed == ""
    assert pickup.box_of(conversation).link == ""
    after = pickup.living_box(conversation)
    assert after.is_open
    assert after.link != before.link
    assert after.words != before.words


def test_the_days_are_a_setting(conversation: Conversation) -> None:
    settings = MailSettings.load()
    settings.return_days = 3
    settings.save()
    assert pickup.box_of(conversation).expires_at < timezone.now() + timedelta(days=4)


# --- opening ---------------------------------------------------------------------------------------------------------


def test_looking_takes_nothing_and_is_written_down(cast: Cast, conversation: Conversation, client: Client) -> None:
    answered(cast, conversation)
    for _ in range(3):
        response = client.get(path(conversation), headers={"user-agent": "SafeLinks"})
        assert response.status_code == 200
        assert b"contract" not in response.content
        assert b"Here it is" not in response.content
    assert client.head(path(conversation)).status_code == 200
    assert pickup.box_of(conversation).state == Standing.WAITING
    assert deeds(conversation) == ["seen"] * 4
    first = PickupOpening.objects.order_by("pk")[0]
    assert (first.address, first.agent) == ("127.0.0.1", "SafeLinks")
    assert client.get(room(conversation)).status_code == 404


def test_the_door_s_address_leaks_to_nobody(conversation: Conversation, client: Client) -> None:
    response = client.get(path(conversation))
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]
    assert "no-store" in response["Cache-Control"]


def test_a_press_opens_and_the_documents_are_there(cast: Cast, conversation: Conversation) -> None:
    file = answered(cast, conversation)
    client = opened(conversation)
    page = client.get(room(conversation))
    assert b"Here it is." in page.content
    assert f"/return/files/{file.key}/" in page.content.decode()
    fetched = client.get(f"/return/files/{file.key}/")
    assert b"".join(fetched) == b"The contract.\n"
    assert "attachment" in fetched["Content-Disposition"]
    assert deeds(conversation) == ["opened", "collected"]
    row = PickupBox.objects.get()
    assert row.collected_seq == conversation.last_seq
    assert row.collected_at is not None
    assert Participant.objects.get(conversation=conversation, user=None).read_seq == conversation.last_seq


def test_words_open_it_too(cast: Cast, conversation: Conversation, client: Client) -> None:
    answered(cast, conversation)
    words = pickup.box_of(conversation).words
    response = client.post("/return/", {"words": words.upper().replace(" ", "-")})
    assert response["Location"] == room(conversation)
    assert b"Here it is." in client.get(room(conversation)).content
    listed = client.get("/return/")
    assert room(conversation) in listed.content.decode()


def test_wrong_words_stand_in_the_form_again(conversation: Conversation, client: Client) -> None:
    pickup.box_of(conversation)
    slip = client.post("/return/", {"words": "abandon zoo"})
    assert slip.status_code == 422
    assert b"abandon zoo" in slip.content
    other = client.post("/return/", {"words": new_words()})
    assert other.status_code == 404


def test_guessing_is_slowed_down(conversation: Conversation, client: Client, settings: Settings) -> None:
    settings.LIMITS = True
    answers = [client.post("/return/", {"words": new_words()}).status_code for _ in range(12)]
    assert answers[:10] == [404] * 10
    assert answers[-1] == 429
    assert client.post(path(conversation)).status_code == 429
    assert client.get(path(conversation)).status_code == 200


def test_only_this_conversation_opens(cast: Cast, conversation: Conversation) -> None:
    other = make_conversation(cast.support_button, cast.vera, cast.bob)
    make_entry(other, "Something else entirely", cast.bob)
    theirs = answered(cast, other)
    client = opened(conversation)
    assert client.get(room(other)).status_code == 404
    assert client.get(f"/return/files/{theirs.key}/").status_code == 404
    assert client.post(room(other), {"body": "Hello", "client_id": "a" * 32}).status_code == 404
    assert Entry.objects.filter(body="Hello").count() == 0


@pytest.mark.parametrize("token", ["x", "x" * 43, "%00", "code", "..%2f"])
def test_a_link_that_leads_nowhere_says_so(db: None, client: Client, token: str) -> None:
    assert client.get(f"/return/{token}/").status_code in (404, 405)
    assert client.post(f"/return/{token}/").status_code == 404


def test_expired_and_withdrawn_links_say_why(cast: Cast, conversation: Conversation, client: Client) -> None:
    address = path(conversation)
    browser = opened(conversation)
    later(conversation, days=31)
    assert b"expired on" in client.get(address).content
    assert client.post(address).status_code == 404
    assert browser.get(room(conversation)).status_code == 404
    pickup.living_box(conversation)
    fresh = path(conversation)
    pickup.revoke_link(cast.alice, conversation.ref)
    assert b"withdrawn" in client.get(fresh).content
    assert client.post(fresh).status_code == 404
    assert deeds(conversation)[-2:] == ["refused", "refused"]


def test_withdrawing_closes_pages_that_are_open(cast: Cast, conversation: Conversation) -> None:
    file = answered(cast, conversation)
    client = opened(conversation)
    pickup.revoke_link(cast.alice, conversation.ref)
    assert client.get(room(conversation)).status_code == 404
    assert client.get(f"/return/files/{file.key}/").status_code == 404
    pickup.renew_link(cast.alice, conversation.ref)
    assert client.get(room(conversation)).status_code == 404  # opened by the former link


def test_a_forged_pass_opens_nothing(conversation: Conversation, client: Client) -> None:
    row = pickup.box_of(conversation).row
    client.cookies["return"] = f"{row.pk}.{row.secret_hash[:12]}"
    assert client.get(room(conversation)).status_code == 404
    client.cookies["return"] = "::.:"
    assert client.get("/return/").status_code == 200


def test_looking_again_is_one_opening_until_something_new_came(cast: Cast, conversation: Conversation) -> None:
    answered(cast, conversation)
    client = opened(conversation)
    client.get(room(conversation))
    client.get(room(conversation))
    assert deeds(conversation) == ["opened"]
    answered(cast, conversation, "And this.")
    client.get(room(conversation))
    assert deeds(conversation) == ["opened", "opened"]


# --- answering -------------------------------------------------------------------------------------------------------


def test_an_answer_comes_into_the_same_conversation(cast: Cast, conversation: Conversation) -> None:
    client = opened(conversation)
    sent = SimpleUploadedFile("signed.txt", b"Signed.\n", "text/plain")
    form = {"body": "Thank you.", "client_id": "b" * 32, "file": sent}
    assert client.post(room(conversation), form).status_code == 302
    said = conversation.entries.order_by("seq")
    assert [entry.body for entry in said][-2:] == ["Thank you.", "signed.txt"]
    assert File.objects.get(name="signed.txt").state == File.State.STORED
    client.post(room(conversation), {"body": "Thank you.", "client_id": "b" * 32})
    assert said.filter(body="Thank you.").count() == 1


def test_an_answer_takes_an_ended_conversation_up_again(conversation: Conversation) -> None:
    Conversation.objects.filter(pk=conversation.pk).update(closed_at=timezone.now())
    client = opened(conversation)
    assert b"opens it again" in client.get(room(conversation)).content
    client.post(room(conversation), {"body": "One more question", "client_id": "c" * 32})
    conversation.refresh_from_db()
    assert conversation.closed_at is None
    assert conversation.entries.filter(body="One more question").exists()


def test_what_is_refused_stands_in_the_box_again(conversation: Conversation) -> None:
    client = opened(conversation)
    long = "x" * 10_001
    response = client.post(room(conversation), {"body": long, "client_id": "d" * 32})
    assert response.status_code == 422
    assert long in response.content.decode()
    assert client.post(room(conversation), {"body": " ", "client_id": "d" * 32}).status_code == 302
    assert conversation.entries.count() == 1


def test_other_sites_can_t_answer_in_the_visitor_s_name(conversation: Conversation) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = opened(conversation).cookies
    assert client.post(room(conversation), {"body": "Forged", "client_id": "e" * 32}).status_code == 403


# --- the desk --------------------------------------------------------------------------------------------------------


def test_people_who_may_not_answer_may_not_send_or_withdraw(cast: Cast, conversation: Conversation) -> None:
    for deed in (pickup.send_link, pickup.renew_link, pickup.revoke_link, pickup.take_up_again):
        with pytest.raises(Refused) as refused:
            deed(cast.charlie, conversation.ref)
        assert refused.value.code == Code.UNKNOWN
    assert not PickupBox.objects.exists()
