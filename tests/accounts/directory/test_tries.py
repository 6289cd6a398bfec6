"""The form of the desk must be no way to lock colleagues out of their computers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import ldap
import pytest
from django.db.models import F
from django.test import Client
from django_auth_ldap.backend import _LDAPUser

from accounts.models import DirectoryTry
from tests.accounts.directory.conftest import Scene
from tests.accounts.directory.corp import CORRECT
from tests.accounts.people import is_signed_in, sign_in, text_of

NAMES = ["ann", "ANN", "ann@corp.test", "ann@ad.corp.test", "CORP\\ann", "ann ", "Ann", "aNN"]


def binds(scene: Scene) -> int:
    """How many passwords the directory was asked to check for ann. slapd's log is flushed line by line."""
    return scene.corp.server.output.count(f'BIND dn="{scene.ann}" method=128')


def guess(name: str, address: str, password: str = "wrong") -> int:
    return int(sign_in(Client(), name, password, REMOTE_ADDR=address).status_code)


def test_names_and_addresses_share_one_budget(scene: Scene) -> None:
    codes = [guess(name, f"198.51.100.{number}") for number, name in enumerate(NAMES)]
    assert codes == [200, 200, 429, 429, 429, 429, 429, 429]
    assert binds(scene) == 2


def test_the_page_says_why_and_how_long(scene: Scene) -> None:
    for _ in range(2):
        guess("ann", "198.51.100.7")
    answer = sign_in(Client(), "ann", "wrong", REMOTE_ADDR="203.0.113.9")
    assert "we stop asking it: for 30 minutes" in text_of(answer)
    assert 1790 < int(answer.headers["Retry-After"]) <= 1800


def test_the_place_where_a_person_works_keeps_its_own_tries(scene: Scene) -> None:
    """A stranger who guesses keeps nobody out of the desk who has signed in there before."""
    assert guess("ann", "192.0.2.1", CORRECT) == 302
    for number in range(4):
        guess("ann", f"198.51.100.{number}")
    assert guess("ann", "198.51.100.99", CORRECT) == 429
    assert guess("ann", "192.0.2.1") == 200
    assert guess("ann", "192.0.2.1", CORRECT) == 302


def test_all_together_never_reach_the_directorys_own_limit(scene: Scene) -> None:
    guess("ann", "192.0.2.1", CORRECT)
    before = binds(scene)
    for number in range(9):
        guess(NAMES[number % 3], "192.0.2.1")
        guess("ann", f"198.51.100.{number}")
    assert binds(scene) - before == scene.directory.wrong_tries


@pytest.mark.parametrize("password", ["wrong", CORRECT])
def test_a_try_counts_before_the_directory_is_asked(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    """So many at once find the budget used up as well."""
    seen: list[int] = []
    bind = _LDAPUser._authenticate_user_dn

    def look(person: Any, written: str) -> None:
        seen.append(DirectoryTry.objects.filter(passed=False).count())
        bind(person, written)

    monkeypatch.setattr(_LDAPUser, "_authenticate_user_dn", look)
    guess("ann", "192.0.2.1", password)
    assert seen == [1]
    assert DirectoryTry.objects.get().passed == (password == CORRECT)


def test_no_answer_costs_no_try(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def fall_silent(_person: Any, _written: str) -> None:
        raise ldap.SERVER_DOWN

    monkeypatch.setattr(_LDAPUser, "_authenticate_user_dn", fall_silent)
    assert guess("ann", "192.0.2.1") == 503
    assert not DirectoryTry.objects.exists()


def test_a_right_password_ends_the_count(scene: Scene) -> None:
    guess("ann", "192.0.2.1")
    guess("ann", "192.0.2.1", CORRECT)
    assert [guess("ann", "192.0.2.1") for _ in range(3)] == [200, 200, 429]


def test_time_ends_it_too(scene: Scene) -> None:
    for _ in range(3):
        guess("ann", "192.0.2.1")
    DirectoryTry.objects.update(at=F("at") - timedelta(minutes=31))
    client = Client()
    sign_in(client, "ann", CORRECT, REMOTE_ADDR="192.0.2.1")
    assert is_signed_in(client)


def test_names_that_do_not_exist_are_treated_alike(scene: Scene) -> None:
    assert [guess("nobody", "192.0.2.1") for _ in range(3)] == [200, 200, 429]


def test_other_people_are_not_kept_out(scene: Scene) -> None:
    ben = scene.corp.person("ben")
    scene.corp.server.change(scene.desk, member=[scene.ann, ben])
    for _ in range(3):
        guess("ann", "192.0.2.1")
    assert guess("ben", "192.0.2.1", CORRECT) == 302
