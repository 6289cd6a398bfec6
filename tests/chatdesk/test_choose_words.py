"""A button's own words: in the visitor's language where the admin wrote them, in the button's own where not."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatdesk.buttonwords import page_language, words_of
from chatdesk.models import Button, ButtonText
from tests.factories import Cast, make_button, make_group

CODES = ["ar", "de", "en"]
ASKED = ["en", "de-AT", "ar;q=0.1", "fr", "*", "zz-ZZ;q=2", ";;q", " ", "d" * 300]


def test_what_is_not_translated_stays_as_it_is(cast: Cast) -> None:
    button = make_button("shop", cast.sales, title="Shop", greeting="Ask us.", closed_text="Closed.")
    ButtonText.objects.create(button=button, language="de", title="Laden", greeting="", closed_text="Zu.")
    words = words_of(button, "de")
    assert (words.title, words.greeting, words.closed_text) == ("Laden", "Ask us.", "Zu.")
    assert words_of(button, "ar").title == "Shop"
    assert words_of(button).title == "Shop"  # the active language is English


def test_words_that_are_not_stored_can_be_tried(cast: Cast) -> None:
    tried = [ButtonText(language="de", label="Los")]
    assert words_of(Button(label="Go"), "de", tried).label == "Los"


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    languages=st.lists(st.sampled_from(CODES), unique=True),
    accept=st.lists(st.sampled_from(ASKED), max_size=5).map(",".join),
    otherwise=st.sampled_from(CODES),
)
def test_a_page_never_speaks_what_its_button_does_not(languages: list[str], accept: str, otherwise: str) -> None:
    chosen = page_language(Button(languages=languages), accept, otherwise)
    assert chosen in (languages or CODES)
    if otherwise in languages or not languages:
        assert chosen == otherwise


@pytest.mark.parametrize(
    ("languages", "accept", "chosen"),
    [
        (["de"], "en", "de"),
        (["de", "ar"], "fr, ar;q=0.9, de;q=0.1", "ar"),
        (["de", "ar"], "de-AT, ar;q=0.5", "de"),
        (["ar", "de"], "fr", "ar"),
        (["ar", "de"], "", "ar"),
    ],
)
def test_the_first_that_both_speak(languages: list[str], accept: str, chosen: str) -> None:
    assert page_language(Button(languages=languages), accept, "en") == chosen


def test_the_whole_page_is_in_it(client: Client, cast: Cast) -> None:
    Button.objects.filter(slug="sales").update(languages=["de"])
    ButtonText.objects.create(button=cast.sales_button, language="de", title="Verkauf", greeting="Fragen Sie.")
    answer = client.get("/chat/sales/", headers={"Accept-Language": "en"})
    page = answer.content.decode()
    assert '<html lang="de"' in page
    assert re.search(r'<h1 id="title">Verkauf</h1>', page)
    assert "Fragen Sie." in page
    assert answer.headers["Content-Language"] == "de"
    assert client.get("/buttons/sales.json").json()["lang"] == "de"


def test_the_question_is_asked_in_it(client: Client, cast: Cast) -> None:
    Button.objects.filter(slug="sales").update(question_field="optional", question_label="Order number")
    ButtonText.objects.create(button=cast.sales_button, language="de", question_label="Bestellnummer")
    assert "Bestellnummer" in client.get("/chat/sales/", headers={"Accept-Language": "de"}).content.decode()
    assert "Order number" in client.get("/chat/sales/").content.decode()


def test_a_language_is_written_once(cast: Cast) -> None:
    ButtonText.objects.create(button=cast.sales_button, language="de")
    with pytest.raises(IntegrityError):
        ButtonText.objects.create(button=cast.sales_button, language="de")


@pytest.mark.parametrize("languages", ["de", {"de": 1}, ["xx"], ["de", 5]])
def test_only_languages_of_the_desk_can_be_set(db: None, languages: object) -> None:
    button = make_button("odd", make_group("odd"))
    button.languages = languages
    with pytest.raises(ValidationError, match="languages of the desk"):
        button.full_clean()
