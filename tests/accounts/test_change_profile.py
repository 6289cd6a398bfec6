from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from tests.accounts.people import signed_in, text_of
from tests.factories import Cast

PROFILE = "/accounts/profile/"


def name_of(user: User) -> str:
    return User.objects.get(pk=user.pk).display_name


def test_a_profile_shows_ones_own_facts(cast: Cast) -> None:
    page = text_of(signed_in(cast.alice).get(PROFILE))
    assert "alice@desk.example" in page
    assert "Operator" in page
    assert "bob@" not in page


def test_a_new_name_is_kept_and_told(cast: Cast) -> None:
    page = signed_in(cast.alice).post(PROFILE, {"display_name": "  Alice of Sales "}, follow=True)
    assert name_of(cast.alice) == "Alice of Sales"
    assert "Your name is changed." in text_of(page)


@pytest.mark.parametrize("name", ["Zoë O'Brien-Łuk", "مريم", "می\u200cخواهم", "李小龙", "Ann 2"])
def test_names_of_all_scripts_are_fine(cast: Cast, name: str) -> None:
    signed_in(cast.alice).post(PROFILE, {"display_name": name})
    assert name_of(cast.alice) == name


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "This field is required."),
        ("   ", "This field is required."),
        ("x" * 81, "at most 80 characters"),
        ("Admin\u202etxt", "invisible signs"),
        ("A\u2066lice", "invisible signs"),
        ("A\u200blice", "invisible signs"),
        ("A\tlice", "invisible signs"),
        ("A\x1b[31m", "invisible signs"),
        ("—…!", "at least one letter or digit"),
        ("nul\0", "Null characters are not allowed."),
    ],
)
def test_a_name_that_hides_or_shows_nothing_is_refused(cast: Cast, name: str, sentence: str) -> None:
    page = signed_in(cast.alice).post(PROFILE, {"display_name": name})
    assert sentence in text_of(page)
    assert name_of(cast.alice) == "Alice"


def test_markup_in_a_name_is_shown_as_text(cast: Cast) -> None:
    page = signed_in(cast.alice).post(PROFILE, {"display_name": "<b>A</b><script>x</script>"}, follow=True)
    assert "<script>x" not in page.content.decode()
    assert "&lt;b&gt;A&lt;/b&gt;" in page.content.decode()


def test_a_refused_name_does_not_show_in_the_header(cast: Cast) -> None:
    page = signed_in(cast.alice).post(PROFILE, {"display_name": "—…!"})
    header = page.content.decode().partition("</header>")[0]
    assert "Alice" in header


@pytest.mark.parametrize(
    "facts", [{"email": "eve@desk.example"}, {"is_superuser": "on"}, {"user_type": "1"}, {"is_active": ""}]
)
def test_a_form_of_ones_own_changes_nothing_else(cast: Cast, facts: dict[str, str]) -> None:
    client = signed_in(cast.charlie)
    before = User.objects.filter(pk=cast.charlie.pk).values().get()
    client.post(PROFILE, {"display_name": "Charlie", **facts})
    assert User.objects.filter(pk=cast.charlie.pk).values().get() == before


def test_a_profile_is_for_who_is_signed_in(client: Client, db: None) -> None:
    assert client.get(PROFILE).headers["Location"] == "/accounts/login/?next=/accounts/profile/"
    assert client.post(PROFILE, {"display_name": "x"}).status_code == 302


def test_a_profile_is_kept_by_no_cache(cast: Cast) -> None:
    assert "no-store" in signed_in(cast.alice).get(PROFILE).headers["Cache-Control"]


def test_who_opens_nothing_still_has_a_profile(cast: Cast) -> None:
    page = signed_in(cast.charlie).get(PROFILE)
    assert page.status_code == 200
    assert 'href="/desk/"' not in page.content.decode()
    assert 'href="/admin/"' not in page.content.decode()
