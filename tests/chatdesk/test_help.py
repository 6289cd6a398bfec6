"""The help: every page opens for everybody, every link leads somewhere, every setting is explained, words are found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.db.models import Model
from django.forms import BaseForm
from django.forms.fields import Field
from django.forms.models import InlineForeignKeyField
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import resolve, reverse
from django.urls.exceptions import Resolver404
from django.utils.translation import override

from accounts.models import User
from chatdesk.guide import PERSONS, Page, book, search
from chatdesk.guide.admin_topics import BY_MODEL, BY_VIEW, page_url, topic_url
from chatdesk.guide.book import SOURCES, contents
from chatdesk.guide.markdown import address, render
from chatdesk.models import SiteSettings
from chatdesk.sitelimits import forget
from chatdesk.urls import urlpatterns
from tests.factories import Cast, make_admin

LANGUAGES = [code for code, _name in settings.LANGUAGES]
OWN_APPS = {"accounts", "routing", "chatdesk"}
ENGLISH = book("en")


def opened(client: Client, path: str, language: str = "en") -> str:
    answer = client.get(path, headers={"accept-language": language})
    assert answer.status_code == 200, path
    return answer.content.decode()


# --- the sources ---


def test_every_source_is_listed_and_every_listed_page_is_written() -> None:
    written = {(path.parent.name, path.stem) for path in (SOURCES / "en").glob("*/*.md")}
    assert written == {(page.person, page.key) for page in ENGLISH.pages}
    assert len(ENGLISH.pages) == len(written)


def test_there_are_pages_for_each_of_the_five_persons() -> None:
    assert list(contents()) == [person.key for person in PERSONS]
    assert all(len(ENGLISH.of(person.key)) >= 3 for person in PERSONS)


def test_a_translation_has_the_headings_keys_of_the_english_page() -> None:
    for language in LANGUAGES:
        for path in (SOURCES / language).glob("*/*.md"):
            page, original = book(language).find(path.parent.name, path.stem), ENGLISH.find(path.parent.name, path.stem)
            assert page is not None, path
            assert original is not None, path
            assert page.language == language
            assert [each.key for each in page.headings] == [each.key for each in original.headings], path


def test_titles_differ_and_headings_of_a_page_too() -> None:
    titles = [page.title for page in ENGLISH.pages]
    assert len(set(titles)) == len(titles)
    for page in ENGLISH.pages:
        keys = [each.key for each in page.headings]
        assert len(set(keys)) == len(keys), page.title


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_column_of_a_table_has_a_name(language: str) -> None:
    assert [page.url for page in book(language).pages if "<th></th>" in page.rendered.html] == []


def test_lines_of_the_sources_are_as_short_as_the_houses() -> None:
    for path in SOURCES.glob("*/*/*.md"):
        text = path.read_text(encoding="utf-8")
        assert max(map(len, text.splitlines())) <= 120, path
        assert text == text.rstrip("\n") + "\n", path


@pytest.mark.parametrize("source", ["No title.\n", "# Title\n", "## Second\n\nWords.\n", "# Title\n\n* a list\n"])
def test_a_source_without_title_and_paragraph_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match="begins with a title"):
        render(source, "admin")


def test_html_in_a_source_is_only_text() -> None:
    page = render('# T\n\nHello <script>alert(1)</script> <b onclick="x">b</b>\n\n<div>x</div>\n', "admin")
    html = page.lead_html + page.html
    assert not re.findall(r"<(?!/?p>)", html)
    assert "&lt;script&gt;" in html
    assert "&lt;div&gt;" in html


def test_links_of_sources_become_addresses() -> None:
    assert address("notes.md", "operator") == "/help/operator/notes/"
    assert address("../operator/notes.md#write-one", "admin") == "/help/operator/notes/#write-one"
    assert address("/admin/", "admin") == "/admin/"


def test_a_heading_may_name_its_own_key() -> None:
    page = render("# T\n\nWords.\n\n## Eine *Notiz* {#write-one}\n", "operator")
    assert [(each.key, each.text) for each in page.headings] == [("write-one", "Eine Notiz")]
    assert "{#" not in page.html


# --- the pages ---


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_opens_for_everybody(client: Client, language: str) -> None:
    with override(language):
        pages = book(language).pages
    for page in pages:
        text = opened(client, page.url, language)
        assert f"<h1>{page.title}</h1>" in unescape(text)
        assert f'<html lang="{language}"' in text
        blanks = re.findall(r"\{[a-z_]+\}", text)
        assert blanks == [], page.url


@pytest.mark.django_db
def test_contents_list_every_page_under_its_person(client: Client) -> None:
    text = opened(client, "/help/")
    assert all(f'href="{page.url}"' in text for page in ENGLISH.pages)
    assert all(f'id="{person.key}"' in text for person in PERSONS)


@pytest.mark.django_db
def test_pages_turn_within_a_persons_shelf(client: Client) -> None:
    first, second, *_more = ENGLISH.of("operator")
    text = opened(client, first.url)
    assert 'rel="prev"' not in text
    assert f'rel="next" href="{second.url}"' in text
    last = ENGLISH.of("operator")[-1]
    assert 'rel="next"' not in opened(client, last.url)


@pytest.mark.django_db
def test_a_page_in_english_for_want_of_another_says_so(client: Client) -> None:
    page = ENGLISH.pages[0]
    assert 'lang="en" dir="ltr"' in opened(client, page.url, "ar")
    assert 'class="help-page">' in opened(client, page.url, "en")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/help/nobody/", "/help/admin/nothing/", "/help/nobody/begin/", "/help/admin/../x/"])
def test_what_is_not_there_is_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.django_db
def test_a_person_alone_leads_to_their_part_of_the_contents(client: Client) -> None:
    answer = client.get("/help/operator/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/help/#operator")


@pytest.mark.django_db
def test_pages_say_what_holds_on_this_desk(client: Client) -> None:
    SiteSettings.objects.update_or_create(pk=1, defaults={"message_limit": 4321, "file_limit_mb": 7})
    forget()
    text = opened(client, "/help/visitor/write-to-us/")
    forget()
    assert "4,321 characters" in text
    assert "7 MB" in text


@pytest.mark.django_db
def test_the_help_only_answers_to_reading(client: Client) -> None:
    assert client.post("/help/").status_code == 405
    assert client.post("/help/admin/begin/").status_code == 405


# --- links ---


def links(page: Page) -> Iterator[str]:
    yield from (
        unescape(found) for found in re.findall(r'href="([^"]*)"', page.rendered.lead_html + page.rendered.html)
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_inside_the_help_resolves(language: str) -> None:
    pages = {page.url: page for page in book(language).pages}
    for page in pages.values():
        for link in links(page):
            path, _hash, key = link.partition("#")
            assert "://" not in link, f"{page.url}: {link} leads out of the desk"
            assert leads(path, pages), f"{page.url}: {link}"
            if key:
                assert key in {each.key for each in pages[path or page.url].headings}, f"{page.url}: {link}"


def leads(path: str, pages: dict[str, Page]) -> bool:
    if path.startswith("/help/") or not path:
        return not path or path in pages
    try:
        return bool(resolve(path))
    except Resolver404:
        return False


def test_links_to_product_pages_are_really_asked() -> None:
    assert leads("/desk/", {})
    assert not leads("/nowhere/at/all/", {})
    assert not leads("/help/admin/nothing/", {})


# --- the settings pages' own link ---


def label(model: type[Model]) -> str:
    return str(model._meta.label_lower)


def test_every_model_of_the_settings_has_its_page() -> None:
    assert {label(model) for model in admin.site._registry} <= set(BY_MODEL)
    assert all(apps.get_model(name) for name in BY_MODEL)


@pytest.mark.parametrize("topic", sorted({*BY_MODEL.values(), *BY_VIEW.values()}))
def test_every_topic_is_a_page_and_a_heading_of_it(topic: str) -> None:
    path, _hash, key = topic.partition("#")
    person, name = path.split("/")
    for language in LANGUAGES:
        page = book(language).find(person, name)
        assert page is not None
        assert not key or key in {each.key for each in page.headings}
    assert page_url(topic).startswith(f"/help/{path}/")


def test_every_address_named_is_one_of_the_settings() -> None:
    patterns = [
        *urlpatterns,
        *admin.site.get_urls(),
        *(each for model in admin.site._registry.values() for each in model.get_urls()),
    ]
    assert set(BY_VIEW) <= {str(getattr(pattern, "name", "")) for pattern in patterns}


def test_an_unknown_settings_page_leads_to_the_contents() -> None:
    assert topic_url("something", "app.model") == "/help/#admin"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "topic"),
    [
        ("/admin/", "admin/begin"),
        ("/admin/accounts/user/", "admin/people"),
        ("/admin/accounts/user/add/", "admin/people#add-a-person"),
        ("/admin/routing/group/", "admin/departments"),
        ("/admin/chatdesk/button/add/", "admin/buttons#make-one"),
        ("/admin/coverage/", "admin/coverage"),
        ("/admin/review/", "compliance/yearly-review"),
    ],
)
def test_settings_pages_link_their_help(client: Client, path: str, topic: str) -> None:
    client.force_login(make_admin())
    assert f'<a href="{page_url(topic)}">Help</a>' in opened(client, path)


@pytest.mark.django_db
def test_desk_and_doors_link_the_help(client: Client, cast: Cast) -> None:
    assert 'href="/help/' in opened(client, "/")
    assert 'href="/help/#visitor"' in opened(client, "/chat/sales/")
    client.force_login(cast.alice)
    assert 'href="/help/#operator"' in opened(client, "/desk/")


# --- every setting is explained ---


def request_of(user: User) -> HttpRequest:
    request = RequestFactory().get("/")
    request.user = user
    return request


def forms(model_admin: ModelAdmin[Any], user: User) -> Iterator[BaseForm]:
    """A new object's form and one of each row below it, as somebody who may do everything gets them."""
    request = request_of(user)
    yield model_admin.get_form(request)()
    for formset, _inline in model_admin.get_formsets_with_inlines(request):
        yield formset.form()


def is_explained(name: str, field: Field, page: str) -> bool:
    if isinstance(field, InlineForeignKeyField) or field.widget.is_hidden or name == "DELETE":
        return True
    named = (" ".join(bold.lower().split()) for bold in re.findall(r"\*\*(.+?)\*\*", page, re.DOTALL))
    return bool(field.help_text) or any(str(field.label or name).lower() in each for each in named)


@pytest.mark.django_db
def test_every_setting_is_explained_where_it_stands_or_in_the_help() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in Path(SOURCES, "en", "admin").glob("*.md"))
    ada, silent = make_admin(), []
    for model, model_admin in admin.site._registry.items():
        if model._meta.app_label not in OWN_APPS or not model_admin.has_change_permission(request_of(ada)):
            continue  # a record: nothing is set there
        for form in forms(model_admin, ada):
            silent += [
                f"{label(model)}: {name} ({field.label})"
                for name, field in form.fields.items()
                if not is_explained(name, field, text)
            ]
    assert not silent, "\n".join(silent)


def test_what_explains_a_setting_is_checked() -> None:
    assert is_explained("x", Field(help_text="Says it."), "")
    assert is_explained("x", Field(label="chat limit"), "the **Chat limit** is")
    assert not is_explained("x", Field(label="chat limit"), "the **limit** of chats")


# --- search ---


def found(asked: str) -> list[str]:
    return [hit.page.title for hit in search(ENGLISH, asked, {})]


def test_a_title_comes_before_a_mention() -> None:
    assert found("hand over")[0] == "Hand a chat over"
    assert found("audit")[0] == "The audit log"


def test_words_that_stand_together_come_first_and_are_shown_so() -> None:
    first, *_more = search(ENGLISH, "second step", {})
    assert first.page.title == "Sign in with a second step"
    hit = next(hit for hit in search(ENGLISH, "sign in", {}) if hit.page.key == "people")
    assert hit.found.lower() == "sign in"


def test_every_word_must_be_there() -> None:
    assert found("holiday") != []
    assert found("holiday zeppelin") == []
    assert found("") == []
    assert found("  ?! ") == []


def test_beginnings_capitals_and_accents_count_alike() -> None:
    assert found("HOLIDAY") == found("holiday") == found("hólidày")
    assert "Hours and holidays" in found("holid")
    assert found("oliday") == []


def test_a_hit_shows_where() -> None:
    hit = next(hit for hit in search(ENGLISH, "Easter", {}) if hit.page.key == "hours")
    assert hit.found == "Easter"
    assert len(hit.before) < 120
    assert hit.after.endswith("…")


def test_facts_are_found_as_they_are_shown() -> None:
    assert [hit.page.key for hit in search(ENGLISH, "4321", {"message_limit": "4321"})] == ["write-to-us"]


@pytest.mark.django_db
def test_the_search_box_answers_and_repeats_what_was_asked(client: Client) -> None:
    text = opened(client, "/help/?q=second+step")
    assert 'value="second step"' in text
    assert f'href="{reverse("help-page", args=["operator", "second-step"])}"' in text
    assert "<mark>" in text


@pytest.mark.django_db
def test_what_was_asked_is_only_text(client: Client) -> None:
    text = opened(client, '/help/?q="><script>alert(1)</script>')
    assert "<script>alert" not in text
    assert "No page has all of these words" in text


@pytest.mark.django_db
def test_a_very_long_question_is_cut(client: Client) -> None:
    assert "x" * 101 not in opened(client, f"/help/?q={'x' * 5000}")
