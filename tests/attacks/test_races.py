"""R-01 to R-17: two or twenty people at the same thing at the same time, in real threads.

What does not apply yet, for want of the thing that it attacks: R-11 (legal holds), R-12 (erasure and export jobs),
R-13 (nobody edits or deletes a message), R-14 (ratings), R-16 (export jobs). They belong to the records and come with
them; that they are not there is held below, so that this list is looked at on the day they are.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import ProtectedError

from accounts.models import User
from chatdesk.actions import conversations, invitations
from chatdesk.actions.asking import Asked
from chatdesk.actions.entries import post_entry
from chatdesk.actions.files import receive
from chatdesk.models import Button, Conversation, Entry, File, Invitation, Kind, Participant
from chatdesk.models.visitor import new_token
from chatdesk.protocol import Code, Refused
from routing.actions import arrive, enqueue, leave, sweep
from routing.errors import Unavailable
from routing.models import Group, Membership, Outcome, Request, State
from tests.attacks.racing import assert_whole, at_once, fresh, held_by, kinds, refusals
from tests.factories import (
    Cast,
    make_cast,
    make_conversation,
    make_entry,
    make_group,
    make_guest,
    make_operator,
    make_present,
)

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 6
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def cast() -> Cast:
    made = make_cast()
    for person in (made.alice, made.bob):
        make_present(person, seconds=600)
    return made


def waiting_chat(cast: Cast, group: Group | None = None) -> Conversation:
    conversation = make_conversation(cast.sales_button, group=group)
    make_entry(conversation, "Is anybody there?")
    return conversation


def held_chat(cast: Cast, by: User | None = None) -> Conversation:
    conversation = make_conversation(cast.sales_button, operator=by or cast.alice)
    make_entry(conversation, "Is anybody there?")
    return conversation


def by_hand(group: Group) -> None:
    Group.objects.filter(pk=group.pk).update(policy="manual")


def test_r01_twenty_operators_accept_at_once(cast: Cast) -> None:
    by_hand(cast.sales)
    people = [make_operator(f"person{number}", cast.sales) for number in range(20)]
    chat = waiting_chat(cast)
    outcomes = at_once(*(partial(conversations.take, person, chat.ref) for person in people))
    assert refusals(outcomes) == ["state.conflict"] * 19
    assert assert_whole(chat).request.operator in people
    assert kinds(chat).count(Kind.JOIN) == 1


def test_r02_accepting_while_the_visitor_leaves(cast: Cast) -> None:
    by_hand(cast.sales)
    for _ in range(ROUNDS):
        chat = waiting_chat(cast)
        taken, left = at_once(
            partial(conversations.take, cast.alice, chat.ref), partial(conversations.close_by_visitor, chat.pk)
        )
        assert left is None
        ended = assert_whole(chat)
        assert refusals([taken]) in ([], ["conversation.closed"])
        served = not refusals([taken])
        assert ended.request.outcome == (Outcome.SERVED if served else Outcome.ABANDONED)
        assert (Kind.JOIN in kinds(chat)) is served


def test_r03_handing_over_and_closing_while_the_target_accepts(cast: Cast) -> None:
    carol = make_operator("carol", cast.support)
    make_present(carol, seconds=600)
    for _ in range(ROUNDS):
        chat = held_chat(cast)
        invitations.offer(cast.alice, chat.ref, Invitation.Kind.WARM, Asked(operator=cast.bob.pk))
        outcomes = at_once(
            partial(conversations.transfer, cast.alice, chat.ref, operator=carol.pk),
            partial(conversations.close_by_operator, cast.alice, chat.ref),
            partial(invitations.answer, cast.bob, chat.ref, accept=True),
        )
        now = assert_whole(chat)
        assert len(refusals(outcomes)) < 3
        assert now.request.operator in {cast.alice, cast.bob, carol}
        assert not Invitation.objects.filter(conversation=chat, state=Invitation.State.OFFERED).exists()
        assert sum(held_by().values()) == (0 if now.closed_at else 1)
        Request.objects.filter(pk=now.request_id).update(state=State.CLOSED)


def test_r04_closed_twice_and_by_both(cast: Cast) -> None:
    for _ in range(ROUNDS):
        chat = held_chat(cast)
        outcomes = at_once(
            partial(conversations.close_by_operator, cast.alice, chat.ref),
            partial(conversations.close_by_operator, cast.alice, chat.ref),
            partial(conversations.close_by_visitor, chat.pk),
        )
        assert refusals(outcomes) == ["conversation.closed"] * 2
        assert assert_whole(chat).closed_at is not None


def test_r05_two_transfers_to_different_groups(cast: Cast) -> None:
    third = make_group("third")
    for person in (make_operator("carol", cast.support, limit=0), make_operator("dora", third, limit=0)):
        make_present(person, seconds=600)
    for _ in range(ROUNDS):
        chat = held_chat(cast)
        at_once(
            partial(conversations.transfer, cast.alice, chat.ref, group="support"),
            partial(conversations.transfer, cast.alice, chat.ref, group="third"),
        )
        now = assert_whole(chat)
        moved = Entry.objects.filter(conversation=chat, kind=Kind.TRANSFER).order_by("seq")
        assert now.group.slug in ("support", "third")
        assert now.group.name in moved.reverse()[0].body


def test_r06_one_more_than_the_limit_by_ten_at_once(cast: Cast) -> None:
    by_hand(cast.sales)
    Membership.objects.filter(user=cast.alice).update(chat_limit=3)
    chats = [waiting_chat(cast) for _ in range(10)]
    outcomes = at_once(*(partial(conversations.take, cast.alice, chat.ref) for chat in chats))
    assert refusals(outcomes) == ["state.conflict"] * 7
    assert held_by() == {cast.alice.pk: 3}


def test_r06_one_more_than_the_limit_by_the_assigner(cast: Cast) -> None:
    Membership.objects.filter(user=cast.alice).update(chat_limit=2)
    for chat in [waiting_chat(cast) for _ in range(6)]:
        Request.objects.filter(conversation=chat).update(group=cast.sales)
    at_once(sweep, sweep, partial(arrive, cast.alice.pk), sweep)
    assert held_by() == {cast.alice.pk: 2}


def test_r07_an_operator_goes_while_being_given_a_chat(cast: Cast) -> None:
    for _ in range(ROUNDS):
        make_present(cast.alice, seconds=600)
        guest = make_guest()
        _gone, started = at_once(
            partial(leave, cast.alice.pk),
            partial(conversations.start, cast.sales_button, guest.visitor, new_token(), "Hello"),
        )
        now = assert_whole(started.conversation)
        assert (now.request.state, now.request.operator) == (State.WAITING, None)
        conversations.close_by_visitor(now.pk)


def test_r08_a_group_is_switched_off_or_deleted_with_people_waiting(cast: Cast) -> None:
    by_hand(cast.sales)
    chat, guest = waiting_chat(cast), make_guest()
    at_once(
        lambda: Group.objects.filter(pk=cast.sales.pk).update(is_active=False),
        partial(conversations.start, cast.sales_button, guest.visitor, new_token(), "Hello"),
    )
    with pytest.raises(Unavailable):
        enqueue(cast.sales)
    with pytest.raises(ProtectedError):
        cast.sales.delete()
    conversations.take(cast.alice, chat.ref)
    assert assert_whole(chat).request.operator == cast.alice


def test_r09_the_last_word_and_the_end_at_the_same_moment(cast: Cast) -> None:
    for _ in range(ROUNDS):
        chat = held_chat(cast)
        visitor = chat.participants.get(user=None)
        outcomes = at_once(
            partial(conversations.close_by_operator, cast.alice, chat.ref),
            *(partial(post_entry, chat, visitor, f"Word {number}", f"word-{number}") for number in range(4)),
        )
        said = len([one for one in outcomes[1:] if isinstance(one, Entry)])
        assert set(refusals(outcomes)) <= {"conversation.closed"}
        assert kinds(chat).count(Kind.MESSAGE) == 1 + said
        assert_whole(chat)


def test_r10_two_tabs_start_two_chats(cast: Cast) -> None:
    for _ in range(ROUNDS):
        guest = make_guest()
        tabs = [partial(conversations.start, cast.sales_button, guest.visitor, new_token(), "Hello") for _ in range(3)]
        assert refusals(at_once(*tabs)) == ["state.conflict"] * 2
        assert Conversation.objects.filter(visitor=guest.visitor).count() == 1


def test_r10_one_start_that_is_sent_again_and_again(cast: Cast) -> None:
    client_id = new_token()
    tries = [partial(conversations.start, cast.sales_button, None, client_id, "Hello") for _ in range(4)]
    outcomes = at_once(*tries)
    assert len({one.conversation.pk for one in outcomes}) == 1
    assert Conversation.objects.filter(start_id=client_id).count() == 1


def stored() -> set[Path]:
    return {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}


def test_r15_a_file_that_ends_after_the_conversation(cast: Cast) -> None:
    before = stored()
    chat = held_chat(cast)
    stale = fresh(chat)
    conversations.close_by_operator(cast.alice, chat.ref)
    part = Participant.objects.get(conversation=chat, user=None)
    with pytest.raises(Refused) as refused:
        receive(stale, part, SimpleUploadedFile("offer.pdf", PDF), "late")
    assert refused.value.code == Code.CLOSED
    assert not File.objects.exists()
    assert stored() == before
    assert_whole(chat)


def test_r15_a_file_while_the_conversation_ends(cast: Cast) -> None:
    for number in range(ROUNDS):
        chat = held_chat(cast)
        part = Participant.objects.get(conversation=chat, user=None)
        upload = SimpleUploadedFile("offer.pdf", PDF)
        sent, _closed = at_once(
            partial(receive, fresh(chat), part, upload, f"file-{number}"),
            partial(conversations.close_by_operator, cast.alice, chat.ref),
        )
        assert_whole(chat)
        assert File.objects.filter(entry__conversation=chat).exists() == isinstance(sent, Entry)
        assert not File.objects.filter(entry=None).exists()


def test_r17_settings_change_between_the_page_and_the_deed(cast: Cast) -> None:
    """What was read a moment ago decides nothing: the group, the limit and the rights are asked again, at the deed."""
    by_hand(cast.sales)
    stale_button = Button.objects.select_related("group").get(pk=cast.sales_button.pk)
    chat = waiting_chat(cast)
    stale_alice = User.objects.select_related("user_type").get(pk=cast.alice.pk)
    Group.objects.filter(pk=cast.sales.pk).update(is_active=False)
    with pytest.raises(Refused) as refused:
        conversations.start(stale_button, None, new_token(), "Hello")
    assert refused.value.code == Code.CONFLICT
    Membership.objects.filter(user=cast.alice).update(chat_limit=0)
    with pytest.raises(Refused):
        conversations.take(stale_alice, chat.ref)
    assert assert_whole(chat).request.state == State.WAITING


def test_r17_a_limit_lowered_while_chats_are_handed_out(cast: Cast) -> None:
    for _ in range(6):
        waiting_chat(cast)
    at_once(sweep, lambda: Membership.objects.filter(user=cast.alice).update(chat_limit=1), sweep)
    held = held_by().get(cast.alice.pk, 0)
    assert held in (1, 4)
    sweep()
    assert held_by().get(cast.alice.pk, 0) == held


def test_what_does_not_apply_is_not_there() -> None:
    """R-13, R-14. Holds, erasures, redactions, exports (R-11, R-12, R-16) are raced where transcripts are tested."""
    models = {model.__name__.lower() for model in apps.get_models()}
    assert not models & {"rating", "edit"}


def test_the_judge_convicts(cast: Cast) -> None:
    """A judge that finds nothing wrong with what is wrong would judge nothing."""
    chat = held_chat(cast)
    Request.objects.filter(pk=chat.request_id).update(group=cast.support)
    with pytest.raises(AssertionError):
        assert_whole(chat)
