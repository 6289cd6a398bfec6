"""First mails that are stored in one transaction: each is what it would be alone, whatever happens to the others."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from chatdesk.models import Conversation
from routing.locks import deciding
from tests.mail.dying import kill_at, lines_of
from tests.mail.office import Office, a_mail, files, letter_of, of, said, token
from tickets import remarks
from tickets.actions import delivering, filing, together
from tickets.actions.processing import process_due
from tickets.models import Held, IncomingMail, OutgoingMail

KILLS, AT_ONCE, SEED = 12, 4, 5


@pytest.fixture
def office(db: None) -> Office:
    return Office()


@pytest.fixture
def open_office(transactional_db: None) -> Office:
    return Office()


def come(office: Office, count: int, **facts: Any) -> list[IncomingMail]:
    """First mails of as many people."""
    return [office.keeps(a_mail(f"v{number}@home.test", text=f"Mail {number}", **facts)) for number in range(count)]


def now(mail: IncomingMail) -> IncomingMail:
    mail.refresh_from_db()
    return mail


@pytest.fixture
def transactions(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many mails were entered in each transaction of several."""
    sizes: list[int] = []

    @contextmanager
    def counted() -> Iterator[datetime]:
        sizes.append(0)
        with deciding() as moment:
            yield moment

    def entered(delivery: delivering.Delivery) -> delivering.Entered:
        sizes[-1] += 1
        return delivering.enter(delivery)

    monkeypatch.setattr(together, "deciding", counted)
    monkeypatch.setattr(together, "enter", entered)
    return sizes


def test_several_people_share_a_transaction(office: Office, transactions: list[int]) -> None:
    mails = come(office, together.MOST + 2)
    assert process_due() == len(mails)
    assert transactions == [together.MOST, 2]
    assert [said(of(now(mail))) for mail in mails] == [[f"Mail {number}"] for number in range(len(mails))]
    assert {mail.state for mail in mails} == {"done"}
    assert OutgoingMail.objects.filter(kind="ack").count() == len(mails)


def test_their_conversations_begin_in_the_order_they_came(office: Office) -> None:
    mails = come(office, 3)
    process_due()
    begun = [of(now(mail)).pk for mail in mails]
    assert begun == sorted(begun)


def test_files_follow_the_words(office: Office, transactions: list[int]) -> None:
    mails = come(office, 3, files={"a.txt": b"a", "b.txt": b"b"})
    process_due()
    assert transactions == [3]
    assert [files(of(now(mail))) for mail in mails] == [["a.txt", "b.txt"]] * 3
    assert [len(mail.facts["files"]) for mail in mails] == [2, 2, 2]


def test_a_second_mail_of_a_person_knows_the_first(office: Office, transactions: list[int]) -> None:
    """Whether an open conversation of theirs is there has to be asked after it was stored."""
    first, other, second = (office.keeps(a_mail(f"{who}@home.test", text=who + n)) for who, n in ("v1", "w2", "v3"))
    process_due()
    assert transactions == [2, 1]
    assert now(second).facts["related"] == [of(now(first)).ref]
    assert remarks.SAME_SENDER in letter_of(second).remarks
    assert now(other).facts["related"] == []
    assert OutgoingMail.objects.filter(kind="ack").count() == 2


def test_the_same_mail_to_two_groups_is_two_conversations_in_turn(office: Office, transactions: list[int]) -> None:
    raw = a_mail(to="support@relay.test, sales@relay.test", Message_ID="<both@home.test>")
    mails = [office.keeps(raw, address) for address in ("support@relay.test", "sales@relay.test")]
    process_due()
    assert transactions == [1, 1]
    assert [of(now(mail)).group.slug for mail in mails] == ["support", "sales"]


def test_an_answer_between_them_keeps_its_turn(office: Office, transactions: list[int]) -> None:
    talk, vera = office.talk()
    come(office, 2)
    answer = office.keeps(a_mail(to=token(vera), text="The answer."), token(vera))
    office.keeps(a_mail("later@home.test", text="Later"))
    process_due()
    assert transactions == [2, 1]
    assert (said(talk), of(now(answer))) == (["The answer."], talk)
    done = IncomingMail.objects.order_by("entry_id").values_list("pk", flat=True)
    assert list(done) == sorted(done)


def test_a_large_mail_goes_alone(office: Office, transactions: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "LARGEST", 1_000)
    come(office, 1)
    large = office.keeps(a_mail("large@home.test", text="word " * 500))
    process_due()
    assert transactions == [1]
    assert now(large).state == "done"


def test_a_mail_of_nobody_goes_alone(office: Office, transactions: list[int]) -> None:
    nobody = office.keeps(a_mail("", text="Who am I?"), sender="")
    come(office, 1)
    process_due()
    assert nobody.sender_hash == ""
    assert transactions == [1]
    assert now(nobody).state == "done"


# --- What goes wrong --------------------------------------------------------------------------------------------------


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Something in us can't file `Mail 1`, after its conversation was made."""

    def file(mail: IncomingMail, place: Any, words: Any, facts: Any) -> Any:
        if words.body == "Mail 1":
            raise ZeroDivisionError
        return filing.file(mail, place, words, facts)

    monkeypatch.setattr("tickets.actions.delivering.file", file)


@pytest.mark.usefixtures("broken")
def test_one_that_fails_leaves_the_others(office: Office) -> None:
    first, failing, third = come(office, 3)
    process_due()
    assert [said(of(now(mail))) for mail in (first, third)] == [["Mail 0"], ["Mail 2"]]
    assert (now(failing).state, failing.tries, failing.error) == ("stored", 1, "ZeroDivisionError")
    assert failing.conversation is None
    assert Conversation.objects.count() == 2
    assert OutgoingMail.objects.filter(kind="ack").count() == 2


@pytest.mark.usefixtures("broken")
def test_one_that_always_fails_is_given_to_a_person(office: Office) -> None:
    come(office, 3)
    for _round in range(3):
        IncomingMail.objects.update(due_at=timezone.now())
        process_due()
    assert sorted(IncomingMail.objects.values_list("state", flat=True)) == ["done", "done", "failed"]
    assert list(Held.objects.values_list("reason", flat=True)) == [Held.Reason.UNREADABLE]


def test_a_transaction_that_can_not_be_committed_is_repeated_one_by_one(
    open_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def torn() -> Iterator[datetime]:
        with deciding() as moment:
            yield moment
            raise OperationalError

    mails = come(open_office, 3, files={"a.txt": b"a"})
    monkeypatch.setattr(together, "deciding", torn)
    process_due()
    assert [(said(of(now(mail))), files(of(mail))) for mail in mails] == [([f"Mail {n}"], ["a.txt"]) for n in range(3)]
    assert {mail.state for mail in mails} == {"done"}
    assert Conversation.objects.count() == 3


def test_nothing_is_left_open_behind(open_office: Office) -> None:
    come(open_office, 3)
    process_due()
    assert not connection.in_atomic_block


def test_killed_at_any_line_each_mail_is_there_once(open_office: Office) -> None:
    come(open_office, AT_ONCE, files={"a.txt": b"a"})
    lines = lines_of(process_due)
    chance, killed = random.Random(SEED), 0
    for kill in range(KILLS):
        for number in range(AT_ONCE):
            raw = a_mail(f"v{kill}.{number}@home.test", text=f"Kill {kill} {number}", files={"a.txt": b"a"})
            open_office.keeps(raw)
        killed += kill_at(int(lines * (kill + chance.random()) / KILLS), process_due)
        process_due()
    assert killed >= KILLS - 2
    assert set(IncomingMail.objects.values_list("state", flat=True)) == {"done"}
    expected = AT_ONCE * (KILLS + 1)
    assert Conversation.objects.count() == IncomingMail.objects.count() == expected
    for mail in IncomingMail.objects.all():
        assert (len(said(of(mail))), files(of(mail))) == (1, ["a.txt"])
    assert OutgoingMail.objects.filter(kind="ack").count() == expected
