"""What waits for a person, what they may read, and silent copies that don't arrive: the edges of each."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry, Scope, User, UserType
from chatdesk.models import Entry, Kind
from chatdesk.protocol import Code, Refused
from tests.factories import make_conversation, make_group, make_operator
from tests.mail.letters import letter
from tests.mail.people import V
from tests.mail.test_decide_held import PAGE, WHY, card, signed_in, written
from tests.mail.world import World
from tickets.actions import copies, deciding
from tickets.actions.deciding import may_decide, refuse, release
from tickets.actions.holding import hold
from tickets.actions.originals import Words, original_of, said_in
from tickets.models import Held, IncomingMail, Letter, MailPolicy, OutgoingMail

Reason, State = Held.Reason, OutgoingMail.State


def scoped(user: User, scope: Scope) -> User:
    """The same person, with another reach of what contact data they may see."""
    UserType.objects.filter(pk__in=[user.user_type_id]).update(contact=scope)
    return User.objects.get(pk=user.pk)


# --- holding ---------------------------------------------------------------------------------------------------------


def test_the_same_part_of_the_same_mail_is_held_once(world: World) -> None:
    mail = world.receives(letter(V, "Hello", to=world.t_v), world.t_v)
    first = hold(Reason.CARD, incoming=mail, part=0, name="a.vcf")
    assert hold(Reason.CARD, incoming=mail, part=0, name="another name") == first
    assert hold(Reason.CARD, incoming=mail, part=1) != first
    assert hold(Reason.FILE_TYPE, incoming=mail, part=0) != first
    first.refresh_from_db()
    assert first.name == "a.vcf"


def test_long_names_and_details_are_cut_and_not_refused(world: World) -> None:
    held = hold(Reason.CARD, conversation=world.conversation, name="ü" * 999, detail="x" * 999)
    held.refresh_from_db()
    assert (len(held.name), len(held.detail)) == (200, 300)


def test_a_hold_that_can_not_be_recorded_is_none(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("tickets.actions.recorded.held", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            hold(Reason.CARD, conversation=world.conversation)
    assert not Held.objects.exists()


# --- deciding --------------------------------------------------------------------------------------------------------


def test_a_release_cut_short_is_finished_by_the_next(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    held = written(world)
    with monkeypatch.context() as broken:
        broken.setattr(deciding, "record", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            release(world.supervisor, held.pk, WHY)
    held.refresh_from_db()
    assert (held.state, held.decided_by) == (Held.State.HELD, None)
    release(world.supervisor, held.pk, WHY)
    said = Entry.objects.filter(conversation=world.conversation, kind=Kind.MESSAGE, body__contains="new@else.com")
    assert said.count() == 1
    assert AuditEntry.objects.filter(action="held.released").count() == 1


def test_a_file_that_was_taken_in_before_the_fault_is_taken_in_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = card(world)
    with monkeypatch.context() as broken:
        broken.setattr(deciding, "record", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            release(world.supervisor, held.pk, WHY)
    release(world.supervisor, held.pk, WHY)
    assert Entry.objects.filter(conversation=world.conversation, kind=Kind.FILE).count() == 1


@pytest.mark.parametrize(("first", "second"), [(release, refuse), (refuse, release), (refuse, refuse)])
def test_what_is_decided_stays_so(world: World, first: object, second: object) -> None:
    held = card(world)
    assert callable(first)
    assert callable(second)
    done = first(world.supervisor, held.pk, WHY)
    with pytest.raises(Refused) as again:
        second(world.supervisor, held.pk, "another reason")
    held.refresh_from_db()
    assert (again.value.code, held.state) == (Code.CONFLICT, done.state)


def test_a_refused_file_stays_where_it_is_and_nobody_gets_it(world: World) -> None:
    held = card(world)
    refuse(world.supervisor, held.pk, WHY)
    assert not Entry.objects.filter(conversation=world.conversation, kind=Kind.FILE).exists()
    assert IncomingMail.objects.filter(pk__in=[held.incoming_id or 0]).exists()
    assert b"BEGIN:VCARD" not in b"".join(taken.raw for taken in world.out())


@pytest.mark.parametrize(
    ("scope", "decides"), [(Scope.NONE, False), (Scope.OWN, False), (Scope.GROUPS, False), (Scope.ALL, True)]
)
def test_a_mail_of_no_conversation_is_for_who_answers_for_all(world: World, scope: Scope, decides: bool) -> None:
    held = hold(Reason.NEW_SENDER, detail="nobody we know")
    person = scoped(world.supervisor, scope)
    assert may_decide(person, held) is decides
    told = signed_in(person).post(f"{PAGE}{held.pk}/", {"how": "refuse", "reason": WHY})
    assert told.status_code == (302 if decides else 404)
    assert (f'id="held-{held.pk}"' in signed_in(person).get(PAGE).content.decode()) is False


def test_another_group_s_supervisor_decides_nothing_here(world: World) -> None:
    held = card(world)
    stranger = scoped(make_operator("stranger", make_group("elsewhere")), Scope.GROUPS)
    assert not may_decide(stranger, held)
    with pytest.raises(Refused) as refused:
        release(stranger, held.pk, WHY)
    assert refused.value.code == Code.UNKNOWN


@pytest.mark.parametrize("how", ["", "RELEASE", "release ", "delete", "\x00"])
def test_what_is_not_plainly_a_release_lets_nothing_go(world: World, how: str) -> None:
    held = card(world)
    signed_in(world.supervisor).post(f"{PAGE}{held.pk}/", {"how": how, "reason": WHY})
    held.refresh_from_db()
    assert held.state == Held.State.REFUSED
    assert not Entry.objects.filter(conversation=world.conversation, kind=Kind.FILE).exists()


def test_what_was_typed_stands_in_the_page_again(world: World) -> None:
    held = card(world)
    told = signed_in(world.supervisor).post(f"{PAGE}{held.pk}/", {"how": "release", "reason": "<b"})
    assert told.status_code == 409
    assert "&lt;b" in told.content.decode()
    held.refresh_from_db()
    assert held.state == Held.State.HELD


# --- originals -------------------------------------------------------------------------------------------------------


def test_an_original_shows_what_was_masked_and_who_got_it(world: World) -> None:
    world.receives(letter(V, f"Call me at {V.phone} or {V.address}", to=world.t_v), world.t_v)
    world.answers("Thank you.")
    world.later(seconds=20)
    world.out()
    mail = IncomingMail.objects.latest("pk")
    found = original_of(world.supervisor, mail.pk, WHY)
    assert {each.original for each in found.masked} == {V.phone, V.address}
    assert V.address in found.words.text
    assert V.address not in found.shown.text
    assert all(V.address not in each.text for each in found.relayed)
    assert found.decisions == ()


def test_what_was_not_masked_is_not_called_masked(world: World) -> None:
    world.receives(letter(V, "It is 12:30 now.", to=world.t_v), world.t_v)
    assert original_of(world.supervisor, IncomingMail.objects.latest("pk").pk, WHY).masked == ()


def test_a_mail_that_became_no_message_is_shown_as_it_came(world: World) -> None:
    mail = IncomingMail.objects.create(
        via="file", recipient="a@relay.test", digest="0", raw=b"From: x\r\n\r\nhi", size=13
    )
    found = original_of(world.supervisor, mail.pk, WHY)
    assert (found.raw, found.words, found.shown, found.relayed) == (b"From: x\r\n\r\nhi", Words(), Words(), ())
    with pytest.raises(Refused):
        original_of(world.operator, mail.pk, WHY)


@pytest.mark.parametrize("sealed", ["", "not sealed by us", "v1:AAAA"])
def test_what_can_not_be_unsealed_any_more_is_empty_and_no_error(world: World, sealed: str) -> None:
    world.receives(letter(V, "Hello", to=world.t_v), world.t_v)
    Letter.objects.update(sealed_original=sealed)
    assert said_in(Letter.objects.get()) == Words()


def test_looking_without_a_reason_leaves_no_line_and_shows_nothing(world: World) -> None:
    world.receives(letter(V, f"{V.address}", to=world.t_v), world.t_v)
    mail = IncomingMail.objects.latest("pk")
    client: Client = signed_in(world.supervisor)
    for facts in ({}, {"reason": "  "}, {"reason": "x"}, {"reason": "", "raw": "1"}):
        told = client.post(f"/desk/mails/{mail.pk}/", facts)
        assert told.status_code == 400
        assert V.address not in told.content.decode()
    assert not AuditEntry.objects.filter(action="mail.original").exists()


# --- copies that don't arrive ----------------------------------------------------------------------------------------


def copied(world: World, states: str, purpose: str = "crm", days: int = 0) -> None:
    """A copy for each letter, the oldest first: f ailed, b ounced, s ent, d elivered, q ueued."""
    known = {"f": State.FAILED, "b": State.BOUNCED, "s": State.SENT, "d": State.DELIVERED, "q": State.QUEUED}
    for letter_ in states:
        number = OutgoingMail.objects.count() + 1
        OutgoingMail.objects.create(
            kind="copy", conversation=world.conversation, copy_for=purpose, first_seq=number, message_id=f"m{number}",
            verp=f"v{number}", state=known[letter_], created_at=timezone.now() - timedelta(days=days),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("states", "count"),
    [
        ("", 0),
        ("ff", 0),
        ("fff", 3),
        ("fbf", 3),
        ("sfff", 3),
        ("fffs", 0),
        ("fffd", 0),
        ("fffdff", 0),
        ("fffsfffq", 3),
        ("qqq", 0),
    ],
)
def test_three_in_a_row_are_trouble_and_one_that_arrives_ends_it(world: World, states: str, count: int) -> None:
    copied(world, states)
    assert [each.count for each in copies.troubles()] == ([count] if count else [])


def test_each_purpose_and_each_group_is_counted_by_itself(world: World) -> None:
    copied(world, "fff", "crm")
    copied(world, "ffs", "archive")
    assert [(each.group, each.purpose) for each in copies.troubles()] == [(world.group.name, "crm")]
    other = World(**{**vars(world), "conversation": make_conversation(world.button, group=make_group("elsewhere"))})
    copied(other, "fff", "crm")
    assert sorted((each.group, each.purpose) for each in copies.troubles()) == [
        ("Elsewhere", "crm"),
        (world.group.name, "crm"),
    ]


def test_old_trouble_is_forgotten(world: World) -> None:
    copied(world, "fff", days=8)
    assert copies.troubles() == []
    assert len(copies.troubles(now=timezone.now() - timedelta(days=2))) == 1


def test_who_answers_for_nobody_s_correspondence_learns_of_no_copies(world: World) -> None:
    MailPolicy.objects.create(group=world.group, crm_address="inbox@crm.test")
    copied(world, "fff")
    assert len(copies.troubles(scoped(world.supervisor, Scope.ALL))) == 1
    stranger = make_operator("stranger", make_group("elsewhere"))
    assert "crm" not in signed_in(world.operator).get("/desk/").content.decode().lower()
    assert copies.troubles(scoped(stranger, Scope.GROUPS)) == []
