"""The states of a mail on its way: each step belongs to one sender, and none is taken back by another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.sealing import unseal
from tests.mail.people import V
from tests.mail.world import World
from tickets.actions import correspondents, outbox
from tickets.actions.bouncing import take_bounce
from tickets.actions.reachability import count_hard, heard_from
from tickets.actions.sending import states
from tickets.actions.sending.dialogue import End, Result
from tickets.actions.sending.reasons import names_no_mailbox, plain, reason
from tickets.models import Correspondent, OutgoingMail, TicketEvent
from tickets.reading import bounces
from tickets.reading.bounces import Bounce

State = OutgoingMail.State
NOW = timezone.now()
Step = Callable[[OutgoingMail], bool]
STEPS: dict[str, Step] = {
    "content": lambda mail: states.keep_content(mail, b"x"),
    "dot": states.mark_handing_over,
    "sent": lambda mail: states.mark_sent(mail, 250),
    "later": lambda mail: states.mark_later(mail, NOW, 451, "later"),
    "refused": lambda mail: states.mark_refused(mail, 550, "no"),
    "uncertain": lambda mail: states.mark_uncertain(mail, NOW, "broke"),
    "cancelled": lambda mail: states.mark_cancelled(mail, "read"),
}


@pytest.fixture
def mail(world: World) -> OutgoingMail:
    """An answer to V that is queued, and due."""
    world.answers("It is ready.")
    outbox.post_due_answers()
    outbox.queue_due()
    return OutgoingMail.objects.get(to=world.to_v)


def now_of(mail: OutgoingMail) -> OutgoingMail:
    return OutgoingMail.objects.get(pk=mail.pk)


def facts_of(mail: OutgoingMail) -> dict[str, object]:
    return dict(OutgoingMail.objects.filter(pk=mail.pk).values().get())


def put(mail: OutgoingMail, state: str) -> None:
    OutgoingMail.objects.filter(pk=mail.pk).update(state=state)


# --- whose turn it is -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", STEPS)
def test_who_has_not_claimed_a_mail_changes_nothing(mail: OutgoingMail, step: str) -> None:
    before = facts_of(mail)
    assert not STEPS[step](mail)
    assert facts_of(mail) == before


@pytest.mark.parametrize("step", STEPS)
def test_whose_claim_was_taken_over_changes_nothing(mail: OutgoingMail, step: str) -> None:
    slow, quick = now_of(mail), now_of(mail)
    assert states.claim(slow, NOW)
    states.recover(NOW + states.CLAIM)
    quick.refresh_from_db()
    assert states.claim(quick, NOW + states.CLAIM)
    before = facts_of(mail)
    assert not STEPS[step](slow)
    assert facts_of(mail) == before
    assert STEPS[step](quick)


def test_one_of_two_that_claim_at_once_has_it(mail: OutgoingMail) -> None:
    one, two = now_of(mail), now_of(mail)
    assert [states.claim(one, NOW), states.claim(two, NOW)] == [True, False]
    assert now_of(mail).first_tried_at == NOW


@pytest.mark.parametrize(
    "state", [State.SENT, State.FAILED, State.CANCELLED, State.BOUNCED, State.HELD, State.DELIVERED]
)
def test_what_has_ended_or_waits_for_a_person_can_not_be_claimed(mail: OutgoingMail, state: str) -> None:
    put(mail, state)
    assert not states.claim(mail, NOW)
    assert mail not in states.due(NOW + timedelta(days=9))


@pytest.mark.parametrize(
    ("doubts", "is_due"), [(0, True), (states.ONE_RESEND, True), (states.ONE_RESEND + 1, False), (9, False)]
)
def test_what_may_have_arrived_is_sent_once_more_and_then_never(mail: OutgoingMail, doubts: int, is_due: bool) -> None:
    OutgoingMail.objects.filter(pk=mail.pk).update(state=State.UNCERTAIN, doubts=doubts)
    assert states.due(timezone.now()).filter(pk=mail.pk).exists() == is_due
    assert states.claim(now_of(mail), NOW) == is_due


def test_a_mail_is_due_at_its_moment_and_not_before(mail: OutgoingMail) -> None:
    moment = now_of(mail).due_at
    assert not states.due(moment - timedelta(microseconds=1)).exists()
    assert states.due(moment).exists()


def test_what_was_put_off_is_untried(mail: OutgoingMail) -> None:
    states.put_off(mail, NOW)
    row = now_of(mail)
    assert (row.state, row.tries, row.first_tried_at, row.due_at) == (State.QUEUED, 0, None, NOW + states.PUT_OFF)
    assert not states.claim(mail, NOW), "who has seen it before it was put off must look again"


@pytest.mark.parametrize(("tries", "minutes"), [(0, 1), (1, 5), (2, 15), (3, 60), (4, 60), (1000, 60)])
def test_pauses_grow_to_an_hour_and_no_further(mail: OutgoingMail, tries: int, minutes: int) -> None:
    OutgoingMail.objects.filter(pk=mail.pk).update(tries=tries)
    mine = now_of(mail)
    states.claim(mine, NOW)
    assert states.mark_later(mine, NOW, 0, "later")
    row = now_of(mail)
    assert (row.due_at, row.tries, row.code) == (NOW + timedelta(minutes=minutes), tries + 1, None)


@pytest.mark.parametrize(
    ("age", "state"),
    [(states.GIVE_UP - timedelta(seconds=1), State.QUEUED), (states.GIVE_UP, State.FAILED)],
)
def test_after_a_day_it_is_given_up(mail: OutgoingMail, age: timedelta, state: str) -> None:
    OutgoingMail.objects.filter(pk=mail.pk).update(first_tried_at=NOW - age)
    mine = now_of(mail)
    states.claim(mine, NOW)
    assert states.mark_later(mine, NOW, 451, "later")
    assert now_of(mail).state == state


@pytest.mark.parametrize(
    ("handed", "doubts", "state", "left"),
    [
        (False, 0, State.QUEUED, 0),
        (False, 1, State.UNCERTAIN, 1),
        (True, 0, State.UNCERTAIN, 1),
        (True, 1, State.UNCERTAIN, 2),
    ],
)
def test_what_a_dead_sender_leaves_behind(mail: OutgoingMail, handed: bool, doubts: int, state: str, left: int) -> None:
    """Without its last dot it never left; with it, it may have."""
    died = NOW - states.CLAIM
    facts = {"claimed_at": died, "handed_at": died if handed else None, "doubts": doubts}
    OutgoingMail.objects.filter(pk=mail.pk).update(state=State.SENDING, **facts)
    assert states.recover(NOW - timedelta(seconds=1)) == 0
    assert states.recover(NOW) == 1
    assert (now_of(mail).state, now_of(mail).doubts) == (state, left)
    assert states.recover(NOW) == 0


# --- what comes back --------------------------------------------------------------------------------------------------

HARD = Bounce(bounces.HARD, 550, "5.1.1", f"<{V.address}> unknown")
OUTCOMES = [
    (HARD, State.SENT, State.BOUNCED),
    (HARD, State.UNCERTAIN, State.BOUNCED),
    (HARD, State.DELIVERED, State.BOUNCED),
    (HARD, State.FAILED, State.FAILED),
    (HARD, State.CANCELLED, State.CANCELLED),
    (HARD, State.HELD, State.HELD),
    (Bounce(bounces.SOFT, 452, "4.2.2"), State.SENT, State.BOUNCED),
    (Bounce(bounces.LATE), State.SENT, State.SENT),
    (Bounce(bounces.LATE), State.BOUNCED, State.BOUNCED),
    (Bounce(bounces.ARRIVED), State.SENT, State.DELIVERED),
    (Bounce(bounces.ARRIVED), State.UNCERTAIN, State.DELIVERED),
    (Bounce(bounces.ARRIVED), State.BOUNCED, State.BOUNCED),
    (Bounce(bounces.ARRIVED), State.QUEUED, State.QUEUED),
    (Bounce(bounces.PASSED_ON), State.SENT, State.SENT),
    (Bounce("anything"), State.SENT, State.SENT),
]


@pytest.mark.parametrize(("bounce", "before", "after"), OUTCOMES)
def test_what_a_report_does(mail: OutgoingMail, bounce: Bounce, before: str, after: str) -> None:
    put(mail, before)
    told = take_bounce(mail.pk, bounce)
    assert now_of(mail).state == after
    assert told == (before != after or (bounce.kind == bounces.LATE and before == State.SENT))
    assert take_bounce(mail.pk, bounce) == (bounce.kind == bounces.LATE and before == State.SENT)


def test_a_report_about_nothing_does_nothing(world: World) -> None:
    assert not take_bounce(4711, HARD)


def test_the_servers_own_words_are_sealed_and_the_sentence_names_nobody(world: World, mail: OutgoingMail) -> None:
    put(mail, State.SENT)
    take_bounce(mail.pk, HARD)
    row = now_of(mail)
    assert V.address not in f"{row.reason} {row.facts}"
    assert V.address in unseal(row.facts["sealed_words"])
    assert world.leaks_in_text(str(facts_of(mail)), "O") == []


@pytest.mark.parametrize("blames", [True, False])
def test_only_what_blames_the_address_counts_against_it(world: World, mail: OutgoingMail, blames: bool) -> None:
    put(mail, State.SENT)
    take_bounce(mail.pk, Bounce(bounces.HARD, 550, "5.7.1", blames_address=blames))
    assert Correspondent.objects.get(pk=world.to_v.pk).hard_bounces == blames


def test_mail_is_off_after_two_and_on_again_after_a_word_of_theirs(world: World) -> None:
    seen = []
    for step in (count_hard, count_hard, count_hard, heard_from, heard_from, count_hard):
        step(Correspondent.objects.get(pk=world.to_v.pk))
        who = Correspondent.objects.get(pk=world.to_v.pk)
        seen.append((who.hard_bounces, who.wants_mail))
    assert seen == [(1, True), (2, False), (3, False), (0, True), (0, True), (1, True)]
    told = TicketEvent.objects.filter(what__in=["mail_off", "mail_on"]).order_by("pk").values_list("what", flat=True)
    assert list(told) == ["mail_off", "mail_on"]


def test_a_bounce_of_mail_to_nobody_is_counted_for_nobody(world: World) -> None:
    count_hard(None)
    assert not Correspondent.objects.filter(hard_bounces__gt=0).exists()


def test_another_mailbox_of_the_same_person_begins_at_nought(world: World) -> None:
    for _twice in range(2):
        count_hard(world.to_v)
    moved = correspondents.of_visitor(world.conversation, "v.second@home.test")
    assert (moved.pk, moved.wants_mail, moved.hard_bounces, moved.is_proven) == (world.to_v.pk, True, 0, False)
    assert moved.token_hash == world.to_v.token_hash


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "code", "says", "nobody"),
    [
        ("5.1.1 <v.real@home.test> unknown", 550, "does not exist", True),
        ("5.2.2 full", 552, "mailbox is full", False),
        ("5.7.1 v.real@home.test is spam", 550, "refused by a rule", False),
        ("no such user v.real@home.test", 550, "refused it", True),
        ("5.9.9 what", 550, "refused it", False),
        ("55.1.1 15.1.1.7", 554, "refused it", False),
        ("", 0, "refused it", False),
    ],
)
def test_why_it_was_refused(words: str, code: int, says: str, nobody: bool) -> None:
    result = Result(End.REFUSED, code, words)
    assert says in reason(result)
    assert "@" not in reason(result)
    assert names_no_mailbox(result) == nobody


@pytest.mark.parametrize("status", ["", "5", "5.", "x.y.z", "5.1.1.1", "..", "5.77.1"])
def test_a_status_that_means_nothing_is_said_as_it_is(status: str) -> None:
    assert "came back" in plain(status, 0)
    assert plain(status, 550).endswith(f"(550 {status})" if status else "(550)")
