"""I: nothing is lost on the way out, and nothing leaves twice."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import dkim
import pytest
from django.db import connection
from django.utils import timezone

from accounts.sealing import seal, unseal
from chatdesk.actions.conversations import close_by_operator
from chatdesk.protocol import Refused
from tests.factories import make_outsider
from tests.mail.people import RELAY, O, V
from tests.mail.sent import only, parsed, rows, said, states
from tests.mail.world import World
from tickets import tasks
from tickets.actions import outbox
from tickets.actions.outbox import change_answer, post_due_answers, queue_due, take_back
from tickets.actions.sending import dialogue, resend, send_due
from tickets.actions.sending.states import CLAIM, GIVE_UP
from tickets.composing import signing
from tickets.models import MailSettings, OutgoingMail, PendingAnswer

State, Kind = OutgoingMail.State, OutgoingMail.Kind
HOUR = timedelta(hours=1)


def later(**time: float) -> datetime:
    return timezone.now() + timedelta(**time)


def texts(world: World) -> list[str]:
    return [said(raw).splitlines()[0] for raw in world.to(V)]


# --- I1: the server is away -------------------------------------------------------------------------------------------


def test_i1_nothing_is_lost_while_the_server_is_down_for_hours(world: World) -> None:
    start = timezone.now()
    with world.sink.down():
        for number in range(3):
            world.answers(f"Part {number}")
            queue_due()
        for minutes in range(0, 360, 5):
            assert send_due(start + timedelta(minutes=minutes)) == 0
        assert states() == [State.QUEUED] * 3
        first = rows()[0]
        assert "can't be reached" in first.reason
        assert first.tries < 20  # 1, 5, 15, 60 minutes, then every hour
    assert send_due(start + timedelta(hours=7)) == 3
    assert texts(world) == ["Part 0", "Part 1", "Part 2"]
    assert states() == [State.SENT] * 3


def test_i1_the_pauses_grow(world: World) -> None:
    world.sink.refuse("mail", "451 4.3.0 not now")
    world.answers("Hello")
    queue_due()
    pauses, now = [], timezone.now()
    for _try in range(6):
        send_due(now)
        due_at = rows()[0].due_at
        pauses.append(round((due_at - now).total_seconds() / 60))
        now = due_at
    assert pauses == [1, 5, 15, 60, 60, 60]


def test_i1_after_a_day_it_has_failed_and_says_so(world: World) -> None:
    world.answers("Hello")
    queue_due()
    start = timezone.now()
    with world.sink.down():
        send_due(start)
        send_due(start + GIVE_UP + HOUR)
    (row,) = rows()
    assert row.state == State.FAILED
    assert row.ended_at
    assert row.reason


def test_i1_one_reader_s_trouble_does_not_hold_up_another(world: World) -> None:
    world.sink.refuse("rcpt", "451 4.2.0 greylisted", recipient=V.address)
    world.answers("To the visitor")
    world.writes("To the operator")
    world.out()
    assert world.to(V) == []
    assert len(world.to(O)) == 1


def test_i1_mails_to_one_reader_keep_their_order(world: World) -> None:
    """The first is put off; the second waits for it, although it was never tried."""
    world.sink.refuse("rcpt", "451 4.2.0 greylisted", times=1)
    world.answers("First")
    queue_due()
    send_due()
    world.answers("Second")
    queue_due()
    assert send_due() == 0
    assert send_due(later(minutes=2)) == 2
    assert texts(world) == ["First", "Second"]


# --- I2, I3: cut off in the middle ------------------------------------------------------------------------------------

BEFORE_THE_DOT = ("greeting", "hello", "mail", "rcpt", "data")


@pytest.mark.parametrize("step", BEFORE_THE_DOT)
def test_i2_a_line_that_breaks_before_the_dot_is_tried_again(world: World, step: str) -> None:
    world.sink.drop(step, times=1)  # type: ignore[arg-type]
    world.answers("Once")
    queue_due()
    assert send_due() == 0
    assert states() == [State.QUEUED]
    assert send_due(later(minutes=2)) == 1
    assert len(world.to(V)) == 1


def test_i2_a_worker_that_died_before_the_dot_lost_nothing(world: World) -> None:
    """As kill -9 leaves it: claimed, composed, and no word of the last dot."""
    world.answers("Once")
    queue_due()
    OutgoingMail.objects.update(state=State.SENDING, claimed_at=timezone.now())
    assert send_due(later(minutes=5)) == 0  # it may still be at work
    assert send_due(later(seconds=CLAIM.total_seconds() + 1)) == 1
    assert len(world.to(V)) == 1


def test_i2_a_worker_that_died_after_the_dot_sends_the_same_id_once_more(world: World) -> None:
    world.answers("Perhaps twice")
    mail = only(world)
    now = timezone.now()
    OutgoingMail.objects.update(state=State.SENDING, claimed_at=now, handed_at=now, sent_at=None)
    send_due(later(hours=1))
    assert states() == [State.SENT]
    again = world.to(V)
    assert again == [mail.raw, mail.raw]


def test_i2_whoever_died_twice_after_the_dot_leaves_it_to_a_person(world: World) -> None:
    world.answers("Perhaps")
    only(world)
    now = timezone.now()
    OutgoingMail.objects.update(state=State.SENDING, claimed_at=now, handed_at=now, doubts=1)
    for hours in (1, 2, 3):
        send_due(later(hours=hours))
    assert states() == [State.UNCERTAIN]
    assert len(world.to(V)) == 1


@pytest.mark.django_db(transaction=True)
def test_i2_a_slow_worker_whose_claim_was_taken_over_sends_nothing(world: World) -> None:
    """It stands before the dot when another takes the mail: the dot is never sent."""
    world.answers("Once")
    queue_due()
    gate = world.sink.pause("data")
    with ThreadPoolExecutor() as pool:
        slow = pool.submit(in_own_connection, send_due)
        gate.wait()
        OutgoingMail.objects.update(claimed_at=later(minutes=20))  # somebody else's claim
        gate.go()
        assert slow.result() == 0
    assert world.to(V) == []
    assert states() == [State.SENDING]


def test_i3_no_answer_after_the_dot_is_uncertain_and_sent_once_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialogue, "REPLY_SECONDS", 0.3)
    world.sink.delay("dot", 1.0, times=2)
    world.answers("Perhaps twice")
    queue_due()
    assert send_due() == 0
    (row,) = rows()
    assert (row.state, row.doubts) == (State.UNCERTAIN, 1)
    assert "may have arrived" in row.reason
    assert send_due(later(minutes=1)) == 0  # not at once
    assert send_due(later(minutes=6)) == 0
    assert (rows()[0].state, rows()[0].doubts) == (State.UNCERTAIN, 2)
    for hours in (1, 5, 20):
        assert send_due(later(hours=hours)) == 0  # now a person decides
    ids = {parsed(raw)["Message-ID"] for raw in world.to(V)}
    assert ids == {row.message_id}
    assert len(world.to(V)) == 2


def test_i3_a_person_may_send_it_again(world: World) -> None:
    world.answers("Perhaps")
    mail = only(world)
    OutgoingMail.objects.update(state=State.UNCERTAIN, doubts=2)
    row = resend(world.operator, rows()[0].pk)
    assert row.state == State.QUEUED
    assert send_due() == 1
    assert {parsed(raw)["Message-ID"] for raw in world.to(V)} == {parsed(mail.raw)["Message-ID"]}


# --- I4, I5: several workers, or none ---------------------------------------------------------------------------------


def in_own_connection(work: object, *args: object) -> object:
    try:
        return work(*args)  # type: ignore[operator]
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_i4_two_workers_send_it_once(world: World) -> None:
    world.answers("Once")
    start = threading.Barrier(4)

    def work(_number: int) -> None:
        start.wait()
        tasks.queue_mails()
        tasks.send_mails()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: in_own_connection(work, number), range(4)))
    world.out()
    assert len(world.to(V)) == 1
    assert states() == [State.SENT]


def test_i4_a_task_that_comes_twice_does_nothing_more(world: World) -> None:
    world.answers("Once")
    for _time in range(3):
        tasks.queue_mails()
        tasks.send_mails()
    assert len(world.to(V)) == 1


def test_i5_the_sweep_finds_what_a_lost_broker_forgot(world: World) -> None:
    """A hundred rows, no task that names them: the sweeps send each once."""
    for number in range(100):
        outbox.queue(Kind.NOTICE, conversation=world.conversation, address=f"reader{number}@reader.test")
    for _sweep in range(5):
        tasks.queue_mails()
        tasks.send_mails()
    readers = [mail.recipient for mail in world.sink.taken]
    assert len(readers) == len(set(readers)) == 100


# --- I6, I8: refusals -------------------------------------------------------------------------------------------------


def test_i6_only_the_one_that_was_put_off_is_repeated(world: World) -> None:
    world.sink.refuse("rcpt", "450 4.2.1 busy", recipient=V.address, times=1)
    world.answers("To V")
    world.writes("To O")
    world.out()
    send_due(later(minutes=2))
    assert (len(world.to(V)), len(world.to(O))) == (1, 1)
    assert all(step_count == 1 for step_count in (len(world.to(V)), len(world.to(O))))


@pytest.mark.parametrize("step", ["mail", "rcpt", "data", "dot"])
def test_i8_a_refusal_is_final_shown_and_can_be_repeated_by_a_person(world: World, step: str) -> None:
    world.sink.refuse(step, f"550 5.7.1 <{V.address}> content refused", times=1)  # type: ignore[arg-type]
    world.answers("Hello")
    queue_due()
    assert send_due() == 0
    (row,) = rows()
    assert (row.state, row.code) == (State.FAILED, 550)
    assert "refused" in row.reason
    assert V.address not in row.reason
    assert V.address in unseal(row.facts["sealed_words"])
    assert send_due(later(days=2)) == 0
    resend(world.operator, row.pk)
    assert send_due() == 1
    assert states() == [State.SENT]


def test_i8_what_is_on_its_way_is_not_sent_again(world: World) -> None:
    world.answers("Hello")
    only(world)
    with pytest.raises(Refused, match="on its way or has arrived"):
        resend(world.operator, rows()[0].pk)


def test_i8_a_stranger_repeats_nothing(world: World) -> None:
    world.answers("Hello")
    only(world)
    OutgoingMail.objects.update(state=State.FAILED)
    stranger = make_outsider()
    with pytest.raises(Refused):
        resend(stranger, rows()[0].pk)
    assert states() == [State.FAILED]


# --- I7: a second thought ---------------------------------------------------------------------------------------------


def answer(world: World, text: str, client_id: str = "a") -> PendingAnswer:
    MailSettings.objects.update(undo_seconds=10)
    return outbox.answer(world.operator, world.conversation.ref, text, client_id)


def test_i7_an_answer_taken_back_in_time_never_leaves(world: World) -> None:
    pending = answer(world, "A slip")
    assert world.out() == []
    assert take_back(world.operator, pending.pk) == "A slip"
    assert post_due_answers(later(minutes=5)) == 0
    assert world.out() == []
    assert world.conversation.entries.count() == 0


def test_i7_an_answer_changed_in_time_leaves_as_it_was_changed(world: World) -> None:
    pending = answer(world, "A slip")
    change_answer(world.operator, pending.pk, "The right word")
    assert post_due_answers(later(seconds=11)) == 1
    world.out()
    assert texts(world) == ["The right word"]
    assert b"A slip" not in world.to(V)[0]


def test_i7_what_has_left_can_t_be_taken_back(world: World) -> None:
    pending = answer(world, "Said")
    post_due_answers(later(seconds=11))
    for late in (lambda: take_back(world.operator, pending.pk), lambda: change_answer(world.operator, pending.pk, "x")):
        with pytest.raises(Refused, match="has been sent"):
            late()


def test_i7_the_same_answer_twice_is_one(world: World) -> None:
    assert answer(world, "Once").pk == answer(world, "Once").pk
    assert post_due_answers(later(seconds=11)) == 1
    assert post_due_answers(later(seconds=11)) == 0
    assert world.conversation.entries.count() == 1


def test_i7_an_answer_that_was_on_its_way_when_the_chat_ended_still_goes(world: World) -> None:
    answer(world, "One more thing")
    close_by_operator(world.operator, world.conversation.ref)
    assert post_due_answers(later(seconds=11)) == 1
    world.later(seconds=30)
    world.out()
    assert texts(world) == ["One more thing"]
    assert PendingAnswer.objects.count() == 0


def test_i7_nobody_takes_back_another_s_answer(world: World) -> None:
    pending = answer(world, "Mine")
    with pytest.raises(Refused):
        take_back(world.supervisor, pending.pk)
    assert PendingAnswer.objects.filter(pk=pending.pk).exists()


# --- I10: signed ------------------------------------------------------------------------------------------------------


@pytest.fixture
def dkim_key(world: World) -> str:
    key = signing.new_key()
    MailSettings.objects.update(dkim_selector="desk", dkim_key=seal(key))
    return key


def test_i10_our_signature_verifies_and_is_aligned(world: World, dkim_key: str) -> None:
    world.answers("Signed.\n.\nwith a dot on a line")
    mail = only(world)
    asked: list[str] = []

    def dns(name: bytes, timeout: int = 5) -> bytes:
        asked.append(name.decode())
        return signing.dns_record(dkim_key).encode()

    assert dkim.verify(mail.raw, dnsfunc=dns)
    assert asked == [f"desk._domainkey.{RELAY}."]
    assert parsed(mail.raw)["From"].addresses[0].domain == RELAY


def test_i10_a_changed_mail_does_not_verify(world: World, dkim_key: str) -> None:
    world.answers("Signed")
    changed = only(world).raw.replace(b"Signed", b"Forged")
    assert not dkim.verify(changed, dnsfunc=lambda name, timeout=5: signing.dns_record(dkim_key).encode())


def test_without_a_key_nothing_is_signed(world: World) -> None:
    world.answers("Plain")
    assert parsed(only(world).raw)["DKIM-Signature"] is None
