"""Working off what was kept: whatever goes wrong with one mail, it waits or goes to a person, and no other for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from aiosmtpd.smtp import Session
from django.db import OperationalError
from django.utils import timezone

from chatdesk.actions.files import receive
from chatdesk.models import Conversation
from chatdesk.protocol import Code, Refused
from tests.mail.office import SALES, SUPPORT, Office, a_mail, held, letter_of, of, said
from tickets import listener, remarks
from tickets.actions import attachments, correspondents, erasing, flooding, letters, processing, selftest
from tickets.actions.admitting import Waits
from tickets.actions.processing import LONGEST_PAUSE, TRIES_TO_READ, process, process_due
from tickets.listener import BAD_RECIPIENTS, IN_SECONDS, Strangers, peer_of
from tickets.models import Correspondent, Held, IncomingMail, Letter, OutgoingMail
from tickets.reading.message import FilePart

V, W = "v.real@home.test", "w.real@home.test"


@pytest.fixture
def office(db: None) -> Office:
    return Office()


def now(mail: IncomingMail) -> IncomingMail:
    return IncomingMail.objects.get(pk=mail.pk)


def trouble(error: Exception) -> Callable[..., Any]:
    def fails(*_args: Any, **_facts: Any) -> Any:
        raise error

    return fails


# --- what goes wrong --------------------------------------------------------------------------------------------------

TROUBLES = [
    (Waits(), "stored"),
    (OperationalError("v.real@home.test"), "stored"),
    (OSError("disk"), "stored"),
    (Refused(Code.CLOSED, "ended"), "stored"),
    (Refused(Code.RATE, "later", retry=True), "stored"),
    (Refused(Code.UNKNOWN, "gone"), "failed"),
    (KeyError("v.real@home.test"), "stored"),
]


@pytest.mark.parametrize(("error", "state"), TROUBLES)
def test_what_trouble_does_to_a_mail(
    office: Office, monkeypatch: pytest.MonkeyPatch, error: Exception, state: str
) -> None:
    monkeypatch.setattr(processing, "arrive", trouble(error))
    mail = office.gets(a_mail())
    assert (mail.state, mail.error) == (state, type(error).__name__)
    assert held(mail) == ([Held.Reason.UNREADABLE] if state == "failed" else [])
    assert mail.due_at > timezone.now() or state == "failed"
    assert V not in f"{mail.error} {mail.facts} {list(Held.objects.values_list('detail', flat=True))}"


def test_pauses_grow_to_their_longest_and_no_further(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processing, "arrive", trouble(Waits()))
    mail, pauses = office.keeps(a_mail()), []
    for tries in (0, 1, 2, 5, 7, 8, 30_000):
        IncomingMail.objects.update(tries=tries)
        begun = timezone.now()
        process(mail.pk)
        pauses.append(round((now(mail).due_at - begun).total_seconds()))
    assert pauses == [5, 10, 20, 160, 640, 900, LONGEST_PAUSE.total_seconds()]


def test_our_own_fault_is_tried_a_few_times_and_then_shown(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processing, "arrive", trouble(ZeroDivisionError()))
    mail = office.keeps(a_mail())
    seen = [process(mail.pk).state for _n in range(TRIES_TO_READ + 2)]
    assert seen == ["stored"] * (TRIES_TO_READ - 1) + ["failed"] * 3
    assert len(held(mail)) == 1
    assert bytes(now(mail).raw) == a_mail(), "a person can still read it, whole"


def test_what_was_worked_off_is_not_worked_off_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    mail = office.gets(a_mail())
    monkeypatch.setattr(processing, "arrive", trouble(AssertionError("again")))
    assert process(mail.pk).state == "done"
    assert said(of(mail)) == ["Hello, my lamp does not light."]


def test_a_number_of_no_mail_is_told(office: Office) -> None:
    with pytest.raises(IncomingMail.DoesNotExist):
        process(4711)


def test_a_worker_that_is_to_stop_leaves_the_rest_for_the_next(office: Office) -> None:
    for number in range(5):
        office.keeps(a_mail(f"v{number}@home.test", text=f"Mail {number}"))
    asked = iter([False, False, True, True])
    process_due(lambda: next(asked))
    assert list(IncomingMail.objects.order_by("pk").values_list("state", flat=True)) == ["done"] * 2 + ["stored"] * 3
    process_due()
    assert not IncomingMail.objects.filter(state="stored").exists()
    assert Conversation.objects.count() == 5


def test_what_is_not_due_is_left_alone(office: Office) -> None:
    mail = office.keeps(a_mail())
    IncomingMail.objects.update(due_at=timezone.now() + timedelta(minutes=1))
    assert process_due() == 0
    assert now(mail).state == "stored"


# --- floods -----------------------------------------------------------------------------------------------------------


def flood(office: Office, count: int, age: timedelta = timedelta(), **facts: Any) -> None:
    for number in range(count):
        office.keeps(a_mail(text=f"{age} {number}"), **facts)
    IncomingMail.objects.filter(received_at__gt=timezone.now() - timedelta(minutes=1)).update(
        received_at=timezone.now() - age
    )


@pytest.mark.parametrize(
    ("count", "age", "floods"),
    [
        (flooding.MOST - 1, timedelta(minutes=5), False),
        (flooding.MOST, timedelta(minutes=5), True),
        (flooding.MOST, timedelta(minutes=9, seconds=50), True),
        (flooding.MOST, flooding.IN_TIME + timedelta(seconds=1), False),
    ],
)
def test_how_many_are_a_flood(office: Office, count: int, age: timedelta, floods: bool) -> None:
    flood(office, count, age)
    assert flooding.is_flooding(office.keeps(a_mail(text="one more"))) == floods
    assert not flooding.is_flooding(office.keeps(a_mail(W, text="somebody else"), sender=W))
    assert not flooding.is_flooding(office.keeps(a_mail(text="to another group"), SALES))


def test_who_can_not_be_told_floods_nobody(office: Office) -> None:
    flood(office, flooding.MOST, sender="")
    assert not flooding.is_flooding(office.keeps(a_mail("", text="who am I"), sender=""))


# --- words and files --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "body", "rest"),
    [
        ("a" * 10, "a" * 10, ""),
        ("a" * 11, "a" * 10, "a"),
        ("aaaaaaa\nbbbb", "aaaaaaa", "\nbbbb"),
        ("a\nbbbbbbbbbbbb", "a\nbbbbbbbb", "bbbb"),
        ("", "", ""),
    ],
)
def test_a_long_mail_is_parted_where_a_line_ends(
    db: None, monkeypatch: pytest.MonkeyPatch, text: str, body: str, rest: str
) -> None:
    monkeypatch.setattr(letters, "site_settings", lambda: SimpleNamespace(message_limit=10))
    assert letters._fitted(text) == (body, rest)


def test_no_word_of_a_mail_is_lost_that_is_longer_than_an_entry(office: Office) -> None:
    words = " ".join(f"word{number}" for number in range(4000))
    mail = office.gets(a_mail(text=words))
    (body,) = said(of(mail))
    assert (body + letter_of(mail).folded).split() == words.split()
    assert remarks.CUT in letter_of(mail).remarks


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b", "\U0010ffff", "\u202eabc"])
def test_any_letters_can_be_stored(text: str) -> None:
    letters.storable(text).encode()
    assert "\x00" not in letters.storable(text)


def test_an_endless_subject_is_cut_and_a_hostile_one_is_a_line(office: Office) -> None:
    long = letter_of(office.gets(a_mail(Subject="Lamp " * 400)))
    assert len(long.subject) <= letters.LONGEST_SUBJECT
    told = letter_of(office.gets(a_mail(text="2", Subject="=?utf-8?q?a=0D=0ABcc:_v.real@home.test?=")))
    assert V not in told.subject
    assert "\n" not in told.subject


REFUSALS = [
    (Refused(Code.FILE_TYPE, "type"), Held.Reason.FILE_TYPE),
    (Refused(Code.FILE_TOO_LARGE, "large"), Held.Reason.FILE_TYPE),
    (Refused(Code.FILE_UNREADABLE, "what"), Held.Reason.UNREADABLE),
]


@pytest.mark.parametrize(("refused", "reason"), REFUSALS)
def test_a_file_that_the_chat_refuses_waits_for_a_person(
    office: Office, monkeypatch: pytest.MonkeyPatch, refused: Refused, reason: str
) -> None:
    monkeypatch.setattr(attachments, "receive", trouble(refused))
    mail = office.gets(a_mail(files={"a.txt": b"lamp", "b.txt": b"bulb"}))
    assert (mail.state, held(mail)) == ("done", [reason] * 2)
    assert remarks.FILES_HELD in letter_of(mail).remarks
    assert remarks.PARTS_REMOVED not in letter_of(mail).remarks


def test_storage_that_is_away_is_tried_again_and_puts_no_file_twice(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[Any] = []

    def once(*args: Any, **facts: Any) -> Any:
        calls.append(args)
        if len(calls) == 2:
            raise Refused(Code.RATE, "later", retry=True)
        return receive(*args, **facts)

    monkeypatch.setattr(attachments, "receive", once)
    mail = office.gets(a_mail(files={"a.txt": b"lamp", "b.txt": b"bulb"}))
    assert mail.state == "stored"
    assert process(mail.pk).state == "done"
    files = of(now(mail)).entries.filter(kind="file").order_by("seq")
    assert [entry.body for entry in files] == ["a.txt", "b.txt"]
    assert Letter.objects.count() == 1


def test_a_mail_without_files_puts_none(office: Office) -> None:
    assert attachments.put_all(None, [], None) == []  # type: ignore[arg-type]
    assert FilePart(0, "a", "text/plain", b"secret").__repr__().count("secret") == 0


# --- the self-test, strangers, erasing --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({"facts": {"account": None, "verdict": "passed"}, "state": "sent"}, "passed"),
        ({"facts": {"account": None, "verdict": "failed"}, "state": "sent"}, "failed"),
        ({"facts": {"account": None}, "state": "failed", "reason": "no"}, "failed"),
        ({"facts": {"account": None}, "state": "sent", "sent_at": timedelta(minutes=16)}, "lost"),
        ({"facts": {"account": None}, "state": "sent", "sent_at": timedelta(minutes=14)}, "waiting"),
        ({"facts": {"account": None}, "state": "queued"}, "waiting"),
        ({"facts": {"account": 4711}, "state": "sent"}, "never"),
    ],
)
def test_how_the_latest_self_test_stands(office: Office, facts: dict[str, Any], state: str) -> None:
    moment = timezone.now()
    given = {name: moment - value if isinstance(value, timedelta) else value for name, value in facts.items()}
    OutgoingMail.objects.create(kind="test", message_id="<m>", verp="v", **given)
    trial = selftest.latest(moment)
    assert trial.state == state
    assert trial.words


def test_who_asks_for_too_many_is_one_peer_among_many(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(listener, "REMEMBERED_PEERS", 3)
    strangers = Strangers()
    for _n in range(BAD_RECIPIENTS - 1):
        strangers.count("a")
    assert not strangers.has_asked_too_much("a")
    strangers.count("a")
    assert strangers.has_asked_too_much("a")
    assert not strangers.has_asked_too_much("b")
    clock[0] += IN_SECONDS + 1
    assert not strangers.has_asked_too_much("a")
    for peer in "bcde":
        strangers.count(peer)
    assert list(strangers._asked) == ["c", "d", "e"], "a flood of peers takes no memory for ever"


@pytest.mark.parametrize(
    ("peer", "address"), [(("192.0.2.1", 5), "192.0.2.1"), (("::1", 5, 0, 0), "::1"), ("", ""), (None, ""), (b"", "")]
)
def test_who_is_connected(peer: Any, address: str) -> None:
    session: Session = SimpleNamespace(peer=peer)  # type: ignore[assignment]
    assert peer_of(session) == address


def test_who_was_forgotten_is_no_one_and_no_two_are_alike(office: Office) -> None:
    mail = office.gets(a_mail())
    chat = of(mail)
    correspondents.of_third(chat, W, "Wera")
    for _twice in range(2):
        erasing.forget(chat)
    people = Correspondent.objects.filter(conversation=chat)
    assert len({each.address_hash for each in people}) == people.count() == 2
    assert {(each.sealed_address, each.name, each.wants_mail) for each in people} == {("", "", False)}
    row = now(mail)
    assert (bytes(row.raw), row.envelope_from, row.sender_hash, row.helo) == (b"", "", "", "")


def test_a_mail_that_was_forgotten_comes_back_as_nothing(office: Office) -> None:
    """The same bytes, delivered once more by a server that never heard our 250."""
    chat = of(office.gets(a_mail(Message_ID="<a@home.test>")))
    erasing.forget(chat)
    office.gets(a_mail(Message_ID="<a@home.test>"))
    assert (IncomingMail.objects.count(), Conversation.objects.count()) == (1, 1)


def test_which_conversations_have_mail(office: Office) -> None:
    talk, _vera = office.talk()
    chat = of(office.gets(a_mail()))
    assert erasing.by_mail([talk.pk, chat.pk]) == {chat.pk}
    assert erasing.by_mail([]) == set()


def test_the_bytes_go_once_and_the_words_stay(office: Office) -> None:
    mail = office.gets(a_mail(), SUPPORT)
    chat = of(mail)
    assert erasing.forget_mails(chat.pk) >= 1
    assert bytes(now(mail).raw) == b""
    assert said(chat) == ["Hello, my lamp does not light."]
    assert Letter.objects.get(entry=now(mail).entry).sealed_original == ""
