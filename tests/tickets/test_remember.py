"""A batch asks for what nobody changes once, and shows each change within two seconds."""

from __future__ import annotations

import pytest

from tests.mail.office import SALES, SUPPORT, Office, a_mail
from tickets import memory
from tickets.actions.processing import process_due
from tickets.memory import portions, remembered, remembering
from tickets.models import IncomingMail, Letter, MailSettings


@pytest.fixture
def office(db: None) -> Office:
    return Office()


def test_outside_of_a_batch_nothing_is_remembered() -> None:
    answers = iter((1, 2))
    assert [remembered("n", lambda: next(answers)) for _n in range(2)] == [1, 2]


def test_inside_it_is_asked_once_for_each_key() -> None:
    answers = iter((1, 2, 3))
    with remembering():
        assert [remembered(key, lambda: next(answers)) for key in ("a", "a", "b", "a")] == [1, 1, 2, 1]
    assert remembered("a", lambda: next(answers)) == 3


def test_it_is_forgotten_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("tickets.memory.time.monotonic", lambda: now[0])
    answers = iter((1, 2))
    with remembering():
        assert remembered("a", lambda: next(answers)) == 1
        now[0] += memory.SECONDS + 1
        assert remembered("a", lambda: next(answers)) == 2


def test_what_is_nothing_is_remembered_too() -> None:
    asked: list[None] = []
    with remembering():
        for _n in range(2):
            assert remembered("a", lambda: asked.append(None)) is None
    assert len(asked) == 1


def test_a_batch_works_off_mails_of_several_groups(office: Office) -> None:
    for number, address in enumerate([SUPPORT, SALES, SUPPORT, SALES]):
        office.keeps(a_mail(to=address, text=f"Mail {number} from v.real@home.test"), address)
    assert process_due() == 4
    assert set(IncomingMail.objects.values_list("state", flat=True)) == {"done"}
    groups = IncomingMail.objects.order_by("pk").values_list("conversation__group__slug", flat=True)
    assert list(groups) == ["support", "sales", "support", "sales"]
    assert not Letter.objects.filter(entry__body__contains="v.real").exists()


def test_a_batch_ends_when_it_is_told_to(office: Office) -> None:
    for number in range(3):
        office.keeps(a_mail(text=f"Mail {number}"))
    left = iter((False, True))
    process_due(lambda: next(left))
    assert IncomingMail.objects.filter(state="done").count() == 1


def test_a_batch_is_no_more_than_what_is_due(office: Office) -> None:
    office.gets(a_mail())
    MailSettings.objects.update(size_limit_mb=5)
    assert process_due() == 0


def test_mails_are_read_in_portions_of_so_many_and_so_large() -> None:
    sizes = [(1, 10), (2, 10), (3, 10), (4, 90), (5, 500), (6, 1)]
    assert list(portions(sizes, 2, 100)) == [[1, 2], [3, 4], [5], [6]]
    assert list(portions(sizes, 9, 1000)) == [[1, 2, 3, 4, 5, 6]]
    assert list(portions([], 2, 100)) == []
