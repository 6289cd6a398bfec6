"""A log names an error and its place, and never repeats what somebody wrote."""

from __future__ import annotations

import pytest

from tests.mail.office import Office, a_mail
from tickets.actions.processing import process
from tickets.faults import named

SECRET = "v.real@home.test"


def inner() -> None:
    raise KeyError(SECRET)


def caught() -> BaseException:
    try:
        inner()
    except KeyError as error:
        return error
    raise AssertionError


def test_the_kind_and_the_place_and_no_words() -> None:
    told = named(caught())
    assert told.startswith("KeyError at test_name_faults.py:")
    assert ", called at test_name_faults.py:" in told
    assert SECRET not in told


def test_one_that_was_never_raised_has_no_place() -> None:
    assert named(ValueError(SECRET)) == "ValueError"


def test_a_mail_that_fails_is_logged_by_its_number(
    db: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def arrive(_mail: object) -> None:
        raise KeyError(SECRET)

    monkeypatch.setattr("tickets.actions.processing.arrive", arrive)
    mail = Office().keeps(a_mail())
    process(mail.pk)
    assert f"incoming mail {mail.pk} could not be processed: KeyError at" in caplog.text
    assert SECRET not in caplog.text
    mail.refresh_from_db()
    assert mail.error == "KeyError"
