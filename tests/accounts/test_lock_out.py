from __future__ import annotations

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.db.models import F
from django.test import Client
from pytest_django.fixtures import Settings

from tests.accounts.people import NEW_PASSWORD, is_signed_in, password_page, sign_in, text_of
from tests.factories import PASSWORD, Cast

HOME, AWAY = "198.51.100.7", "203.0.113.9"


def guess(times: int, email: str = "alice@desk.example", address: str = HOME) -> list[int]:
    """The status codes of so many wrong tries."""
    return [sign_in(Client(), email, "wrong", REMOTE_ADDR=address).status_code for _ in range(times)]


def let_pass(minutes: float) -> None:
    """Time goes by: what was tried was tried earlier."""
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(minutes=minutes))


def opens_for(email: str, address: str = HOME) -> bool:
    client = Client()
    sign_in(client, email, REMOTE_ADDR=address)
    return is_signed_in(client)


def test_the_fifth_wrong_try_locks(cast: Cast) -> None:
    assert guess(5) == [200, 200, 200, 200, 429]


def test_a_locked_account_refuses_the_right_password_too(cast: Cast) -> None:
    guess(5)
    assert not opens_for("alice@desk.example")


def test_four_wrong_tries_and_a_right_one_start_anew(cast: Cast) -> None:
    guess(4)
    assert opens_for("alice@desk.example")
    assert guess(4) == [200] * 4


def test_the_page_says_how_long_and_what_to_do(cast: Cast) -> None:
    guess(5)
    answer = sign_in(Client(), "alice@desk.example", REMOTE_ADDR=HOME)
    assert answer.status_code == 429
    assert "closed for 15 minutes" in text_of(answer)
    assert "set a new one" in text_of(answer)
    assert 14 * 60 < int(answer.headers["Retry-After"]) <= 15 * 60


def test_the_page_counts_down_and_trying_on_does_not_lengthen_it(cast: Cast) -> None:
    guess(5)
    let_pass(14.5)
    assert "closed for 1 minute," in text_of(sign_in(Client(), "alice@desk.example", REMOTE_ADDR=HOME))
    let_pass(1)
    assert opens_for("alice@desk.example")


def test_the_account_still_opens_from_elsewhere(cast: Cast) -> None:
    guess(5)
    assert opens_for("alice@desk.example", AWAY)


def test_a_colleague_at_the_same_address_still_gets_in(cast: Cast) -> None:
    guess(5)
    assert opens_for("bob@desk.example")


def test_an_account_that_does_not_exist_locks_alike(cast: Cast) -> None:
    assert guess(5, "nobody@desk.example") == guess(5)


def test_other_spellings_share_one_counter(cast: Cast) -> None:
    spellings = ["alice@desk.example", "ALICE@desk.example", " alice@desk.example", "ａlice@desk.example"]
    for spelling in spellings:
        guess(1, spelling)
    assert guess(1, "Alice@Desk.Example") == [429]


def test_another_browser_name_does_not_help(cast: Cast) -> None:
    codes = [
        sign_in(Client(headers={"user-agent": f"b{number}"}), "alice@desk.example", "wrong").status_code
        for number in range(5)
    ]
    assert codes[-1] == 429


def test_a_written_forwarded_address_does_not_help(cast: Cast) -> None:
    codes = [
        sign_in(
            Client(), "alice@desk.example", "wrong", REMOTE_ADDR=HOME, HTTP_X_FORWARDED_FOR=f"10.0.0.{number}"
        ).status_code
        for number in range(5)
    ]
    assert codes[-1] == 429


def test_people_behind_one_proxy_are_not_locked_together(cast: Cast, settings: Settings) -> None:
    settings.TRUSTED_PROXIES = ["192.0.2.1"]
    for _ in range(5):
        sign_in(Client(), "alice@desk.example", "wrong", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=HOME)
    client = Client()
    sign_in(client, "alice@desk.example", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=AWAY)
    assert is_signed_in(client)


def test_an_ipv6_subscriber_has_one_counter_for_the_whole_network(cast: Cast) -> None:
    codes = [guess(1, address=f"2001:db8:1:2::{number}")[0] for number in range(1, 6)]
    assert codes[-1] == 429
    assert guess(1, address="2001:db8:1:3::1") == [200]


def test_a_connection_without_an_address_is_counted_too(cast: Cast) -> None:
    assert guess(5, address="")[-1] == 429


@pytest.mark.parametrize("door", ["/accounts/login/", "/accounts/login/?next=/admin/"])
def test_every_door_to_sign_in_counts(cast: Cast, door: str) -> None:
    for _ in range(4):
        Client().post(door, {"username": "alice@desk.example", "password": "wrong"})
    answer = Client().post("/accounts/login/", {"username": "alice@desk.example", "password": "wrong"})
    assert answer.status_code == 429


def test_a_new_password_by_mail_ends_the_lock(cast: Cast) -> None:
    from_mail = Client()
    guess(5)
    link = password_page(from_mail, cast.alice)
    from_mail.post(link, {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD})
    client = Client()
    sign_in(client, "alice@desk.example", NEW_PASSWORD, REMOTE_ADDR=HOME)
    assert is_signed_in(client)


def test_the_tried_password_is_kept_nowhere(cast: Cast) -> None:
    sign_in(Client(), "alice@desk.example", PASSWORD + "x")
    assert PASSWORD not in str(list(AccessAttempt.objects.values()))
