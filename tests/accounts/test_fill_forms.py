"""The forms of people's own pages with every kind of wrong input: refused in words, at the field that is wrong."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django import forms
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from accounts.forms.audit import AuditSearchForm
from accounts.forms.first_run import FirstRunForm
from accounts.forms.passwords import LONGEST, NewPasswordForm, ResetForm
from accounts.forms.profile import NameForm
from accounts.forms.second_factor import AppCodeForm, ConfirmForm, SecondStepForm
from accounts.models import User
from tests.factories import make_user

GOOD = "a calm and quiet harbour"
FIRST = {"email": "ada@example.org", "display_name": "Ada", "password": GOOD, "again": GOOD}


def wrong(form: forms.BaseForm) -> list[str]:
    return sorted(form.errors)


@pytest.mark.once
@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        ({}, []),
        ({"since": "2026-03-02", "until": "2026-03-01"}, []),
        ({"since": "1899-12-31"}, ["since"]),
        ({"since": "1900-01-01"}, []),
        ({"until": "2999-12-31"}, []),
        ({"until": "3000-01-01"}, ["until"]),
        ({"since": "9999-12-31", "until": "0001-01-01"}, ["since", "until"]),
        ({"since": "2026-02-29"}, ["since"]),
        ({"since": "2024-02-29"}, []),
        ({"since": "today"}, ["since"]),
        ({"before": "0"}, ["before"]),
        ({"before": "-1"}, ["before"]),
        ({"before": str(2**63 - 1)}, []),
        ({"before": str(2**63)}, ["before"]),
        ({"before": "9" * 400}, ["before"]),
        ({"before": "1e3"}, ["before"]),
        ({"action": "sign_in.refused"}, []),
        ({"action": "never.was"}, ["action"]),
        ({"action": ["sign_in.refused"]}, ["action"]),
        ({"person": "x" * 254}, []),
        ({"person": "x" * 255}, ["person"]),
        ({"person": "a\x00b"}, ["person"]),
        ({"object": "a\x00b"}, ["object"]),
        ({"address": "1" * 46}, ["address"]),
    ],
)
def test_what_the_audit_log_is_asked(facts: dict[str, Any], fields: list[str]) -> None:
    assert wrong(AuditSearchForm(facts)) == fields


@pytest.mark.once
@given(day=st.dates())
def test_a_day_is_looked_for_or_refused_and_never_misread(day: date) -> None:
    form = AuditSearchForm({"since": day.isoformat()})
    assert form.is_valid() is (1900 <= day.year <= 2999)
    if form.is_valid():
        assert form.cleaned_data["since"] == day


@pytest.mark.once
@pytest.mark.parametrize(
    ("address", "fits"),
    [
        ("ada@example.org", True),
        ("  ada@example.org  ", True),
        ("ada+desk@mail.example.co.uk", True),
        ("", False),
        ("ada", False),
        ("ada@", False),
        ("@example.org", False),
        ("ada@example.org, eve@evil.example", False),
        ("ada@example.org\nBcc: eve@evil.example", False),
        ("ada@example.org\r\n", True),  # the end of a pasted line
        ("ada @example.org", False),
        ("ada@example..org", False),
        ("a" * 245 + "@example.org", False),
        ("ada@exa\x00mple.org", False),
    ],
)
def test_a_link_is_asked_for_one_address(address: str, fits: bool) -> None:
    form = ResetForm({"email": address})
    assert form.is_valid() is fits
    if fits:
        assert form.cleaned_data["email"] == address.strip()


@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        ({}, []),
        ({"email": ""}, ["email"]),
        ({"email": "ada"}, ["email"]),
        ({"display_name": ""}, ["display_name"]),
        ({"display_name": " \t "}, ["display_name"]),
        ({"password": ""}, ["password"]),
        ({"again": ""}, ["again"]),
        ({"again": GOOD + " "}, ["again"]),
        ({"again": GOOD.upper()}, ["again"]),
        ({"password": "short", "again": "short"}, ["password"]),
        ({"password": "1234567890", "again": "1234567890"}, ["password"]),
        ({"password": "password123", "again": "password123"}, ["password"]),
        ({"password": "ada@example.org", "again": "ada@example.org"}, ["password"]),
        ({"password": " " + GOOD, "again": " " + GOOD}, []),
        ({"password": "ключ от тихой гавани", "again": "ключ от тихой гавани"}, []),
        ({"password": "x" * (LONGEST + 1), "again": "x" * (LONGEST + 1)}, ["again", "password"]),
        ({"password": GOOD + "\x00", "again": GOOD + "\x00"}, ["again", "password"]),
    ],
)
def test_the_first_admin(db: None, facts: dict[str, str], fields: list[str]) -> None:
    assert wrong(FirstRunForm(FIRST | facts)) == fields


def test_an_address_that_is_taken_is_said_so_however_it_is_spelt(db: None) -> None:
    taken = make_user("ada").email
    for spelt in (taken, f" {taken} ", taken.upper()):
        form = FirstRunForm(FIRST | {"email": spelt})
        assert "email" in wrong(form)


@pytest.mark.parametrize("language", ["en", "de"])
def test_two_passwords_that_differ_are_said_in_the_language_of_who_reads(db: None, language: str) -> None:
    with override(language):
        (said,) = FirstRunForm(FIRST | {"again": "another one entirely"}).errors["again"]
    assert ("differ" in said) is (language == "en")


@pytest.mark.parametrize("name", ["x" * 500, "Ada\nEve", "Ada\u202eevE", "Ada\x00"])
def test_w08_a_name_that_could_pass_for_something_else_is_refused(db: None, name: str) -> None:
    form = NameForm({"display_name": name}, instance=User(email="ada@example.org"))
    assert wrong(form) == ["display_name"]


@pytest.mark.parametrize(
    ("first", "second", "fits"),
    [
        (GOOD, GOOD, True),
        (GOOD, GOOD + "!", False),
        (GOOD, "", False),
        ("", "", False),
        ("ten chars!", "ten chars!", True),
        ("nine char", "nine char", False),
        ("x" * (LONGEST + 1), "x" * (LONGEST + 1), False),
    ],
)
def test_a_new_password(db: None, first: str, second: str, fits: bool) -> None:
    form = NewPasswordForm(make_user("bea"), {"new_password1": first, "new_password2": second})
    assert form.is_valid() is fits


def test_spaces_around_a_password_are_part_of_it(db: None) -> None:
    person = make_user("bea")
    form = NewPasswordForm(person, {"new_password1": f" {GOOD} ", "new_password2": f" {GOOD} "})
    assert form.is_valid()
    form.save()
    assert person.check_password(f" {GOOD} ")
    assert not person.check_password(GOOD)


@pytest.mark.once
@pytest.mark.parametrize(
    ("kind", "field", "longest"),
    [(AppCodeForm, "code", 16), (SecondStepForm, "code", 40), (ConfirmForm, "password", LONGEST)],
)
def test_nothing_longer_than_a_code_reaches_the_counting(kind: type[forms.Form], field: str, longest: int) -> None:
    assert kind({field: "x" * longest}).is_valid()
    assert wrong(kind({field: "x" * (longest + 1)})) == [field]
    assert wrong(kind({field: ""})) == [field]
    assert wrong(kind({})) == [field]


def test_a_password_is_not_written_back_into_the_page(db: None) -> None:
    typed = "s3cret-value-typed"
    assert typed not in str(ConfirmForm({"password": typed}))
    assert typed not in str(FirstRunForm(FIRST | {"password": typed, "again": typed}).as_p())
