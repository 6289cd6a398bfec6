"""What is held waits for who may see addresses: let go or refused once, with a reason, and noted."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.test import Client

from accounts.models import AuditEntry, Scope, User, UserType
from chatdesk.models import Conversation, Entry, Kind
from chatdesk.protocol import Code, Refused
from tests.factories import make_admin, make_operator, make_outsider
from tests.mail.letters import letter
from tests.mail.people import O, V
from tests.mail.world import World
from tickets.actions.deciding import refuse, release
from tickets.actions.originals import original_of
from tickets.models import Held, IncomingMail, MailPolicy, OutgoingMail

WHY = "the customer asked for it"
PAGE = "/desk/held/"


def card(world: World) -> Held:
    """A visiting card that V sent, which nobody may get as it is."""
    world.receives(letter(V, "My card", to=world.t_v, files=[("vera.vcf", "text/vcard", CARD)]), world.t_v)
    return Held.objects.get(reason=Held.Reason.CARD)


def program(world: World) -> Held:
    """What nobody may send, whoever lets it go."""
    files = [("setup.exe", "application/octet-stream", b"MZ" + bytes(200))]
    world.receives(letter(V, "Run this", to=world.t_v, files=files), world.t_v)
    return Held.objects.get(reason=Held.Reason.FILE_TYPE)


CARD = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Vera\r\nTEL:+49 151 23456789\r\nEND:VCARD\r\n"


def written(world: World) -> Held:
    world.receives(letter(V, "Write to new@else.com instead of v.real@home.test.", to=world.t_v), world.t_v)
    return Held.objects.get(reason=Held.Reason.ADDRESS_WRITTEN)


def said(conversation: Conversation) -> list[str]:
    return list(Entry.objects.filter(conversation=conversation, kind=Kind.MESSAGE).values_list("body", flat=True))


def blind_operator(world: World) -> User:
    """Sees all chats of the group, and nobody's address."""
    user = make_operator("blind", world.group)
    UserType.objects.filter(pk__in=[user.user_type_id]).update(contact=Scope.NONE)
    return User.objects.get(pk=user.pk)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


# --- letting go ------------------------------------------------------------------------------------------------------


def test_an_address_is_said_once_when_it_is_let_go(world: World) -> None:
    held = written(world)
    assert "new@else.com" not in " ".join(said(world.conversation))
    done = release(world.supervisor, held.pk, WHY)
    assert said(world.conversation)[-1] == "Write to new@else.com instead of Vera."
    assert (done.state, done.decided_by) == (Held.State.RELEASED, world.supervisor)
    with pytest.raises(Refused) as again:
        release(world.supervisor, held.pk, WHY)
    assert again.value.code == Code.CONFLICT
    assert said(world.conversation).count("Write to new@else.com instead of Vera.") == 1


def test_what_is_approved_leaves_once(world: World) -> None:
    MailPolicy.objects.create(group=world.group, holds_until_approved=True)
    world.answers("It is back in stock")
    assert world.out() == []
    held = Held.objects.get(reason=Held.Reason.APPROVAL)
    release(world.supervisor, held.pk, WHY)
    assert [taken.recipient for taken in world.out()] == [V.address]
    assert len(world.out()) == 1


def test_what_is_refused_never_leaves(world: World) -> None:
    MailPolicy.objects.create(group=world.group, holds_until_approved=True)
    world.answers("It is back in stock")
    world.out()
    held = Held.objects.get(reason=Held.Reason.APPROVAL)
    refuse(world.supervisor, held.pk, WHY)
    assert world.out() == []
    assert OutgoingMail.objects.get(kind="relay").state == OutgoingMail.State.CANCELLED
    with pytest.raises(Refused):
        release(world.supervisor, held.pk, WHY)


def test_a_card_is_put_into_the_conversation_when_it_is_let_go(world: World) -> None:
    held = card(world)
    release(world.supervisor, held.pk, WHY)
    entry = Entry.objects.get(conversation=world.conversation, kind=Kind.FILE)
    held.refresh_from_db()
    assert (entry.body, held.file) == ("vera.vcf.txt", entry.file)


def test_a_kind_of_file_that_nobody_may_send_stays_held(world: World) -> None:
    held = program(world)
    with pytest.raises(Refused) as refused:
        release(world.supervisor, held.pk, WHY)
    assert refused.value.code == Code.FILE_TYPE
    held.refresh_from_db()
    assert held.state == Held.State.HELD


def test_it_is_noted_who_decided_and_why_and_never_an_address(world: World) -> None:
    release(world.supervisor, written(world).pk, WHY)
    note = AuditEntry.objects.get(action="held.released")
    assert (note.actor_id, note.reason) == (world.supervisor.pk, WHY)
    assert "else.com" not in f"{note.before} {note.after} {note.object_name}"


@pytest.mark.parametrize("reason", ["", "  ", "no", "x" * 201])
def test_a_reason_is_needed(world: World, reason: str) -> None:
    held = written(world)
    for step in (release, refuse):
        with pytest.raises(Refused) as refused:
            step(world.supervisor, held.pk, reason)
        assert refused.value.code == Code.FORM
    held.refresh_from_db()
    assert held.state == Held.State.HELD


# --- for whom --------------------------------------------------------------------------------------------------------


def test_for_others_there_is_nothing_held(world: World) -> None:
    held = written(world)
    blind = blind_operator(world)
    for user in (blind, make_outsider()):
        for step in (release, refuse):
            with pytest.raises(Refused) as refused:
                step(user, held.pk, WHY)
            assert refused.value.code == Code.UNKNOWN
    assert str(held.pk) not in signed_in(blind).get(PAGE).content.decode().split("held-")[-1]


def test_the_page_lists_decides_and_says_what_is_wrong(world: World) -> None:
    held, sam = program(world), signed_in(world.supervisor)
    page = sam.get(PAGE).content.decode()
    assert f'id="held-{held.pk}"' in page
    assert "setup.exe" in page
    told = sam.post(f"{PAGE}{held.pk}/", {"how": "release", "reason": WHY})
    assert told.status_code == 409
    assert 'role="alert"' in told.content.decode()
    assert sam.post(f"{PAGE}{held.pk}/", {"how": "refuse", "reason": WHY})["Location"] == PAGE
    assert f'id="held-{held.pk}"' not in sam.get(PAGE).content.decode()


# --- originals -------------------------------------------------------------------------------------------------------


def test_the_original_is_read_for_a_reason(world: World) -> None:
    world.receives(letter(V, "Call +49 151 23456789 or v.real@home.test", to=world.t_v), world.t_v)
    mail = IncomingMail.objects.latest("pk")
    found = original_of(world.supervisor, mail.pk, WHY)
    assert "v.real@home.test" in found.words.text
    assert found.raw == bytes(mail.raw)
    assert AuditEntry.objects.get(action="mail.original").reason == WHY
    with pytest.raises(Refused) as refused:
        original_of(world.supervisor, mail.pk, "")
    assert refused.value.code == Code.FORM


def test_nobody_else_reads_it_over_any_door(world: World) -> None:
    world.receives(letter(V, "v.real@home.test", to=world.t_v), world.t_v)
    mail = IncomingMail.objects.latest("pk")
    blind = blind_operator(world)
    client = signed_in(blind)
    answer = client.post(f"/desk/mails/{mail.pk}/", {"reason": WHY})
    assert answer.status_code == 404
    assert V.address not in answer.content.decode()
    assert client.get(f"/desk/mails/{mail.pk}/").status_code == 404
    assert client.post("/desk/mails/999999/", {"reason": WHY}).status_code == 404
    assert not AuditEntry.objects.filter(action="mail.original").exists()


def test_it_is_handed_out_as_a_file_that_nothing_runs(world: World) -> None:
    world.receives(letter(V, "Hello", html="<script>alert(1)</script>", to=world.t_v), world.t_v)
    mail = IncomingMail.objects.latest("pk")
    answer = signed_in(world.supervisor).post(f"/desk/mails/{mail.pk}/", {"reason": WHY, "raw": "1"})
    assert answer.content == bytes(mail.raw)
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "attachment" in answer["Content-Disposition"]


def test_the_settings_show_mails_without_who_wrote_what(world: World) -> None:
    world.receives(letter(V, "A secret word", to=world.t_v), world.t_v)
    mail = IncomingMail.objects.latest("pk")
    ada = signed_in(make_admin())
    for path in ("incomingmail/", f"incomingmail/{mail.pk}/change/", "outgoingmail/", "held/"):
        text = ada.get(f"/admin/tickets/{path}").content.decode()
        assert V.address not in text
        assert O.address not in text
        assert "A secret word" not in text
    assert ada.post(f"/admin/tickets/incomingmail/{mail.pk}/delete/").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_two_decide_at_once_and_one_mail_leaves(world: World) -> None:
    MailPolicy.objects.create(group=world.group, holds_until_approved=True)
    world.answers("It is back in stock")
    world.out()
    held, outcomes = Held.objects.get(reason=Held.Reason.APPROVAL), []

    def decide() -> None:
        try:
            release(world.supervisor, held.pk, WHY)
            outcomes.append("done")
        except Refused as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    both = [threading.Thread(target=decide) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert sorted(outcomes) == ["done", Code.CONFLICT]
    assert len(world.out()) == 1
