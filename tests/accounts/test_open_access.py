"""Break-glass: the console lets one person in past the rules, for a time, once, and it is written down."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry, User
from tests.accounts.people import is_signed_in, sign_in, text_of
from tests.accounts.rulings import ELSEWHERE, closed_now, only_from, typed
from tests.factories import Cast, make_admin


@pytest.fixture
def ada(cast: Cast) -> User:
    """Whom every rule shuts out."""
    ada = make_admin()
    closed_now(typed(ada))
    only_from(typed(ada), ELSEWHERE)
    kind = typed(ada)
    kind.needs_second_factor = True
    kind.save()
    return ada


def opened(*words: Any) -> str:
    said = StringIO()
    call_command("open_access", *words, stdout=said)
    return urlsplit(said.getvalue().split()[-1]).path


def test_the_link_signs_in_past_every_rule(ada: User, client: Client) -> None:
    assert "from where you are" in text_of(sign_in(client, ada.email))
    link = opened(ada.email)
    assert "ada@desk.example" in text_of(client.get(link))
    assert not is_signed_in(client)
    assert client.post(link).headers["Location"] == "/desk/"
    assert client.get("/admin/accounts/usertype/").status_code == 200


def test_it_works_once(ada: User, client: Client) -> None:
    link = opened(ada.email)
    client.post(link)
    again = Client()
    assert again.get(link).status_code == 404
    assert again.post(link).status_code == 404
    assert not is_signed_in(again)


def test_after_its_time_the_rules_hold_again(ada: User, client: Client) -> None:
    client.post(opened(ada.email, "--minutes", "5"))
    User.objects.filter(pk=ada.pk).update(rules_lifted_until=timezone.now() - timedelta(seconds=1))
    assert client.get("/admin/").status_code == 403
    assert not is_signed_in(client)


def test_an_old_link_is_dead(ada: User, client: Client) -> None:
    old = opened(ada.email)
    new = opened(ada.email, "--minutes", "30")
    assert client.get(old).status_code == 404
    User.objects.filter(pk=ada.pk).update(rules_lifted_until=timezone.now())
    assert client.get(new).status_code == 404


@pytest.mark.parametrize("change", [{"is_active": False}, {"password": "another"}, {"rules_lifted_until": None}])
def test_what_changed_since_kills_the_link(ada: User, client: Client, change: dict[str, Any]) -> None:
    link = opened(ada.email)
    User.objects.filter(pk=ada.pk).update(**change)
    assert client.post(link).status_code == 404
    assert not is_signed_in(client)


def test_a_forged_link_opens_nothing(ada: User, client: Client) -> None:
    link = opened(ada.email)
    assert client.post(link[:-3] + "xx/").status_code == 404
    assert client.post("/accounts/opening/nonsense/").status_code == 404


def test_it_is_written_down(ada: User) -> None:
    opened(ada.email, "--minutes", "5")
    entry = AuditEntry.objects.get(action="access.opened")
    assert (entry.object_id, entry.reason) == (str(ada.pk), "from the console")
    assert entry.after is not None
    assert entry.after["until"] > timezone.now().isoformat()


@pytest.mark.parametrize(
    "words",
    [["nobody@desk.example"], ["ada@desk.example", "--minutes", "0"], ["ada@desk.example", "--minutes", "1441"]],
)
def test_what_can_not_be_is_refused(ada: User, words: list[str]) -> None:
    with pytest.raises(CommandError):
        opened(*words)
    assert User.objects.get(pk=ada.pk).rules_lifted_until is None


def test_nobody_who_is_switched_off_is_let_in(ada: User) -> None:
    User.objects.filter(pk=ada.pk).update(is_active=False)
    with pytest.raises(CommandError):
        opened(ada.email)
