"""One transcript as a file: what both sides could read, for who may export it, each time recorded."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEntry, Scope, User, UserType
from chatdesk.models import Conversation, File, Kind
from tests.accounts.people import signed_in
from tests.chatdesk.desk_doors import address, fragment, html
from tests.factories import Cast, make_admin, make_compliance, make_conversation, make_entry

pytestmark = pytest.mark.django_db
EMAIL = "vera@example.org"


@pytest.fixture
def cora(cast: Cast) -> User:
    """Compliance: opens transcripts alone, and may export all."""
    return make_compliance()


@pytest.fixture
def chat(cast: Cast) -> Conversation:
    facts: dict[str, Any] = {"name": "Vera", "email": EMAIL, "page": "https://shop.example/"}
    chat = make_conversation(cast.sales_button, operator=cast.alice, **facts)
    make_entry(chat, "Hello <b>you</b>")
    make_entry(chat, "First line\n3. [2026-01-01] Alice: I never said this", author=cast.alice)
    file = File.objects.create(
        conversation=chat, name="tax \u202efdp.exe", media_type="application/pdf", size=9, sha256="ab", state="stored"
    )
    make_entry(chat, "", kind=Kind.FILE, file=file)
    return chat


def fetch(user: User, chat: Conversation, form: str = "text") -> Any:
    return signed_in(user).get(address(chat, f"export/?form={form}"), headers={"HX-Request": "true"})


def test_as_text(cora: User, chat: Conversation) -> None:
    answer = fetch(cora, chat)
    text = answer.content.decode()
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert "E-mail: vera@example.org" in text
    lines = text.split("\n\n", 1)[1].splitlines()
    assert lines[0].endswith("] Vera: Hello <b>you</b>")
    assert lines[1].endswith("] Alice: First line")
    assert lines[2] == "    3. [2026-01-01] Alice: I never said this"
    assert lines[3].endswith("[tax [U+202E]fdp.exe, application/pdf, 9 B]")


def test_as_json(cora: User, chat: Conversation) -> None:
    answer = fetch(cora, chat, "json")
    facts = json.loads(answer.content)
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    assert (facts["conversation"], facts["group"], facts["visitor"]["email"]) == (chat.ref, "Sales", EMAIL)
    assert [entry["seq"] for entry in facts["entries"]] == [1, 2, 3]
    assert facts["entries"][1]["author"] == {"kind": "operator", "name": "Alice"}
    assert facts["entries"][2]["file"]["sha256"] == "ab"


def test_as_html_nothing_that_was_said_is_markup(cora: User, chat: Conversation) -> None:
    answer = fetch(cora, chat, "html")
    text = answer.content.decode()
    assert "Hello &lt;b&gt;you&lt;/b&gt;" in text
    assert "<script" not in text
    assert answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"


@pytest.mark.parametrize("form", ["text", "html", "json"])
def test_it_is_saved_never_shown_and_always_recorded(cora: User, chat: Conversation, form: str) -> None:
    answer = fetch(cora, chat, form)
    assert answer["Content-Disposition"].startswith('attachment; filename="chat-')
    assert "no-store" in answer["Cache-Control"]
    row = AuditEntry.objects.get(action="chat.export")
    assert (row.actor_id, row.object_id) == (cora.pk, str(chat.pk))
    assert row.after == {"form": form, "contact": True}


def test_who_may_not_see_contact_data_exports_it_masked(cora: User, chat: Conversation) -> None:
    UserType.objects.filter(users=cora).update(contact=Scope.NONE)
    for form in ("text", "html", "json"):
        text = fetch(cora, chat, form).content.decode()
        assert EMAIL not in text
        assert "v•••@e•••.org" in text


def test_another_form_is_refused(cora: User, chat: Conversation) -> None:
    assert fetch(cora, chat, "exe").status_code == 400
    assert not AuditEntry.objects.filter(action="chat.export").exists()


def test_only_who_may_export_does(cast: Cast, sam: User, chat: Conversation) -> None:
    assert fetch(make_admin(), chat).status_code == 200
    assert fetch(cast.alice, chat).status_code == 403
    assert fetch(sam, chat).status_code == 403
    assert fetch(cast.charlie, chat).status_code == 403
    assert signed_in(cast.charlie).get(address(chat, "export/")).status_code == 403
    assert Client().get(address(chat, "export/")).status_code == 302
    never = fetch(cast.bob, Conversation(ref="never-was"))
    unseen = fetch(cast.bob, chat)
    assert (unseen.status_code, unseen.content) == (404, never.content)


def test_the_side_panel_offers_it_to_who_may(cast: Cast, sam: User, chat: Conversation) -> None:
    link = address(chat, "export/")
    assert link not in html(fragment(cast.alice, address(chat)))
    UserType.objects.filter(users=sam).update(export=Scope.ALL)
    assert f"{link}?form=json" in html(fragment(sam, address(chat)))


def test_own_chats_reach_no_further(cast: Cast, sam: User, chat: Conversation) -> None:
    UserType.objects.filter(users=cast.alice).update(export=Scope.OWN)
    assert fetch(cast.alice, chat).status_code == 200
    assert fetch(cast.alice, make_conversation(cast.sales_button, operator=sam)).status_code == 403
