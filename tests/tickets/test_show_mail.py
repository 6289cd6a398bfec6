"""What stands below an entry that came or went by mail, and how an answer would reach the visitor."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from chatdesk.models import Conversation, Entry
from tests.accounts.people import signed_in
from tests.chatdesk.desk_doors import address, fragment, html, page
from tests.factories import Cast, make_conversation, make_entry, make_operator
from tickets.actions import correspondents, outbox, tickets
from tickets.actions.reaching import way_to
from tickets.models import Correspondent, IncomingMail, Letter, MailSettings, OutgoingMail, PendingAnswer


@pytest.fixture
def chat(cast: Cast) -> Conversation:
    conversation = make_conversation(cast.sales_button, cast.vera, cast.alice)
    conversation.visitor.seen_at = timezone.now() - timedelta(hours=1)
    conversation.visitor.save()
    return conversation


@pytest.fixture
def mail(db: None) -> None:
    settings = MailSettings.load()
    settings.relay_domain, settings.undo_seconds = "relay.test", 20
    settings.save()


def letter(entry: Entry, **facts: Any) -> Letter:
    digest = str(entry.pk)
    incoming = IncomingMail.objects.create(via="file", recipient="a@b", digest=digest, raw=b"", size=0)
    return Letter.objects.create(entry=entry, incoming=incoming, **facts)


def beside(user: User, conversation: Conversation) -> str:
    return html(fragment(user, address(conversation, "badges/")))


# --- below an entry --------------------------------------------------------------------------------------------------


def test_a_mail_says_what_is_to_be_known_of_it(cast: Cast, chat: Conversation) -> None:
    facts = {"is_machine": True, "is_unproven": True, "masked_count": 3, "folded": "> before <b>", "html": "<p>x</p>"}
    letter(make_entry(chat), remarks=["id_used_again", "unheard_of"], **facts)
    for text in (beside(cast.alice, chat), html(fragment(cast.alice, address(chat)))):
        for words in ("by mail", "written by a machine", "sender not proven", "3 places masked", "Folded away"):
            assert words in text, words
        assert "Another mail came under the same Message-ID" in text
        assert "&gt; before &lt;b&gt;" in text
        assert f'href="{address(chat, "letters/1/")}"' in text


def test_an_entry_of_the_chat_has_none(cast: Cast, chat: Conversation) -> None:
    make_entry(chat)
    assert beside(cast.alice, chat).strip() == ""


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("held", "waits for approval"),
        ("queued", "waiting"),
        ("sending", "being sent"),
        ("sent", "sent"),
        ("uncertain", "perhaps sent"),
        ("delivered", "delivered"),
        ("bounced", "came back"),
        ("failed", "not delivered"),
    ],
)
def test_an_answer_says_how_far_it_got(cast: Cast, chat: Conversation, state: str, words: str) -> None:
    make_entry(chat)
    make_entry(chat, "an answer", cast.alice)
    visitor = correspondents.of_visitor(chat, "vera@home.example")
    OutgoingMail.objects.create(
        kind="relay", conversation=chat, to=visitor, first_seq=1, last_seq=2, state=state, reason="The box is full."
    )
    text = beside(cast.alice, chat)
    assert f"by mail: {words}" in text
    assert text.count("data-badges-of") == 1
    assert ("The box is full." in text) == (state in ("bounced", "failed", "uncertain"))
    assert "vera@home" not in text


def test_what_did_not_arrive_can_be_sent_again_by_who_answers(cast: Cast, chat: Conversation) -> None:
    make_entry(chat, "an answer", cast.alice)
    visitor = correspondents.of_visitor(chat, "vera@home.example")
    row = OutgoingMail.objects.create(
        kind="relay", conversation=chat, to=visitor, first_seq=1, last_seq=1, state="failed", reason="It was refused."
    )
    assert "Send again" in beside(cast.alice, chat)
    ann, path = make_operator("ann", cast.sales), address(chat, f"mails/{row.pk}/again/")
    assert "Send again" not in beside(ann, chat)
    assert send(ann, path, seq="1").status_code == 403
    for _ in range(2):
        text = html(send(cast.alice, path, seq="1"))
        assert "by mail: waiting" in text
        assert "Send again" not in text
    row.refresh_from_db()
    assert row.state == "queued"


def test_what_was_taken_back_says_nothing(cast: Cast, chat: Conversation) -> None:
    make_entry(chat, "an answer", cast.alice)
    visitor = correspondents.of_visitor(chat, "vera@home.example")
    OutgoingMail.objects.create(kind="relay", conversation=chat, to=visitor, first_seq=1, last_seq=1, state="cancelled")
    assert "by mail" not in beside(cast.alice, chat)


def test_more_mails_take_no_more_queries(cast: Cast, chat: Conversation) -> None:
    browser, counts = signed_in(cast.alice), []
    for _ in range(2):
        for _n in range(5):
            letter(make_entry(chat))
        with CaptureQueriesContext(connection) as captured:
            browser.get(address(chat, "badges/"))
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_mail_as_it_was_laid_out_can_do_nothing(cast: Cast, chat: Conversation) -> None:
    letter(make_entry(chat), html="<p>Hello</p>", subject="A question")
    answer = page(cast.alice, address(chat, "letters/1/"))
    assert "<p>Hello</p>" in html(answer)
    policy = answer["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "sandbox" in policy
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_what_has_no_layout_has_no_page(cast: Cast, chat: Conversation) -> None:
    letter(make_entry(chat))
    assert page(cast.alice, address(chat, "letters/1/")).status_code == 400
    assert page(cast.bob, address(chat, "letters/1/")).status_code == 404


# --- the way to the visitor ------------------------------------------------------------------------------------------


def test_who_is_there_is_answered_in_the_chat(cast: Cast, chat: Conversation) -> None:
    chat.visitor.seen_at = timezone.now()
    assert way_to(chat).kind == "page"
    assert 'data-away="no"' in html(fragment(cast.alice, address(make_conversation(cast.sales_button))))


def test_who_began_by_mail_is_never_taken_to_be_there(chat: Conversation, mail: None) -> None:
    chat.visitor.seen_at, chat.start_id = timezone.now(), "mail-1"
    chat.email = "vera@home.example"
    assert way_to(chat).kind == "mail"


def test_who_left_an_address_is_reached_by_mail(cast: Cast, chat: Conversation, mail: None) -> None:
    known = correspondents.of_visitor(chat, "vera@home.example")
    assert way_to(chat).kind == "mail"
    text = html(fragment(cast.alice, address(chat)))
    assert "under a masked address" in text
    assert "For 20 seconds you can take it back." in text
    assert 'data-away="yes"' in text
    Correspondent.objects.filter(pk=known.pk).update(hard_bounces=2)
    assert way_to(chat).kind == "returned"


def test_without_an_address_it_waits_behind_the_return_link(cast: Cast, chat: Conversation, mail: None) -> None:
    assert way_to(chat).kind == "page"  # a live chat: they may be back in a moment
    tickets.ensure(chat)
    way = way_to(chat)
    assert (way.kind, way.is_away) == ("waits", True)


def test_without_mail_nobody_is_promised_one(chat: Conversation) -> None:
    correspondents.of_visitor(chat, "vera@home.example")
    tickets.ensure(chat)
    assert way_to(chat).kind == "waits"


# --- answers that can be taken back ----------------------------------------------------------------------------------


def send(user: User, path: str, **facts: str) -> HttpResponse:
    return signed_in(user).post(path, facts)  # type: ignore[return-value]


def test_an_answer_waits_and_then_is_an_entry(cast: Cast, chat: Conversation, mail: None) -> None:
    answer = send(cast.alice, address(chat, "answers/new/"), client_id="a1", body="Tomorrow")
    assert answer.status_code == 200
    assert "Tomorrow" in html(fragment(cast.alice, address(chat, "answers/")))
    assert not chat.entries.exists()
    assert outbox.post_due_answers(timezone.now() + timedelta(seconds=30)) == 1
    assert chat.entries.get().body == "Tomorrow"
    assert "Tomorrow" not in html(fragment(cast.alice, address(chat, "answers/")))


def test_the_same_answer_again_is_one(cast: Cast, chat: Conversation) -> None:
    for _ in range(2):
        assert send(cast.alice, address(chat, "answers/new/"), client_id="a1", body="Tomorrow").status_code == 200
    assert PendingAnswer.objects.count() == 1


def test_an_answer_taken_back_is_text_again(cast: Cast, chat: Conversation) -> None:
    send(cast.alice, address(chat, "answers/new/"), client_id="a1", body="Tomorrow")
    path = address(chat, f"answers/{PendingAnswer.objects.get().pk}/back/")
    assert send(cast.alice, path).json() == {"body": "Tomorrow"}  # type: ignore[attr-defined]
    assert outbox.post_due_answers(timezone.now() + timedelta(hours=1)) == 0
    assert send(cast.alice, path).status_code == 409


def test_nobody_takes_back_what_another_wrote(cast: Cast, chat: Conversation) -> None:
    send(cast.alice, address(chat, "answers/new/"), client_id="a1", body="Tomorrow")
    number = PendingAnswer.objects.get().pk
    ann = make_operator("ann", cast.sales)
    assert "data-take-back" not in html(fragment(ann, address(chat, "answers/")))
    assert send(ann, address(chat, f"answers/{number}/back/")).status_code == 409
    assert PendingAnswer.objects.exists()


def test_what_can_not_be_said_is_refused(cast: Cast, chat: Conversation) -> None:
    answer = send(cast.alice, address(chat, "answers/new/"), client_id="a1", body="  ")
    assert answer.status_code in (400, 422)
    assert answer.json()["code"] == "entry.empty"  # type: ignore[attr-defined]
    assert not PendingAnswer.objects.exists()
