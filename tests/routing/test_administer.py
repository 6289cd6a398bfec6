"""The settings pages of groups and their hours."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from routing.admin.hours import HoursAdmin
from routing.models import Group, Hours, Interval, SpecialDay, State
from routing.times import write_spans
from tests.factories import make_admin, make_group, make_hours, make_operator, make_present, make_request
from tests.routing.calendars import CHRISTMAS, calendar, event
from tests.routing.conftest import Ear, fresh

DAYS = [f"day_{number}" for number in range(7)]
OFFICE: dict[str, Any] = dict.fromkeys(DAYS[:5], "9-12, 13:00-17:00")
ALL_DAY: dict[str, Any] = dict.fromkeys(DAYS, "0-24")
NINE_TO_FIVE: dict[str, Any] = dict.fromkeys(DAYS[:4], "09:00-17:00")


@pytest.fixture
def ada(db: None) -> Client:
    client = Client()
    client.force_login(make_admin())
    return client


def specials(*days: dict[str, str]) -> dict[str, Any]:
    fields: dict[str, Any] = {"special_days-TOTAL_FORMS": len(days), "special_days-INITIAL_FORMS": 0}
    for number, day in enumerate(days):
        fields |= {f"special_days-{number}-{name}": value for name, value in day.items()}
    return fields


def save_hours(ada: Client, pk: int | None = None, **fields: Any) -> str:
    url = reverse("admin:routing_hours_change", args=[pk]) if pk else reverse("admin:routing_hours_add")
    whole = {"name": "Office", "zone": "Europe/Berlin", **specials(), **fields}
    return ada.post(url, whole, follow=True).content.decode()


def week_of(hours: Hours) -> dict[int, str]:
    return {day: write_spans(spans) for day, spans in hours.weekly().items()}


# --- hours -----------------------------------------------------------------------------------------------------------


def test_a_week_as_people_write_it(ada: Client) -> None:
    save_hours(ada, **OFFICE)
    hours = Hours.objects.get()
    assert (hours.zone, week_of(hours)) == ("Europe/Berlin", dict.fromkeys(range(5), "09:00-12:00, 13:00-17:00"))


def test_it_reads_as_a_line_in_the_list(ada: Client) -> None:
    hours = make_hours(opens="09:00-17:00", days=range(5))
    Interval.objects.create(hours=hours, weekday=5, start="22:00", end="02:00")
    make_group("sales", hours=hours)
    text = ada.get(reverse("admin:routing_hours_changelist")).content.decode()
    assert "Mon-Fri 09:00-17:00; Sat 22:00-02:00" in text
    assert "Sales" in text


def test_a_change_touches_that_day_alone(ada: Client) -> None:
    hours = make_hours(opens="09:00-17:00", days=range(5))
    kept = set(Interval.objects.filter(hours=hours, weekday__lt=4).values_list("pk", flat=True))
    save_hours(ada, hours.pk, **NINE_TO_FIVE, day_4="9-15", day_6="10-12")
    assert week_of(hours) == {**dict.fromkeys(range(4), "09:00-17:00"), 4: "09:00-15:00", 6: "10:00-12:00"}
    assert kept <= set(Interval.objects.values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("fields", "advice"),
    [
        ({"day_0": "nine to five"}, "is no interval"),
        ({"day_0": "9-12, 11-13"}, "overlap"),
        ({}, "These hours never open"),
        ({**OFFICE, "zone": "Berlin"}, "no time zone of that name"),
        (OFFICE | specials({"date": "2026-12-24", "opens": "noon"}), "is no interval"),
    ],
)
def test_what_cannot_be_is_refused_with_advice(ada: Client, fields: dict[str, Any], advice: str) -> None:
    assert advice in save_hours(ada, **fields)
    assert not Hours.objects.exists()


def test_special_days_are_written_the_same_way(ada: Client) -> None:
    save_hours(ada, **OFFICE, **specials({"date": "2026-12-24", "yearly": "on", "name": "Eve", "opens": "9-12"}))
    day = SpecialDay.objects.get()
    assert (day.date, day.yearly, day.name, day.opens) == (date(2026, 12, 24), True, "Eve", "09:00-12:00")


def test_the_page_says_what_is_now_and_next(ada: Client) -> None:
    hours = make_hours(opens="00:00-24:00")
    tomorrow = timezone.now().date() + timedelta(days=1)
    SpecialDay.objects.create(hours=hours, date=tomorrow, name="Inventory")
    SpecialDay.objects.create(hours=hours, date=tomorrow - timedelta(days=9), name="Long over")
    text = ada.get(reverse("admin:routing_hours_change", args=[hours.pk])).content.decode()
    assert "open, closes" in text
    assert "· Inventory · closed" in text
    assert text.count("Long over") == text.count("Inventory") - 1


def test_new_hours_take_hold_at_once(ada: Client, ear: Ear) -> None:
    hours = make_hours()
    sales = make_group("sales", hours=hours)
    make_present(make_operator("anna", sales), seconds=600)
    waiting = make_request(sales)
    save_hours(ada, hours.pk, **ALL_DAY, zone="UTC")
    assert fresh(waiting).state == State.ACTIVE
    assert {sales.pk} in ear.queues()


def test_hours_in_use_are_not_deleted(ada: Client) -> None:
    hours = make_hours(opens="09:00-17:00")
    make_group("sales", hours=hours)
    ada.post(reverse("admin:routing_hours_delete", args=[hours.pk]), {"post": "yes"})
    assert Hours.objects.filter(pk=hours.pk).exists()


# --- a calendar ------------------------------------------------------------------------------------------------------


def upload(ada: Client, hours: Hours, data: bytes, timed: str = "closed") -> Any:
    file = SimpleUploadedFile("holidays.ics", data, "text/calendar")
    return ada.post(reverse("admin:routing_hours_import", args=[hours.pk]), {"file": file, "timed": timed})


@pytest.fixture
def hours(db: None) -> Hours:
    return make_hours(opens="09:00-17:00")


def test_a_calendar_is_shown_before_it_is_kept(ada: Client, hours: Hours) -> None:
    SpecialDay.objects.create(hours=hours, date=date(2025, 12, 25), yearly=True, name="Here already")
    shown = upload(ada, hours, calendar(CHRISTMAS, event("DTSTART;VALUE=DATE:20990501", name="<b>May</b>")))
    text = shown.content.decode()
    assert "2 days would be added" in text
    assert "there already" in text
    assert "&lt;b&gt;May&lt;/b&gt;" in text
    assert SpecialDay.objects.count() == 1
    answer = ada.post(shown.request["PATH_INFO"], {"confirmed": shown.context["confirmed"]}, follow=True)
    assert "2 special days added." in answer.content.decode()
    kept = set(SpecialDay.objects.values_list("name", "yearly", "opens"))
    assert kept == {("Here already", True, ""), ("Christmas", True, ""), ("<b>May</b>", False, "")}


def test_a_calendar_that_is_not_written_down_is_not_kept(
    ada: Client, hours: Hours, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = upload(ada, hours, calendar(CHRISTMAS))

    def fail(*_said: Any) -> None:
        raise OSError("the log is full")

    monkeypatch.setattr(HoursAdmin, "log_change", fail)
    with pytest.raises(OSError, match="full"):
        ada.post(shown.request["PATH_INFO"], {"confirmed": shown.context["confirmed"]})
    assert not SpecialDay.objects.exists()


def test_confirming_twice_adds_once(ada: Client, hours: Hours) -> None:
    shown = upload(ada, hours, calendar(CHRISTMAS))
    for _ in range(2):
        ada.post(shown.request["PATH_INFO"], {"confirmed": shown.context["confirmed"]})
    assert SpecialDay.objects.count() == 2


def test_a_bad_file_is_told_and_nothing_kept(ada: Client, hours: Hours) -> None:
    text = upload(ada, hours, b"PK\x03\x04").content.decode()
    assert "no calendar file" in text
    assert not SpecialDay.objects.exists()


def test_without_a_file_it_asks_for_one(ada: Client, hours: Hours) -> None:
    url = reverse("admin:routing_hours_import", args=[hours.pk])
    assert "calendar file" in ada.get(url).content.decode().lower()
    assert "This field is required" in ada.post(url, {"timed": "closed"}).content.decode()


def test_nothing_ahead_is_said_so(ada: Client, hours: Hours) -> None:
    shown = upload(ada, hours, calendar(event("DTSTART;VALUE=DATE:20200101")))
    assert "no day from today on" in shown.content.decode()


@pytest.mark.parametrize(
    "forged", ["", "x", signing.dumps([{"date": "2099-01-01"}], salt="other")], ids=["empty", "word", "other salt"]
)
def test_only_what_was_shown_can_be_confirmed(ada: Client, hours: Hours, forged: str) -> None:
    url = reverse("admin:routing_hours_import", args=[hours.pk])
    assert "too old" in ada.post(url, {"confirmed": forged}, follow=True).content.decode()
    assert not SpecialDay.objects.exists()


def test_who_is_no_admin_imports_nothing(client: Client, hours: Hours) -> None:
    client.force_login(make_operator("anna"))
    assert upload(client, hours, calendar(CHRISTMAS)).status_code in (302, 403, 404)
    assert not SpecialDay.objects.exists()


# --- groups ----------------------------------------------------------------------------------------------------------


def save_group(ada: Client, group: Group, **fields: Any) -> str:
    numbers = ("chat_limit", "queue_limit", "accept_seconds", "pause_seconds", "overflow_seconds", "alarm_minutes")
    whole: dict[str, Any] = {"name": group.name, "slug": group.slug, "policy": "fewest", "is_active": "on"}
    whole |= dict.fromkeys(numbers, 0) | {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
    return ada.post(
        reverse("admin:routing_group_change", args=[group.pk]), whole | fields, follow=True
    ).content.decode()


@pytest.fixture
def anna(sales: Group) -> User:
    person = make_operator("anna", sales)
    make_present(person, seconds=600)
    return person


def test_everything_of_a_group(ada: Client, sales: Group, support: Group, hours: Hours) -> None:
    wanted = {"policy": "round_robin", "chat_limit": 5, "queue_limit": 9, "accept_seconds": 30, "pause_seconds": 10}
    save_group(ada, sales, **wanted, overflow_group=support.pk, overflow_seconds=90, hours=hours.pk)
    saved = Group.objects.values(*wanted, "overflow_group", "overflow_seconds", "hours").get(pk=sales.pk)
    assert saved == {**wanted, "overflow_group": support.pk, "overflow_seconds": 90, "hours": hours.pk}


def test_a_group_does_not_overflow_into_itself_nor_into_what_is_off(ada: Client, sales: Group, support: Group) -> None:
    assert "overflow into itself" in save_group(ada, sales, overflow_group=sales.pk)
    Group.objects.filter(pk=support.pk).update(is_active=False)
    assert "Support is switched off" in save_group(ada, sales, overflow_group=support.pk)
    assert Group.objects.get(pk=sales.pk).overflow_group is None


def test_doubts_are_told_and_what_was_wanted_is_saved(ada: Client, sales: Group, anna: User) -> None:
    never = make_hours("Never")
    text = save_group(ada, sales, policy="manual", accept_seconds=20, same_language_first="on", hours=never.pk)
    for words in ("no open hour in the week", "picked up by hand", "has a language written down"):
        assert words in text
    assert Group.objects.get(pk=sales.pk).accept_seconds == 20


def test_a_new_policy_takes_hold_at_once(ada: Client, sales: Group, anna: User) -> None:
    Group.objects.filter(pk=sales.pk).update(policy="manual")
    waiting = make_request(sales)
    save_group(ada, sales, policy="fewest")
    assert fresh(waiting).operator == anna


def test_the_list_says_what_is_now(ada: Client, sales: Group, hours: Hours) -> None:
    make_group("shut", hours=make_hours("Never"))
    text = ada.get(reverse("admin:routing_group_changelist")).content.decode()
    assert "always open" in text
    assert "closed, never opens" in text
