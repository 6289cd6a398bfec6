"""The languages a person speaks, as an admin writes them."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.languages import MOST, read_languages
from accounts.models import User
from tests.factories import make_admin, make_operator


@pytest.mark.parametrize(
    ("text", "codes"),
    [("de, en", ["de", "en"]), ("DE;de en", ["de", "en"]), ("pt-BR", ["pt-br"]), ("", []), (" , ", [])],
)
def test_codes_as_people_write_them(text: str, codes: list[str]) -> None:
    assert read_languages(text) == codes


@pytest.mark.parametrize("text", ["german", "xx", "d", "de_AT", "<b>", "de--at"])
def test_what_is_no_language_is_named(text: str) -> None:
    with pytest.raises(ValidationError, match="is no short code"):
        read_languages(text)


def test_not_more_than_anybody_speaks() -> None:
    many = "de en fr es it nl pt pl cs sk hu ro bg"
    assert len(many.split()) == MOST + 1
    with pytest.raises(ValidationError, match="At most"):
        read_languages(many)


def save(client: Client, user: User, languages: str) -> str:
    facts: dict[str, Any] = {"email": user.email, "display_name": user.display_name, "is_active": "on"}
    facts |= {"user_type": user.user_type_id, "languages": languages}
    return client.post(reverse("admin:accounts_user_change", args=[user.pk]), facts, follow=True).content.decode()


@pytest.fixture
def ada(db: None) -> Client:
    client = Client()
    client.force_login(make_admin())
    return client


def test_an_admin_writes_them_and_reads_them_again(ada: Client) -> None:
    anna = make_operator("anna")
    save(ada, anna, "de, en")
    anna.refresh_from_db()
    assert anna.languages == ["de", "en"]
    text = ada.get(reverse("admin:accounts_user_change", args=[anna.pk])).content.decode()
    assert 'value="de, en"' in text


def test_a_mistake_is_shown_with_what_was_written(ada: Client) -> None:
    anna = make_operator("anna")
    text = save(ada, anna, "de, klingon")
    assert "is no short code" in text
    assert 'value="de, klingon"' in text
    anna.refresh_from_db()
    assert anna.languages == []
