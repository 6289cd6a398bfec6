"""Saving a transcript at the visitor's own door: during and after the chat, in each form, and nobody else's."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from chatdesk.actions.conversations import close_by_visitor
from chatdesk.permissions import VISITOR_COOKIE
from tests.accounts.people import signed_in
from tests.factories import Cast, make_admin
from tests.transcripts.pdf.stories import read
from tests.transcripts.sending.chats import ended, talk
from tickets.models import OutgoingMail
from tickets.views.returning import tries
from transcripts.models import TranscriptRule

pytestmark = pytest.mark.django_db
KINDS = {
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "text": "text/plain; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "bundle": "application/json; charset=utf-8",
}


@pytest.fixture(autouse=True)
def unhurried() -> None:
    tries.copies.clear()
    tries.openings.clear()


def own_browser(cast: Cast) -> Client:
    client = Client()
    client.cookies[VISITOR_COOKIE] = cast.vera.token
    return client


def door(ref: str, form: str) -> str:
    return f"/return/conversations/{ref}/export/?form={form}"


@pytest.mark.parametrize("form", KINDS)
def test_each_form_during_the_chat_and_after_it(cast: Cast, form: str) -> None:
    chat = talk(cast, "Is it in stock?")
    for is_over in (False, True):
        if is_over:
            close_by_visitor(chat.pk)
        answer = own_browser(cast).get(door(chat.ref, form))
        assert answer.status_code == 200
        assert answer["Content-Type"] == KINDS[form]
        assert answer["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer["Content-Security-Policy"]
        words = read(answer.content).pages[0].extract_text() if form == "pdf" else answer.content.decode()
        assert "Is it in stock?" in words


def test_by_the_token_of_the_page_itself(cast: Cast) -> None:
    """In a frame on another site no cookie is sent: the page brings its token in a header."""
    chat = talk(cast)
    answer = Client().get(door(chat.ref, "pdf"), headers={"authorization": f"Bearer {cast.vera.token}"})
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF")


@pytest.mark.parametrize("form", KINDS)
def test_nobody_else_gets_one(cast: Cast, form: str) -> None:
    chat = ended(cast, "Is it in stock?")
    walt = Client()
    walt.cookies[VISITOR_COOKIE] = cast.walt.token
    for stranger in (Client(), walt, signed_in(cast.alice)):
        answer = stranger.get(door(chat.ref, form))
        assert answer.status_code == 404
        assert "Is it in stock?" not in answer.content.decode()


def test_asking_again_and_again_is_slowed(cast: Cast) -> None:
    chat = ended(cast)
    statuses = [own_browser(cast).get(door(chat.ref, "text")).status_code for _each in range(40)]
    assert statuses[0] == 200
    assert statuses[-1] == 429


def test_an_unknown_form_is_html(cast: Cast) -> None:
    chat = ended(cast)
    assert own_browser(cast).get(door(chat.ref, "../../etc/passwd"))["Content-Type"] == KINDS["html"]


def test_the_page_and_the_box_offer_each_form(cast: Cast) -> None:
    chat = ended(cast)
    room = own_browser(cast).get(f"/return/conversations/{chat.ref}/").content.decode()
    box = Client().post("/return/here/sales/", headers={"authorization": f"Bearer {cast.vera.token}"}).content.decode()
    for form in KINDS:
        assert f"{chat.ref}/export/?form={form}" in room
        assert f"{chat.ref}/export/?form={form}" in box
    assert "Mail me the transcript" not in room  # this desk sends no mail


def test_the_bundle_is_of_this_conversation(cast: Cast) -> None:
    chat = ended(cast)
    bundle = json.loads(own_browser(cast).get(door(chat.ref, "bundle")).content)
    assert bundle["proof"]["conversation"] == chat.ref
    assert bundle["proof"]["count"] == len(bundle["records"])


def test_admins_make_rules_and_see_how_their_mails_fared(cast: Cast) -> None:
    ada = signed_in(make_admin())
    path = "/admin/transcripts/transcriptrule/"
    facts = {"name": "CRM", "address": "inbox@crm.test", "form": "pdf", "is_active": "on"}
    moment = {"since_0": "2026-01-01", "since_1": "00:00:00"}
    assert ada.post(f"{path}add/", facts | moment).status_code == 302
    rule = TranscriptRule.objects.get()
    for number, state in enumerate(("sent", "sent", "failed")):
        OutgoingMail.objects.create(
            kind="record", state=state, copy_for=f"rule{rule.pk}", message_id=f"{number}", verp=f"{number}"
        )
    page = ada.get(path).content.decode()
    assert "not delivered: 1, sent: 2" in page
    assert signed_in(cast.alice).get(path).status_code in (302, 403, 404)
