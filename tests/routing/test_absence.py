"""The alarm: an open group with nobody there tells an address, once for each incident, and once when it is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from accounts.outbox import MAX_TRIES
from chatdesk.schedule import SECONDS
from routing.actions.absence_mails import send_due
from routing.actions.absences import watch
from routing.models import Absence, AbsenceMail, Group, Hours, Interval, Presence, Status
from routing.tasks import watch_absences
from tests.factories import make_group, make_operator, make_present

pytestmark = pytest.mark.django_db
BOSS = "boss@company.example"


@pytest.fixture
def billing() -> Group:
    return make_group("billing", alarm_minutes=10, alarm_address=BOSS)


@pytest.fixture
def ann(billing: Group) -> User:
    return make_operator("ann", billing)


def pass_minutes(minutes: int) -> None:
    """As if everything that is known of an absence had been so much earlier."""
    Absence.objects.update(began_at=F("began_at") - timedelta(minutes=minutes))


def subjects() -> list[str]:
    return [str(each.subject) for each in mail.outbox]


def close(group: Group) -> None:
    """Hours that are never open now."""
    hours = Hours.objects.create(name="never")
    Interval.objects.create(hours=hours, weekday=(timezone.now().weekday() + 3) % 7, start="09:00", end="09:01")
    group.hours = hours
    group.save()


def test_one_mail_after_so_many_minutes_and_no_second(billing: Group, ann: User) -> None:
    assert watch() == 0
    pass_minutes(9)
    assert watch() == 0
    pass_minutes(2)
    assert watch() == 1
    for _ in range(3):
        pass_minutes(60)
        assert watch() == 0
    assert (send_due(), send_due()) == (1, 0)
    assert subjects() == ["Nobody is there for Billing"]
    assert mail.outbox[0].to == [BOSS]
    assert "/admin/coverage/" in mail.outbox[0].body


def test_one_mail_when_somebody_is_back(billing: Group, ann: User) -> None:
    watch()
    pass_minutes(11)
    watch_absences()
    make_present(ann)
    assert watch_absences() == 1
    assert watch_absences() == 0
    assert subjects() == ["Nobody is there for Billing", "Somebody is back for Billing"]
    assert Absence.objects.get().ended_at is not None


def test_the_next_time_is_another_incident(billing: Group, ann: User) -> None:
    for _ in range(2):
        watch()
        Absence.objects.filter(ended_at=None).update(began_at=timezone.now() - timedelta(minutes=11))
        watch()
        make_present(ann)
        watch()
        Presence.objects.all().delete()
    assert AbsenceMail.objects.count() == 4
    assert Absence.objects.count() == 2


def test_a_short_absence_is_no_alarm(billing: Group, ann: User) -> None:
    watch()
    pass_minutes(5)
    make_present(ann)
    assert watch() == 0
    assert Absence.objects.get().ended_at is not None
    assert not AbsenceMail.objects.exists()


def test_who_is_here_and_away_is_not_there_for_visitors(billing: Group, ann: User) -> None:
    make_present(ann, Status.AWAY)
    watch()
    pass_minutes(11)
    assert watch() == 1


def test_a_person_with_all_places_taken_is_there(billing: Group, ann: User) -> None:
    make_present(ann)
    billing.memberships.update(chat_limit=1)
    watch()
    assert not Absence.objects.exists()


def switch_off(group: Group) -> None:
    Group.objects.filter(pk=group.pk).update(is_active=False)


def no_minutes(group: Group) -> None:
    Group.objects.filter(pk=group.pk).update(alarm_minutes=0)


def no_address(group: Group) -> None:
    Group.objects.filter(pk=group.pk).update(alarm_address="")


@pytest.mark.parametrize("change", [close, switch_off, no_minutes, no_address])
def test_no_alarm_while_closed_or_not_set(billing: Group, ann: User, change: Callable[[Group], None]) -> None:
    change(billing)
    watch()
    assert not Absence.objects.exists()


@pytest.mark.parametrize("change", [close, switch_off, no_minutes, no_address])
def test_an_absence_ends_quietly_with_the_hours_or_the_setting(
    billing: Group, ann: User, change: Callable[[Group], None]
) -> None:
    watch()
    pass_minutes(11)
    watch_absences()
    change(billing)
    watch_absences()
    assert Absence.objects.get().ended_at is not None
    assert len(mail.outbox) == 1


def test_a_mail_that_fails_is_tried_again_and_not_for_ever(
    billing: Group, ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: Any) -> int:
        raise OSError("no line")

    watch()
    pass_minutes(11)
    watch()
    with monkeypatch.context() as broken:
        broken.setattr(EmailBackend, "send_messages", refuse)
        assert send_due() == 0
        assert send_due() == 0  # not due yet again
        assert AbsenceMail.objects.get().tries == 1
    AbsenceMail.objects.update(due_at=timezone.now())
    assert send_due() == 1
    AbsenceMail.objects.update(sent_at=None, due_at=timezone.now(), tries=MAX_TRIES)
    assert send_due() == 0


def test_a_desk_at_rest_writes_nothing(django_assert_max_num_queries: Any) -> None:
    make_group("sales")
    with django_assert_max_num_queries(6) as captured:
        watch_absences()
    assert not [query for query in captured if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_without_an_alarm_nobody_is_kept_waiting_for_a_lock(django_assert_num_queries: Any) -> None:
    make_group("sales", alarm_minutes=0)
    make_group("old", is_active=False, alarm_minutes=10, alarm_address=BOSS)
    with django_assert_num_queries(1):
        assert watch() == 0


def test_an_alarm_that_was_switched_off_still_ends_its_absence(billing: Group) -> None:
    watch()
    Group.objects.update(alarm_minutes=0)
    watch()
    assert Absence.objects.get().ended_at is not None


def test_it_is_looked_after_by_itself() -> None:
    assert SECONDS["routing.tasks.watch_absences"] <= 60
