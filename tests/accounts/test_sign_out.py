from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.signals import access_changed
from tests.accounts.people import is_signed_in, signed_in
from tests.factories import Cast


@pytest.mark.parametrize("door", ["/accounts/logout/", "/admin/logout/"])
def test_signing_out_ends_the_session_for_good(cast: Cast, door: str) -> None:
    client = signed_in(cast.alice)
    stolen = client.cookies["desk"].value
    assert client.post(door).headers["Location"] == "/accounts/login/"
    assert not is_signed_in(client)
    thief = Client()
    thief.cookies["desk"] = stolen
    assert not is_signed_in(thief)


@pytest.mark.parametrize("method", ["get", "head", "put"])
def test_a_link_or_an_image_signs_nobody_out(cast: Cast, method: str) -> None:
    client = signed_in(cast.alice)
    assert getattr(client, method)("/accounts/logout/").status_code == 405
    assert is_signed_in(client)


def test_a_foreign_form_signs_nobody_out(cast: Cast) -> None:
    client = signed_in(cast.alice, checks=True)
    assert client.post("/accounts/logout/").status_code == 403
    assert is_signed_in(client)


def test_open_sockets_hear_of_it(cast: Cast) -> None:
    heard: list[int] = []

    def hear(user_id: int, **_facts: Any) -> None:
        heard.append(user_id)

    access_changed.connect(hear)
    signed_in(cast.alice).post("/accounts/logout/")
    assert heard == [cast.alice.pk]


def test_who_is_signed_out_already_just_arrives_at_the_door(client: Client, db: None) -> None:
    assert client.post("/accounts/logout/").headers["Location"] == "/accounts/login/"
