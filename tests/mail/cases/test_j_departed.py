"""J: somebody who left still gets everything, by mail or by the return link, and the desk says which."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from chatdesk import pace
from chatdesk.actions.conversations import close_by_visitor
from chatdesk.actions.files import receive, receiving, storing
from chatdesk.models import Conversation, File, SiteSettings, Visitor
from chatdesk.permissions import VISITOR_COOKIE
from chatdesk.realtime import marks
from chatdesk.sitelimits import forget
from tests.factories import make_conversation, make_guest, make_participant
from tests.mail.letters import letter
from tests.mail.people import V
from tests.mail.world import World
from tickets import tasks
from tickets.actions import pickup
from tickets.actions.outbox.relaying import queue_due
from tickets.models import MailSettings, OutgoingMail, PickupBox, PickupOpening, Ticket
from tickets.views.returning import tries

CONTRACT = ("contract.txt", "text/plain", b"The contract.\n")
PLAN = ("plan.txt", "text/plain", b"The plan.\n")
LINK = re.compile(r"http://[^\s<\"]+(/return/[\w-]{43}/)")


@pytest.fixture(autouse=True)
def unhurried() -> None:
    for buckets in (tries.openings, tries.codes, tries.addresses, pace.starts):
        buckets.clear()


def visitor_left(conversation: Conversation) -> None:
    """Their page is closed."""
    long_ago = timezone.now() - timedelta(minutes=10)
    Visitor.objects.filter(pk=conversation.visitor_id).update(seen_at=long_ago)


def reads(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def words_of(raw: bytes) -> str:
    body = reads(raw).get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def files_of(raw: bytes) -> dict[str, bytes]:
    return {str(part.get_filename()): part.get_payload(decode=True) for part in reads(raw).iter_attachments()}  # type: ignore[misc]


def desk(world: World, conversation: Conversation) -> str:
    client = Client()
    client.force_login(world.operator)
    shown = client.get(f"/desk/conversations/{conversation.ref}/").content.decode()
    return " ".join(shown.split())


def without_address(world: World) -> tuple[Conversation, str]:
    """A conversation of somebody who gave none, and the token that their browser keeps."""
    guest = make_guest()
    return make_conversation(world.button, guest, world.operator, group=world.group), guest.token


def door(conversation: Conversation) -> str:
    found = LINK.fullmatch(pickup.box_of(conversation).link)
    assert found is not None
    return found[1]


def comes_in(conversation: Conversation) -> Client:
    client = Client()
    assert client.post(door(conversation)).status_code == 302
    return client


def room(client: Client, conversation: Conversation) -> str:
    return client.get(f"/return/conversations/{conversation.ref}/").content.decode()


# --- J1, J2: an address is known --------------------------------------------------------------------------------------


def test_j1_text_and_two_files_reach_who_ended_the_chat(world: World) -> None:
    world.writes("I must go, please send it")
    close_by_visitor(world.conversation.pk)
    pickup.take_up_again(world.operator, world.conversation.ref)
    world.answers("Here they are", files=[CONTRACT, PLAN])
    before = timezone.now()
    world.out()
    (mail,) = world.to(V)
    assert "Here they are" in words_of(mail)
    assert files_of(mail) == {"contract.txt": CONTRACT[2], "plan.txt": PLAN[2]}
    assert world.t_v in str(reads(mail)["From"])
    sent = OutgoingMail.objects.get(kind=OutgoingMail.Kind.RELAY, to=world.to_v)
    assert sent.sent_at is not None
    assert sent.sent_at - before < timedelta(seconds=60)
    assert "by mail: sent" in desk(world, world.conversation)
    assert world.leaks() == []
    assert world.leaks_in_text(desk(world, world.conversation), "O") == []


def test_j1_opened_and_saved_is_said_later(world: World) -> None:
    world.answers("Here it is", files=[CONTRACT])
    client = comes_in(world.conversation)
    file = File.objects.get(name="contract.txt")
    b"".join(client.get(f"/return/files/{file.key}/"))
    shown = desk(world, world.conversation)
    assert "Collected" in shown
    assert [row.deed for row in PickupOpening.objects.order_by("pk")] == ["opened", "collected"]


def test_j2_nothing_is_called_sent_before_the_file_is_there(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    meanwhile: list[Any] = []
    kept = storing.keep_bytes

    def leaves_during_it(file: File, content: Any) -> None:
        visitor_left(world.conversation)
        meanwhile.append((world.out(), OutgoingMail.objects.count(), world.conversation.entries.count()))
        kept(file, content)

    monkeypatch.setattr(receiving, "keep_bytes", leaves_during_it)
    upload = SimpleUploadedFile(CONTRACT[0], CONTRACT[2], CONTRACT[1])
    receive(world.conversation, make_participant(world.conversation, world.operator), upload, uuid.uuid4().hex)
    assert meanwhile == [([], 0, 0)]
    world.out()
    (mail,) = world.to(V)
    assert files_of(mail) == {"contract.txt": CONTRACT[2]}


# --- J3: no address ---------------------------------------------------------------------------------------------------


def test_j3_without_an_address_the_desk_says_that_it_waits(world: World) -> None:
    conversation, token = without_address(world)
    world.writes("Hello", conversation=conversation)
    visitor_left(conversation)
    pickup.box_of(conversation)
    world.answers("Here it is", files=[CONTRACT], conversation=conversation)
    world.out()
    assert world.sink.taken == []
    assert "<strong>Waiting</strong>: the visitor has no address" in desk(world, conversation)
    browser = Client()
    browser.cookies[VISITOR_COOKIE] = token
    page = browser.get(f"/chat/{world.button.slug}/").content.decode()
    assert "Here it is" in page
    assert "contract.txt" in page
    assert "something new" in browser.get("/return/").content.decode()


def test_j3_before_the_end_an_address_or_the_link_is_offered(world: World) -> None:
    conversation, token = without_address(world)
    headers = {"authorization": f"Bearer {token}"}
    shown = Client().post(f"/return/here/{world.button.slug}/?ending", headers=headers).content.decode()
    assert pickup.box_of(conversation).link in shown
    assert pickup.box_of(conversation).words in shown
    assert "Or shall we tell you by mail?" in shown


# --- J4, J5: the link -------------------------------------------------------------------------------------------------


def test_j4_the_link_opens_one_conversation_for_thirty_days(world: World) -> None:
    conversation, _token = without_address(world)
    world.answers("Only for you", conversation=conversation)
    Conversation.objects.filter(pk=world.conversation.pk).update(visitor=conversation.visitor)
    elsewhere = comes_in(conversation)
    assert "Only for you" in room(elsewhere, conversation)
    assert elsewhere.get(f"/return/conversations/{world.conversation.ref}/").status_code == 404
    address = door(conversation)
    PickupBox.objects.update(expires_at=timezone.now() + timedelta(days=30) - timedelta(days=30, seconds=1))
    assert Client().post(address).status_code == 404
    assert elsewhere.get(f"/return/conversations/{conversation.ref}/").status_code == 404


def test_j4_it_can_be_withdrawn(world: World) -> None:
    conversation, _token = without_address(world)
    client, address = comes_in(conversation), door(conversation)
    pickup.revoke_link(world.operator, conversation.ref)
    assert Client().post(address).status_code == 404
    assert client.get(f"/return/conversations/{conversation.ref}/").status_code == 404


def test_j5_a_scanner_takes_nothing_and_every_opening_is_written_down(world: World) -> None:
    world.answers("For Vera alone")
    address = door(world.conversation)
    for _ in range(2):
        page = Client().get(address, headers={"user-agent": "Scanner"})
        assert "For Vera alone" not in page.content.decode()
    assert pickup.box_of(world.conversation).state == "waiting"
    comes_in(world.conversation)
    log = [(row.deed, row.agent) for row in PickupOpening.objects.order_by("pk")]
    assert log == [("seen", "Scanner"), ("seen", "Scanner"), ("opened", "")]
    supervisor = Client()
    supervisor.force_login(world.supervisor)
    shown = supervisor.get(f"/desk/conversations/{world.conversation.ref}/").content.decode()
    assert shown.count("Scanner") == 2


def test_j5_who_got_the_link_passed_on_lacks_the_code(world: World) -> None:
    world.answers("For Vera alone")
    world.out()
    world.sink.reset()
    pickup.ask_code(world.operator, world.conversation.ref, asks=True)
    address = door(world.conversation)
    stranger = Client()
    asked = stranger.post(address)
    assert "code" in asked.content.decode()
    assert asked.status_code == 200
    token = address.split("/")[2]
    sent = stranger.post("/return/code/", {"token": token}).content.decode()
    assert "on its way" in sent
    assert stranger.post(address, {"code": "000000"}).status_code == 403
    world.out()
    (mail,) = world.to(V)
    found = re.search(r"^(\d{6})\r?$", words_of(mail), re.MULTILINE)
    assert found is not None
    assert stranger.post(address, {"code": found[1]}).status_code == 302
    assert Client().post(address, {"code": found[1]}).status_code == 403  # once
    row = OutgoingMail.objects.get(facts__template="code")
    assert found[1] not in str(row.facts)


def test_j5_a_code_is_guessed_five_times_and_for_fifteen_minutes(world: World) -> None:
    pickup.ask_code(world.operator, world.conversation.ref, asks=True)
    row = pickup.box_of(world.conversation).row
    pickup.send_code(row)
    code = pickup.code_of(world.conversation)
    wrong = "000000" if code != "000000" else "111111"
    assert [pickup.check_code(row, wrong) for _ in range(5)] == [False] * 5
    assert not pickup.check_code(row, code)
    pickup.send_code(row)
    PickupBox.objects.update(code_until=timezone.now())
    row.refresh_from_db()
    assert not pickup.check_code(row, pickup.code_of(world.conversation))


# --- J6: the answer ---------------------------------------------------------------------------------------------------


def test_j6_an_answer_to_the_mail_comes_into_the_same_conversation(world: World) -> None:
    world.answers("Please sign it", files=[CONTRACT])
    world.out()
    (mail,) = world.to(V)
    reply = letter(
        V, "Signed.", to=world.t_v, files=[("signed.txt", "text/plain", b"Signed.\n")],
        headers={"In-Reply-To": str(reads(mail)["Message-ID"])},
    )  # fmt: skip
    world.receives(reply, world.t_v)
    bodies = list(world.conversation.entries.order_by("seq").values_list("body", flat=True))
    assert bodies == ["Please sign it", "contract.txt", "Signed.", "signed.txt"]


def test_j6_so_does_one_behind_the_link_even_after_the_end(world: World) -> None:
    close_by_visitor(world.conversation.pk)
    client = comes_in(world.conversation)
    form = {"body": "Signed.", "client_id": "a" * 32, "file": SimpleUploadedFile("signed.txt", b"Signed.\n")}
    client.post(f"/return/conversations/{world.conversation.ref}/", form)
    world.conversation.refresh_from_db()
    assert world.conversation.closed_at is None
    bodies = list(world.conversation.entries.order_by("seq").values_list("body", flat=True))
    assert bodies[-2:] == ["Signed.", "signed.txt"]
    assert Conversation.objects.count() == 1


# --- J7: back in time -------------------------------------------------------------------------------------------------


def test_j7_what_is_seen_in_the_chat_in_time_is_not_mailed(world: World) -> None:
    MailSettings.objects.update(reading_seconds=60)
    Visitor.objects.filter(pk=world.conversation.visitor_id).update(seen_at=timezone.now())
    entry = world.answers("Are you still there?")
    assert world.out() == []
    part = make_participant(world.conversation)
    marks.store([(entry.seq, entry.seq, part.pk)])
    queue_due(timezone.now() + timedelta(seconds=61))
    assert not OutgoingMail.objects.exists()


def test_j7_what_is_seen_behind_the_link_in_time_is_not_mailed_either(world: World) -> None:
    MailSettings.objects.update(reading_seconds=60)
    Visitor.objects.filter(pk=world.conversation.visitor_id).update(seen_at=timezone.now())
    world.answers("Are you still there?")
    comes_in(world.conversation)
    queue_due(timezone.now() + timedelta(seconds=61))
    assert not OutgoingMail.objects.exists()


def test_j7_what_was_mailed_and_seen_too_is_marked_as_both(world: World) -> None:
    MailSettings.objects.update(reading_seconds=60)
    Visitor.objects.filter(pk=world.conversation.visitor_id).update(seen_at=timezone.now())
    world.answers("Are you still there?")
    queue_due(timezone.now() + timedelta(seconds=61))
    world.out()
    assert len(world.to(V)) == 1
    comes_in(world.conversation)
    queue_due(timezone.now() + timedelta(seconds=120))
    assert OutgoingMail.objects.count() == 1
    shown = desk(world, world.conversation)
    assert "by mail: sent" in shown
    assert "box-collected" in shown


# --- J8: nobody there -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["", V.address])
def test_j8_an_offline_message_with_files_is_answered_either_way(world: World, address: str) -> None:
    form: dict[str, Any] = {"body": "Please look at this", "client_id": "b" * 32, "reply_to": address}
    form["file"] = SimpleUploadedFile("damage.txt", b"It broke.\n", "text/plain")
    browser = Client()
    assert browser.post(f"/chat/{world.button.slug}/", form).status_code == 302
    conversation = Conversation.objects.latest("pk")
    assert conversation.pk != world.conversation.pk
    assert list(conversation.entries.values_list("body", flat=True)) == ["Please look at this", "damage.txt"]
    visitor_left(conversation)
    assert conversation.standing in ("waiting", "message")
    world.out()
    world.sink.reset()
    world.answers("It can be mended", files=[PLAN], conversation=conversation)
    world.out()
    if address:
        (mail,) = world.to(V)
        assert "It can be mended" in words_of(mail)
        assert files_of(mail) == {"plan.txt": PLAN[2]}
    else:
        assert world.sink.taken == []
        assert pickup.box_of(conversation).state == "waiting"
    assert "It can be mended" in room(comes_in(conversation), conversation)


def test_j8_it_is_a_ticket(world: World) -> None:
    browser = Client()
    browser.post(f"/chat/{world.button.slug}/", {"body": "Please look at this", "client_id": "c" * 32})
    conversation = Conversation.objects.latest("pk")
    browser.post(f"/chat/{world.button.slug}/", {"action": "choose", "choice": "message"})
    tasks.tend_tickets()
    assert Ticket.objects.filter(conversation=conversation).exists()


# --- J9: too large ----------------------------------------------------------------------------------------------------


def test_j9_a_file_over_the_limit_is_a_link_in_the_same_mail(world: World) -> None:
    SiteSettings.objects.update_or_create(pk=1, defaults={"file_limit_mb": 50})
    forget()
    large = b"All of it, forty megabytes.\n" * (40_000_000 // 28 + 1)
    world.answers("Here is all of it", files=[("all.txt", "text/plain", large), CONTRACT])
    world.out()
    (mail,) = world.to(V)
    assert files_of(mail) == {"contract.txt": CONTRACT[2]}
    text = words_of(mail)
    assert "Here is all of it" in text
    assert "all.txt" in text
    found = LINK.search(text)
    assert found is not None
    client = Client()
    client.post(found[1])
    key = File.objects.get(name="all.txt").key
    assert sum(len(part) for part in client.get(f"/return/files/{key}/")) == len(large)
