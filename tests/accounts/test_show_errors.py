from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from django.utils.translation import override
from django.views import defaults

from tests.accounts.people import signed_in, text_of
from tests.factories import Cast

PAGES = Path(settings.BASE_DIR) / "templates"


@pytest.mark.parametrize(
    ("view", "status", "sentence"),
    [
        (defaults.bad_request, 400, "did not make sense"),
        (defaults.permission_denied, 403, "This page is not open to you"),
        (defaults.page_not_found, 404, "There is nothing here"),
        (defaults.server_error, 500, "Something went wrong on our side"),
    ],
)
def test_every_error_has_a_page_of_ours(db: None, view: Callable[..., object], status: int, sentence: str) -> None:
    request = RequestFactory().get("/somewhere/")
    answer = view(request) if view is defaults.server_error else view(request, Exception("inner words"))
    assert getattr(answer, "status_code", 0) == status
    assert sentence in text_of(answer)
    assert "inner words" not in text_of(answer)


def test_an_unknown_address_says_so_and_names_no_machinery(client: Client, db: None) -> None:
    page = client.get("/no/such/page/")
    assert page.status_code == 404
    assert "There is nothing here" in text_of(page)
    assert "Traceback" not in page.content.decode()


def test_the_address_asked_for_is_not_repeated(client: Client, db: None) -> None:
    assert "evilmarker" not in client.get("/evilmarker/").content.decode()


def test_who_is_signed_in_keeps_the_way_out(cast: Cast) -> None:
    page = signed_in(cast.alice).get("/no/such/page/").content.decode()
    assert 'action="/accounts/logout/"' in page


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_a_page_names_its_language_and_direction(client: Client, db: None, language: str, direction: str) -> None:
    with override(language):
        page = client.get("/accounts/login/", headers={"accept-language": language}).content.decode()
    assert f'<html lang="{language}" dir="{direction}">' in page


def test_a_page_has_a_title_a_skip_link_and_one_heading(client: Client, db: None) -> None:
    page = client.get("/accounts/login/").content.decode()
    assert "<title>Sign in · chatdesk</title>" in page
    assert '<a class="skip" href="#main">' in page
    assert len(re.findall(r"<h1[ >]", page)) == 1


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/password/reset/", "/no/such/page/"])
def test_a_page_allows_nothing_inline(client: Client, db: None, path: str) -> None:
    answer = client.get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:", answer.content.decode())


@pytest.mark.parametrize("template", sorted(PAGES.glob("accounts/**/*.html")) + sorted(PAGES.glob("*.html")), ids=str)
def test_no_template_of_ours_has_inline_style_or_script(template: Path) -> None:
    assert not re.search(r"\sstyle=|\son[a-z]+=\"|<style|<script>|javascript:", template.read_text())
