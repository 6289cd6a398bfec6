"""K1, K2, K4, K6-K8: who oversees a correspondence sees both sides of it, and nobody else sees an address."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.apps import apps
from django.db import connection
from django.test import Client

from accounts.models import AuditEntry, Scope, UserType
from chatdesk.actions.erasing import erase
from chatdesk.models import Conversation, Kind
from chatdesk.protocol import Code, Refused
from tests.accounts.adminforms import save
from tests.accounts.people import signed_in
from tests.factories import make_admin, make_compliance, make_operator, make_supervisor
from tests.mail.doorbell import open_door
from tests.mail.letters import letter
from tests.mail.people import O, V
from tests.mail.world import World
from tests.sockets import running_sockets
from tickets.actions import processing
from tickets.actions.deciding import may_decide, release
from tickets.actions.originals import Original, original_of
from tickets.models import Correspondent, Held, IncomingMail, Letter, MailPolicy, OutgoingMail, PickupBox, WhoSees

WHY = "the owner asked"
ADDRESS_PARTS = (V.address, V.address.split("@")[0], V.domain, "v.real@")


def relayed(world: World) -> IncomingMail:
    """A mail of V's with their address in it, that O got."""
    text = f"Please write to {V.address} or call {V.phone}.\n\nOn Monday {V.address} wrote:\n> hello"
    mail = world.receives(letter(V, text, to=world.t_v, subject=f"From {V.address}"), world.t_v)
    world.later(minutes=1)
    world.out()
    return mail


def rule(world: World, who: str) -> None:
    MailPolicy.objects.update_or_create(group=world.group, defaults={"who_sees": who})


def one(conversation: Conversation) -> str:
    return f"/desk/conversations/{conversation.ref}/"


def fragment(client: Client, path: str) -> str:
    return client.get(path, headers={"HX-Request": "true"}).content.decode()


def reveal(client: Client, conversation: Conversation) -> Any:
    return client.post(f"{one(conversation)}contact/", {"reason": WHY}, headers={"HX-Request": "true"})


# --- K1 --------------------------------------------------------------------------------------------------------------


def seen(world: World, mail: IncomingMail) -> Original:
    return original_of(world.supervisor, mail.pk, WHY)


def test_k1_s_sees_the_original_the_relayed_form_and_what_was_masked(world: World) -> None:
    found = seen(world, relayed(world))
    assert V.address in found.words.text
    assert V.address in found.words.subject
    assert V.address.encode() in found.raw
    assert V.address not in found.shown.text
    masked = {each.original: each.shown for each in found.masked}
    assert masked[V.address] == "Vera"
    assert V.phone in masked
    (mail,) = [each for each in found.relayed if each.side == "operator"]
    assert "Please write to Vera" in mail.text
    assert mail.sent_at is not None
    assert world.leaks_in_text(mail.text, "O") == []


def test_k1_s_sees_who_released_what(world: World) -> None:
    mail = world.receives(letter(V, "Or to new@else.com", to=world.t_v), world.t_v)
    held = Held.objects.get(reason=Held.Reason.ADDRESS_WRITTEN)
    release(world.supervisor, held.pk, WHY)
    (decision,) = seen(world, mail).decisions
    assert (decision.state, decision.decided_by) == (Held.State.RELEASED, world.supervisor)
    page = signed_in(world.supervisor).post(f"/desk/mails/{mail.pk}/", {"reason": WHY}).content.decode()
    assert "What was held, and who decided" in page
    assert "released · <bdi>Sam</bdi>" in page


def test_k1_the_page_asks_why_and_then_shows_all_of_it(world: World) -> None:
    mail, sam = relayed(world), signed_in(world.supervisor)
    path = f"/desk/mails/{mail.pk}/"
    assert path in fragment(sam, one(world.conversation))
    asked = sam.get(path)
    assert asked.status_code == 200
    assert V.address not in asked.content.decode()
    again = sam.post(path, {"reason": ""})
    assert (again.status_code, V.address in again.content.decode()) == (400, False)
    assert not AuditEntry.objects.filter(action="mail.original").exists()
    page = sam.post(path, {"reason": WHY}).content.decode()
    for words in (V.address, "As it stands in the conversation", "What was masked", "As it was mailed to Olga"):
        assert words in page
    assert AuditEntry.objects.get(action="mail.original").reason == WHY


def test_k1_o_sees_the_relayed_form_only(world: World) -> None:
    mail = relayed(world)
    page = fragment(signed_in(world.operator), one(world.conversation))
    assert "Please write to Vera" in page
    assert f"/desk/mails/{mail.pk}/" not in page
    assert world.leaks_in_text(page, "O") == []


# --- K2 --------------------------------------------------------------------------------------------------------------


def test_k2_by_the_usual_rule_no_operator_is_shown_an_address(world: World) -> None:
    mail, olga = relayed(world), signed_in(world.operator)
    assert world.operator.user_type is not None
    assert world.operator.user_type.contact == Scope.OWN  # in a live chat they may
    assert reveal(olga, world.conversation).status_code == 403
    assert "What do you need it for?" not in fragment(olga, one(world.conversation))
    path = f"/desk/mails/{mail.pk}/"
    for sent in (olga.get(path), olga.post(path, {"reason": WHY}), olga.post(path, {"reason": WHY, "raw": "1"})):
        assert sent.status_code == 404
        assert world.leaks_in_text(sent.content.decode(), "O") == []
    with pytest.raises(Refused) as refused:
        original_of(world.operator, mail.pk, WHY)
    assert refused.value.code == Code.UNKNOWN
    assert not AuditEntry.objects.filter(action__in=("contact.reveal", "mail.original")).exists()


def test_k2_who_may_export_but_not_see_contacts_exports_what_both_sides_saw(world: World) -> None:
    UserType.objects.filter(users=world.operator).update(export=Scope.OWN)
    relayed(world)
    world.answers("Thank you")
    world.later(minutes=1)
    world.out()
    olga = signed_in(world.operator)
    for form in ("text", "html", "json"):
        text = olga.get(f"{one(world.conversation)}export/?form={form}").content.decode()
        assert "Please write to Vera" in text
        assert world.leaks_in_text(text, "O") == [], form
    facts = json.loads(olga.get(f"{one(world.conversation)}export/?form=json").content)["entries"]
    came, left = facts[0]["mail"], facts[-1]["mail"]
    assert came["subject"] == "From Vera"
    assert "original" not in came
    assert "hello" in came["folded"]
    assert (left["sent"][0]["to"], left["sent"][0]["state"]) == ("visitor", "sent")


def test_k2_an_export_with_contact_data_holds_the_originals(world: World) -> None:
    relayed(world)
    cora = signed_in(make_compliance())
    facts = json.loads(cora.get(f"{one(world.conversation)}export/?form=json").content)
    assert V.address in facts["entries"][0]["mail"]["original"]["text"]
    assert facts["visitor"]["email"] == V.address
    text = cora.get(f"{one(world.conversation)}export/?form=text").content.decode()
    assert f"[original, from] {V.address}" in text
    assert "[by mail] From Vera" in text


def test_k2_a_search_of_o_for_an_address_finds_nothing(world: World) -> None:
    relayed(world)
    olga = signed_in(world.operator)
    for words in ADDRESS_PARTS:
        for path in ("/desk/tickets/", "/desk/tickets/promises/"):
            page = olga.get(path, {"q": words, "whose": "groups", "state": "any"}).content.decode()
            assert world.conversation.ref not in page


def test_k2_o_opens_no_page_of_the_settings(world: World) -> None:
    mail, olga = relayed(world), signed_in(world.operator)
    number = Correspondent.objects.values_list("pk", flat=True)[0]
    for path in (f"incomingmail/{mail.pk}/change/", "incomingmail/", "outgoingmail/", "held/", f"letter/{number}/"):
        answer = olga.get(f"/admin/tickets/{path}")
        assert answer.status_code in (302, 403, 404)
        assert world.leaks_in_text(answer.content.decode(), "O") == []


async def test_k2_no_frame_of_a_socket_and_no_notice_holds_an_address(
    transactional_db: None, world: World, settings: Any
) -> None:
    async with running_sockets() as sockets:
        olga = await sockets.operator(world.operator)
        await sync_to_async(relayed)(world)
        await sync_to_async(world.writes)("Now in the chat")
        await olga.command("conversation.resume", conversation=world.conversation.ref, after=0)
        frames = json.dumps(olga.frames)
        news = await sync_to_async(lambda: fragment(signed_in(world.operator), "/desk/tickets/news/"))()
    assert "Please write to Vera" in frames
    assert world.leaks_in_text(frames, "O") == []
    assert world.leaks_in_text(news, "O") == []


def test_k2_nobody_who_only_answers_decides_what_is_held(world: World) -> None:
    MailPolicy.objects.create(group=world.group, holds_until_approved=True, who_sees=WhoSees.OPERATOR)
    world.answers("I approve this myself")
    world.out()
    held = Held.objects.get(reason=Held.Reason.APPROVAL)
    assert not may_decide(world.operator, held)
    assert may_decide(world.supervisor, held)
    page = signed_in(world.operator).get("/desk/held/").content.decode()
    assert f'id="held-{held.pk}"' not in page
    with pytest.raises(Refused):
        release(world.operator, held.pk, WHY)
    assert world.out() == []


# --- the group's rule ------------------------------------------------------------------------------------------------


def test_where_operators_see_the_visitor_o_is_shown_the_address_for_a_reason(world: World) -> None:
    rule(world, WhoSees.OPERATOR)
    Conversation.objects.filter(pk=world.conversation.pk).update(email="")  # known by mail alone
    world.may_see("O", "V")
    mail, olga = relayed(world), signed_in(world.operator)
    assert V.address not in fragment(olga, f"{one(world.conversation)}?part=frame").split('class="contact"')[1][:200]
    answer = reveal(olga, world.conversation)
    assert (answer.status_code, V.address in answer.content.decode()) == (200, True)
    assert AuditEntry.objects.get(action="contact.reveal").reason == WHY
    assert olga.post(f"/desk/mails/{mail.pk}/", {"reason": WHY}).status_code == 404  # it shows everybody's
    assert reveal(signed_in(make_operator("other", world.group)), world.conversation).status_code == 403


def test_who_oversees_is_shown_both_for_a_reason(world: World) -> None:
    mail, sam = relayed(world), signed_in(world.supervisor)
    assert V.address in reveal(sam, world.conversation).content.decode()
    answer = world.receives(letter(O, f"I am {O.address}", to=world.t_o), world.t_o, O)
    assert O.address in original_of(world.supervisor, answer.pk, WHY).words.text
    assert V.address in original_of(world.supervisor, mail.pk, WHY).words.text


@pytest.mark.parametrize("kind", ["supervisor", "admin", "compliance"])
def test_where_nobody_sees_addresses_nobody_does(world: World, kind: str) -> None:
    makers = {"supervisor": make_supervisor, "admin": make_admin, "compliance": make_compliance}
    rule(world, WhoSees.NONE)
    mail, user = relayed(world), makers[kind]()
    client = signed_in(user)
    assert reveal(client, world.conversation).status_code == 403
    with pytest.raises(Refused):
        original_of(user, mail.pk, WHY)
    if kind != "supervisor":
        export = client.get(f"{one(world.conversation)}export/?form=json").content.decode()
        assert world.leaks_in_text(export, "") == []


def test_where_nobody_sees_addresses_s_still_decides_what_is_held(world: World) -> None:
    rule(world, WhoSees.NONE)
    world.receives(letter(V, "Write to new@else.com", to=world.t_v), world.t_v)
    held = Held.objects.get(reason=Held.Reason.ADDRESS_WRITTEN)
    page = signed_in(world.supervisor).get("/desk/held/").content.decode()
    assert f'id="held-{held.pk}"' in page
    assert "Read the original" not in page
    assert release(world.supervisor, held.pk, WHY).state == Held.State.RELEASED


def test_the_rule_is_of_its_own_group_and_of_mail_alone(world: World) -> None:
    Correspondent.objects.all().delete()
    rule(world, WhoSees.NONE)
    answer = reveal(signed_in(world.operator), world.conversation)
    assert V.address in answer.content.decode()  # a live chat: the permission alone counts


# --- K4, K6 ----------------------------------------------------------------------------------------------------------


def test_k4_a_change_of_what_the_crm_gets_is_logged(world: World) -> None:
    policy = MailPolicy.objects.create(group=world.group, crm_address="inbox@crm.test")
    ada = Client()
    ada.force_login(make_admin())
    save(ada, f"/admin/tickets/mailpolicy/{policy.pk}/change/", crm_unmasked=True)
    policy.refresh_from_db()
    assert policy.crm_unmasked
    row = AuditEntry.objects.filter(object_type="tickets.mailpolicy").latest("pk")
    assert ((row.before or {}).get("crm_unmasked"), (row.after or {}).get("crm_unmasked")) == (False, True)
    assert row.actor_id is not None


def test_k6_nothing_leaves_before_it_is_approved_and_then_once(world: World) -> None:
    MailPolicy.objects.create(group=world.group, holds_until_approved=True)
    world.answers("It is back in stock")
    world.later(hours=5)
    assert world.out() == []
    held = Held.objects.get(reason=Held.Reason.APPROVAL)
    other = make_supervisor("second")
    release(world.supervisor, held.pk, WHY)
    with pytest.raises(Refused) as late:
        release(other, held.pk, WHY)
    assert late.value.code == Code.CONFLICT
    assert [taken.recipient for taken in world.out()] == [V.address]
    world.later(hours=5)
    assert len(world.out()) == 1
    assert AuditEntry.objects.filter(action="held.released").count() == 1


# --- K7 --------------------------------------------------------------------------------------------------------------


def every_row(*but: type) -> Iterator[tuple[str, str]]:
    """All that the database holds of what was said by whom, but sessions and the desk's own people."""
    for model in apps.get_models():
        if model._meta.app_label in ("chatdesk", "tickets") and model not in but:
            for row in model._default_manager.values():
                yield model.__name__, repr(row)
    yield from (("AuditEntry", repr(row)) for row in AuditEntry.objects.values())


def of_v(world: World, text: str) -> list[str]:
    """Who of the desk did something is named; the visitor is not."""
    return [hit for hit in world.leaks_in_text(text, "O") if hit.startswith("V's")]


def test_k7_of_a_deleted_visitor_no_address_word_or_original_is_left(world: World) -> None:
    relayed(world)
    world.answers(f"Dear {V.address}")
    world.later(minutes=1)
    world.out()
    original_of(world.supervisor, IncomingMail.objects.get().pk, WHY)
    erase(world.conversation)
    for name, row in every_row():
        assert of_v(world, row) == [], name
        assert "Please write" not in row
    assert bytes(IncomingMail.objects.get().raw) == b""
    assert not Letter.objects.exclude(sealed_original="").exists()
    assert not Correspondent.objects.filter(side="visitor").exclude(sealed_address="").exists()
    assert not OutgoingMail.objects.exclude(content=None).exists()
    assert not PickupBox.objects.filter(conversation=world.conversation).exists()
    assert world.conversation.entries.filter(kind=Kind.MESSAGE).exists()  # that it took place stays


def test_k7_the_audit_keeps_ids_only(world: World) -> None:
    mail = relayed(world)
    reveal(signed_in(world.supervisor), world.conversation)
    original_of(world.supervisor, mail.pk, WHY)
    erase(world.conversation)
    rows = list(AuditEntry.objects.filter(action__in=("contact.reveal", "mail.original", "chat.erase")).values())
    assert len(rows) == 3
    assert {row["object_id"] for row in rows} == {str(world.conversation.pk)}
    assert of_v(world, repr(rows)) == []


def test_k7_their_original_is_gone_for_s_too(world: World) -> None:
    mail = relayed(world)
    erase(world.conversation)
    found = seen(world, mail)
    assert (found.raw, found.sender, found.words.text, found.masked) == (b"", "", "", ())


@pytest.mark.parametrize("message_id", ["<v.real@home.test-1@laptop>", ""])
def test_k7_the_same_mail_again_brings_nothing_back(world: World, message_id: str) -> None:
    raw = letter(V, "Once", message_id=message_id or "<x@y>")
    raw = raw if message_id else raw.replace(b"Message-ID: <x@y>\r\n", b"")
    first = world.receives(raw)
    assert first.conversation is not None
    erase(first.conversation)
    again = world.receives(raw)
    assert (again.pk, bytes(again.raw)) == (first.pk, b"")
    assert V.address not in again.message_id
    erase(first.conversation)
    assert IncomingMail.objects.get(pk=first.pk).message_id == again.message_id


@pytest.mark.django_db(transaction=True)
def test_k7_their_token_is_dead(world: World) -> None:
    erase(world.conversation)
    with open_door() as door, door.smtp() as line:
        line.ehlo("laptop.v-house.test")
        line.mail(V.address)
        code, words = line.rcpt(world.t_v)
    assert code == 550
    assert world.real_addresses_in(words.decode()) == []
    connection.close()
    assert world.out() == []


# --- K8 --------------------------------------------------------------------------------------------------------------


def test_k8_a_fault_while_a_mail_is_read_is_reported_without_its_words(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(*args: object, **facts: object) -> None:
        raise ValueError(f"cannot read {V.address} in {world.t_v}")

    monkeypatch.setattr(processing, "arrive", breaks)
    mail = world.receives(letter(V, "Hello", to=world.t_v), world.t_v)
    said = caplog.text
    assert f"incoming mail {mail.pk} could not be processed: ValueError at test_k_oversight.py" in said
    assert world.real_addresses_in(said) == []
    assert world.t_v not in said
    assert (mail.error, mail.state) == ("ValueError", IncomingMail.State.STORED)
