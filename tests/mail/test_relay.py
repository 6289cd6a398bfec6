"""What the other side has not read becomes mail: once, in time, and only to whom it is for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from chatdesk.models import Conversation, MailNotice, Participant
from routing.models import Request
from routing.models import State as Standing
from tests.factories import make_conversation, make_operator, make_present
from tests.mail.letters import letter
from tests.mail.people import O, V, X
from tests.mail.sent import files_of, only, parsed, rows, said, states
from tests.mail.world import World
from tickets.actions import correspondents, outbox
from tickets.actions.outbox import queue_due
from tickets.masking import Unclean, Why
from tickets.models import Correspondent, Held, MailPolicy, MailSettings, OperatorMail, OutgoingMail, Ticket

Kind, State = OutgoingMail.Kind, OutgoingMail.State


@pytest.fixture
def reading(world: World) -> World:
    """A visitor on an open page has a minute to read before anything is mailed."""
    MailSettings.objects.update(reading_seconds=60)
    present(world)
    return world


def present(world: World) -> None:
    """V's page is open."""
    world.conversation.visitor.seen_at = timezone.now() + timedelta(days=1)
    world.conversation.visitor.save(update_fields=["seen_at"])


def soon(seconds: float) -> int:
    return queue_due(timezone.now() + timedelta(seconds=seconds))


def read_all(world: World) -> None:
    head = Conversation.objects.get(pk=world.conversation.pk).last_seq
    Participant.objects.filter(conversation=world.conversation, user=None).update(read_seq=head)


# --- when -------------------------------------------------------------------------------------------------------------


def test_who_has_the_page_open_gets_time_to_read(reading: World) -> None:
    reading.answers("Hello")
    assert soon(30) == 0
    assert soon(61) == 1
    assert soon(61) == 0


def test_what_was_read_in_the_chat_is_not_mailed(reading: World) -> None:
    reading.answers("Hello")
    read_all(reading)
    assert soon(3600) == 0
    assert rows() == []


def test_only_what_was_not_read_is_mailed(reading: World) -> None:
    reading.answers("Read")
    read_all(reading)
    reading.answers("Unread")
    assert soon(61) == 1
    reading.out()
    assert "Unread" in said(reading.to(V)[0])
    assert "Read\n" not in said(reading.to(V)[0])


def test_who_ended_the_chat_gets_it_at_once(reading: World) -> None:
    reading.answers("Your documents")
    Conversation.objects.update(closed_at=timezone.now())
    Request.objects.update(closed_at=timezone.now(), state=Standing.CLOSED)
    assert soon(2) == 0  # a file may follow
    assert soon(9) == 1


def test_who_closed_the_page_gets_it_at_once(reading: World) -> None:
    visitor = reading.conversation.visitor
    visitor.seen_at = timezone.now() - timedelta(minutes=2)
    visitor.save(update_fields=["seen_at"])
    reading.answers("Your documents")
    assert soon(9) == 1


def test_what_was_read_before_it_was_sent_is_not_sent(reading: World) -> None:
    """J7: the visitor came back while it waited."""
    reading.answers("Hello")
    assert soon(61) == 1
    read_all(reading)
    assert reading.out() == []
    (row,) = rows()
    assert (row.state, row.reason) == (State.CANCELLED, "Read in the chat before it was sent.")


def test_a_text_and_its_files_are_one_mail(world: World) -> None:
    world.answers("Two files", files=[("a.txt", "text/plain", b"one\n"), ("b.txt", "text/plain", b"two\n")])
    mail = only(world)
    assert files_of(mail.raw) == {"a.txt": b"one\n", "b.txt": b"two\n"}
    assert "Two files" in said(mail.raw)


# --- to whom ----------------------------------------------------------------------------------------------------------


def test_the_own_words_don_t_come_back(world: World) -> None:
    world.writes("A question")
    world.out()
    assert world.to(V) == []
    assert len(world.to(O)) == 1


@pytest.mark.parametrize("facts", [{"wants_mail": False}, {"revoked_at": timezone.now()}, {"hard_bounces": 2}])
def test_who_can_t_or_won_t_be_mailed_is_not(world: World, facts: dict[str, object]) -> None:
    Correspondent.objects.filter(pk=world.to_v.pk).update(**facts)
    world.answers("Hello")
    assert world.out() == []


def test_who_was_revoked_while_it_waited_gets_nothing(world: World) -> None:
    world.answers("Hello")
    queue_due()
    Correspondent.objects.filter(pk=world.to_v.pk).update(revoked_at=timezone.now())
    assert world.out() == []
    assert states() == [State.CANCELLED]


def test_an_address_given_before_the_chat_is_enough(world: World) -> None:
    """J1: nobody made the visitor a correspondent; they left an address in the form."""
    conversation = make_conversation(
        world.button, operator=world.operator, group=world.group, email="walt@walt.test", name="Walt"
    )
    world.answers("Your documents", conversation=conversation)
    assert [mail.recipient for mail in world.out()] == ["walt@walt.test"]
    assert Correspondent.objects.filter(conversation=conversation).count() == 1


def test_who_gets_the_answer_by_mail_needs_no_word_that_it_is_there(world: World) -> None:
    MailNotice.objects.create(conversation=world.conversation, address="v.other@reader.test", language="en")
    world.answers("Your documents")
    only(world)
    notice = MailNotice.objects.get()
    assert (notice.state, notice.address) == (MailNotice.State.NOT_NEEDED, "")


def test_who_was_forgotten_gets_nothing_that_waited(world: World) -> None:
    """Their data was deleted while a mail was queued: no address, no mail."""
    world.receives(letter(V, "Hello"))
    OutgoingMail.objects.update(to=None, state=State.QUEUED)
    assert world.out() == []
    assert set(states()) == {State.CANCELLED}


def test_without_an_answer_nobody_is_enrolled(world: World) -> None:
    conversation = make_conversation(
        world.button, operator=world.operator, group=world.group, email="walt@walt.test", name="Walt"
    )
    world.writes("Hello?", conversation=conversation)
    world.out()
    assert not Correspondent.objects.filter(conversation=conversation, side="visitor").exists()


def test_who_wants_to_be_followed_by_mail_is(world: World) -> None:
    nina = make_operator("nina", world.group)
    OperatorMail.objects.create(user=nina, wants_mail=True, signature="Nina\nyour assistant")
    conversation = make_conversation(world.button, operator=nina, group=world.group, name="Walt")
    world.writes("Hello?", conversation=conversation)
    (mail,) = world.out()
    assert mail.recipient == "nina@desk.example"
    assert "Hello?" in said(mail.raw)


def test_who_is_at_the_desk_has_time_to_read_there(world: World) -> None:
    MailSettings.objects.update(reading_seconds=60)
    make_present(world.operator, seconds=3600)
    world.writes("Hello?")
    assert soon(30) == 0
    assert soon(61) == 1


def test_a_person_gets_only_what_nobody_else_took_over(world: World) -> None:
    nina = make_operator("nina", world.group)
    Ticket.objects.create(conversation=world.conversation, owner=nina)
    world.writes("Hello?")
    assert world.out() == []


def test_a_person_who_may_not_see_it_any_more_gets_nothing(world: World) -> None:
    Request.objects.filter(pk=world.conversation.request_id).update(operator=None, state=Standing.CLOSED)
    world.operator.memberships.all().delete()
    world.writes("Hello?")
    assert world.out() == []


def test_a_person_who_left_gets_nothing(world: World) -> None:
    world.operator.is_active = False
    world.operator.save(update_fields=["is_active"])
    world.writes("Hello?")
    assert world.out() == []


def test_what_a_machine_wrote_is_not_passed_on(world: World) -> None:
    world.receives(letter(V, "I am away", headers={"Auto-Submitted": "auto-replied"}), to=world.t_v)
    assert world.out() == []


def test_the_name_of_a_third_party_stands_above_their_words(world: World) -> None:
    third = correspondents.of_third(world.conversation, X.address, X.name)
    world.receives(letter(X, "I am the carrier."), to=world.token(third), by=X)
    mail = only(world)
    assert parsed(mail.raw)["From"].addresses[0].display_name == X.name


def test_several_writers_are_told_apart(world: World) -> None:
    third = correspondents.of_third(world.conversation, X.address, X.name)
    world.receives(letter(X, "I am the carrier."), to=world.token(third), by=X)
    world.writes("And I wait.")
    text = said(only(world).raw)
    assert "Xaver:\nI am the carrier." in text
    assert "Vera:\nAnd I wait." in text


# --- what goes along --------------------------------------------------------------------------------------------------


def test_a_file_above_the_limit_is_a_link(world: World) -> None:
    """J9: in the same mail as the text."""
    MailSettings.objects.update(attach_limit_mb=1)
    world.answers("A large one", files=[("big.txt", "text/plain", b"0123456789abcde\n" * 70_000)])
    mail = only(world)
    assert files_of(mail.raw) == {}
    text = said(mail.raw)
    assert "too large for a mail" in text
    assert "big.txt" in text
    assert "Collect it here: http" in text


def test_the_first_that_fit_are_attached(world: World) -> None:
    MailSettings.objects.update(attach_limit_mb=1)
    large = ("big.txt", "text/plain", b"0123456789abcde\n" * 60_000)
    world.answers("Two", files=[large, ("big2.txt", *large[1:]), ("small.txt", "text/plain", b"1\n")])
    mail = only(world)
    assert set(files_of(mail.raw)) == {"big.txt", "small.txt"}
    assert "big2.txt" in said(mail.raw)


def breaking(*args: object) -> None:
    raise Unclean(Why.ADDRESS_IN_FILE, "page 1")


def missing(*args: object) -> None:
    raise FileNotFoundError


def test_a_file_that_can_t_be_cleaned_is_held_and_the_text_goes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tickets.actions.drafting.files.clean_file", breaking)
    entry = world.answers("See below", files=[("list.txt", "text/plain", b"secret\n")])
    mail = only(world)
    assert files_of(mail.raw) == {}
    assert "See below" in said(mail.raw)
    assert "Being checked" in said(mail.raw)
    (held,) = Held.objects.all()
    assert (held.reason, held.entry, held.file, held.state) == ("address_in_file", entry, entry.file, "held")
    world.out()
    assert Held.objects.count() == 1


def test_what_was_released_follows_in_a_mail_of_its_own(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tickets.actions.drafting.files.clean_file", breaking)
    world.answers("See below", files=[("list.txt", "text/plain", b"secret\n")])
    world.out()
    Held.objects.update(state=Held.State.RELEASED)
    held = Held.objects.get()
    assert outbox.send_released(held) == 1
    assert outbox.send_released(held) == 0
    world.out()
    first, second = world.to(V)
    assert files_of(first) == {}
    assert files_of(second) == {"list.txt": b"secret\n"}
    assert parsed(second)["In-Reply-To"] == parsed(first)["Message-ID"]


def test_a_refused_file_never_leaves(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = world.answers(files=[("list.txt", "text/plain", b"secret\n")])
    Held.objects.create(reason="address_in_file", entry=entry, file=entry.file, state=Held.State.REFUSED)
    mail = only(world)
    assert files_of(mail.raw) == {}
    assert b"list.txt" not in mail.raw


def test_storage_that_is_away_puts_the_mail_off(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.answers("See below", files=[("list.txt", "text/plain", b"one\n")])
    with monkeypatch.context() as patched:
        patched.setattr("tickets.actions.drafting.files.opened", missing)
        assert world.out() == []
        (row,) = rows()
        assert (row.state, row.content) == (State.QUEUED, None)
        assert "could not be put together" in row.reason
    world.later(minutes=2)
    assert files_of(only(world).raw) == {"list.txt": b"one\n"}


def test_an_address_in_a_live_chat_is_masked_when_it_leaves(world: World) -> None:
    world.writes("Write to me: v.real@home.test")
    text = said(only(world).raw)
    assert "Write to me:" in text
    assert "home.test" not in text


def test_a_released_address_leaves_and_the_own_one_still_does_not(world: World) -> None:
    """C14: what S has released goes out; who writes stays hidden."""
    entry = world.writes("Write to new@else.test or v.real@home.test")
    Held.objects.create(reason=Held.Reason.ADDRESS_WRITTEN, entry=entry, state=Held.State.RELEASED)
    text = said(only(world).raw)
    assert "new@else.test" in text
    assert "home.test" not in text


# --- approval ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def approving(world: World) -> World:
    MailPolicy.objects.create(group=world.group, holds_until_approved=True)
    return world


def test_nothing_leaves_before_it_is_approved(approving: World) -> None:
    entry = approving.answers("May I?")
    assert approving.out() == []
    (held,) = Held.objects.all()
    assert (held.reason, held.entry) == (Held.Reason.APPROVAL, entry)
    assert outbox.approve(entry) == 1
    assert outbox.approve(entry) == 0  # K6: by two people at once, one send
    assert len(approving.out()) == 1


def test_what_is_turned_down_never_leaves(approving: World) -> None:
    entry = approving.answers("May I?")
    approving.out()
    assert outbox.turn_down(entry) == 1
    assert outbox.approve(entry) == 0
    assert approving.out() == []
    assert states() == [State.CANCELLED]
