from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.core import signing
from django.db import connection
from django.test import Client

from accounts.actions.first_admin import AlreadyThere, make_first_admin
from accounts.first_run import SECONDS, SIGNER, is_alive, issue_link
from accounts.models import Scope, User
from accounts.permissions import may, opens
from tests.accounts.people import NEW_PASSWORD, is_signed_in, text_of
from tests.factories import make_admin, make_outsider

FACTS = {
    "email": "Olga@Desk.Example",
    "display_name": "Olga",
    "password": NEW_PASSWORD,
    "again": NEW_PASSWORD,
}


def test_the_link_is_a_path_below_the_site(db: None) -> None:
    assert issue_link().startswith("/first-run/")


def test_the_link_makes_the_first_admin_and_signs_in(client: Client, db: None) -> None:
    link = issue_link()
    assert "Nobody works here yet" in text_of(client.get(link))
    answer: Any = client.post(link, FACTS)
    assert answer.headers["Location"] == "/admin/"
    olga = User.objects.get()
    assert (olga.email, olga.display_name) == ("olga@desk.example", "Olga")
    assert olga.check_password(NEW_PASSWORD)
    assert is_signed_in(client)


def test_the_first_admin_opens_and_may_everything_but_read_transcripts(db: None) -> None:
    olga = make_first_admin("olga@desk.example", "Olga", NEW_PASSWORD)
    assert all(opens(olga, module) for module in ("dashboard", "admin"))
    assert not opens(olga, "transcripts")
    assert {may(olga, verb) for verb in ("see", "answer", "take", "transfer", "close")} == {Scope.ALL}
    assert not olga.is_superuser


def test_the_link_works_once(client: Client, db: None) -> None:
    link = issue_link()
    client.post(link, FACTS)
    again = Client().post(link, {**FACTS, "email": "eve@desk.example"})
    assert again.status_code == 404
    assert "This link no longer works" in text_of(again)
    assert User.objects.count() == 1


def test_every_other_link_is_dead_then_too(client: Client, db: None) -> None:
    links = [issue_link() for _ in range(2)]
    client.post(links[0], FACTS)
    assert [Client().get(link).status_code for link in links] == [404, 404]


@pytest.mark.parametrize("make", [make_admin, lambda: make_outsider("charlie")])
def test_the_link_is_dead_as_soon_as_anybody_is_there(client: Client, db: None, make: Any) -> None:
    link = issue_link()
    make()
    assert client.get(link).status_code == 404
    assert client.post(link, FACTS).status_code == 404
    assert User.objects.count() == 1


@pytest.mark.parametrize("token", ["x", "first-admin", "first-admin.1.2", "..", "a" * 500, "first-admin.%00.x"])
def test_a_made_up_link_is_dead(client: Client, db: None, token: str) -> None:
    assert client.get(f"/first-run/{token}/").status_code == 404
    assert client.post(f"/first-run/{token}/", FACTS).status_code == 404
    assert not User.objects.exists()


def test_a_signature_made_for_something_else_opens_nothing(db: None) -> None:
    assert not is_alive(signing.TimestampSigner(salt="other", sep=".").sign("first-admin"))


@pytest.mark.parametrize(("age", "alive"), [(SECONDS - 60, True), (SECONDS + 60, False)])
def test_a_link_dies_after_a_day(db: None, monkeypatch: pytest.MonkeyPatch, age: int, alive: bool) -> None:
    issued = time.time() - age
    with monkeypatch.context() as then:
        then.setattr(time, "time", lambda: issued)
        token = SIGNER.sign("first-admin")
    assert is_alive(token) is alive


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"email": "nonsense"}, "Enter a valid email address."),
        ({"email": ""}, "This field is required."),
        ({"display_name": ""}, "This field is required."),
        ({"display_name": "\u202e\u202e"}, "invisible signs"),
        ({"display_name": "..."}, "at least one letter or digit"),
        ({"again": "something else"}, "The two passwords differ."),
        ({"password": "short", "again": "short"}, "at least 10 characters"),
        ({"password": "password123", "again": "password123"}, "too common"),
        ({"password": "olga@desk.example", "again": "olga@desk.example"}, "too similar"),
        ({"password": "x" * 513, "again": "x" * 513}, "at most 512 characters"),
    ],
)
def test_bad_facts_make_nobody_and_keep_the_link(
    client: Client, db: None, wrong: dict[str, str], sentence: str
) -> None:
    link = issue_link()
    answer = client.post(link, {**FACTS, **wrong})
    assert answer.status_code == 200
    assert sentence in text_of(answer)
    assert not User.objects.exists()
    assert is_alive(link.split("/")[2])


@pytest.mark.django_db(transaction=True)
def test_of_those_who_hurry_one_wins() -> None:
    together = Barrier(4)

    def hurry(number: int) -> bool:
        together.wait(timeout=10)
        try:
            make_first_admin(f"olga{number}@desk.example", "Olga", NEW_PASSWORD)
        except AlreadyThere:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as threads:
        won = list(threads.map(hurry, range(4)))
    assert won.count(True) == 1
    assert User.objects.count() == 1


def test_the_page_is_kept_by_no_cache(client: Client, db: None) -> None:
    assert "no-store" in client.get(issue_link()).headers["Cache-Control"]
