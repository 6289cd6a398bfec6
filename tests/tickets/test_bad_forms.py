"""What no browser of ours would send to the desk's doors for tickets: refused in words, and no error of the server."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from chatdesk.models import Conversation
from tests.chatdesk.desk_doors import address, fragment, html, page
from tests.factories import Cast, make_conversation
from tests.tickets.test_desk_tickets import FORM, send
from tickets.actions import followups, tickets
from tickets.models import FollowUp, PendingAnswer, Tag, Ticket

NUMBERS = ["0", "-1", "1.5", "1e3", "9" * 15, "9" * 40, "٣", "²", "½", "0x10", " 1 ", "\x00", "'"]
HUGE = 10**30


def change(user: User, ticket: Ticket, field: str, value: str) -> HttpResponse:
    return send(user, address(ticket.conversation, "ticket/change/"), field=field, value=value)


# --- numbers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", NUMBERS)
def test_what_is_no_number_of_anything_is_said_in_its_place(cast: Cast, ticket: Ticket, number: str) -> None:
    for part, name in (("ticket/merge/", "number"), ("ticket/split/", "seq")):
        text = html(send(cast.alice, address(ticket.conversation, part), **{name: number}))
        assert 'role="alert"' in text, part
    for field in ("priority", "owner"):
        before = Ticket.objects.values("priority", "owner").get()
        text = html(change(cast.alice, ticket, field, number))
        taken = field == "priority" and number == "٣"  # a three, as people write it in Cairo
        assert ('role="alert"' in text) is not taken, field
        assert (Ticket.objects.values("priority", "owner").get() == before) is not taken


def test_a_number_with_its_sign_is_a_number(cast: Cast, ticket: Ticket) -> None:
    other = tickets.make(cast.alice, make_conversation(cast.sales_button, cast.vera, cast.alice).ref)
    send(cast.alice, address(ticket.conversation, "ticket/merge/"), number=f" #{other.pk} ")
    ticket.refresh_from_db()
    assert ticket.merged_into == other


@pytest.mark.parametrize(
    ("part", "facts", "status"),
    [
        (f"promises/{HUGE}/end/", {"how": "kept"}, 200),
        (f"promises/{HUGE}/contact/", {"reason": "to ring her"}, 200),
        (f"answers/{HUGE}/back/", {}, 409),
        (f"mails/{HUGE}/again/", {}, 200),
        ("mails/0/again/", {"seq": "9" * 40}, 200),
    ],
)
def test_a_number_larger_than_any_row_has_is_none(
    cast: Cast, ticket: Ticket, part: str, facts: dict[str, str], status: int
) -> None:
    answer = send(cast.alice, address(ticket.conversation, part), **facts)
    assert answer.status_code in {status, 400}
    assert answer.status_code == 400 or "Traceback" not in answer.content.decode()


@pytest.mark.parametrize("path", [f"letters/{HUGE}/", f"badges/?from={HUGE}", "badges/?from=-1", "badges/?from=²"])
def test_a_look_at_no_entry_shows_nothing(cast: Cast, chat: Conversation, path: str) -> None:
    answer = fragment(cast.alice, address(chat, path))
    assert answer.status_code in (200, 400)
    assert "Where is my parcel?" not in answer.content.decode()


@pytest.mark.parametrize("path", [f"/desk/held/{HUGE}/", f"/desk/mails/{HUGE}/"])
def test_nothing_is_held_under_a_number_that_no_row_has(cast: Cast, path: str) -> None:
    assert send(cast.alice, path, reason="to see it").status_code == 404


# --- what a database can't store -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [("subject", "Par\x00cel", "Parcel"), ("tags", "la\x00te", "late"), ("subject", "\x00", "")],
)
def test_a_nul_is_left_out_of_what_is_kept(cast: Cast, ticket: Ticket, field: str, value: str, kept: str) -> None:
    assert change(cast.alice, ticket, field, value).status_code == 200
    ticket.refresh_from_db()
    assert {"subject": ticket.subject, "tags": ", ".join(Tag.objects.values_list("name", flat=True))}[field] == kept


def test_a_nul_in_a_promise_is_left_out(cast: Cast, chat: Conversation) -> None:
    contact = {"channel": "phone", "contact": "+49 30 123456", "reason": "to \x00ring", "consent": "yes"}
    assert send(cast.alice, address(chat, "promises/"), **FORM | contact | {"question": "Wh\x00en?"}).status_code == 204
    made = FollowUp.objects.get()
    assert (made.question, made.reason) == ("When?", "to ring")
    assert followups.reveal_contact(cast.alice, chat.ref, made.pk, "to r\x00ing her") == "+49 30 123456"


ODD = ["tag=a%00b", "q=a%00b", "state=%00", "whose=%00", "cursor=%00", "q=%23%00", "q=%00", "q=" + "9" * 30]


@pytest.mark.parametrize("query", [*ODD, "whose=theirs", "cursor=x", "tag=" + "x" * 99])
def test_a_list_that_is_asked_for_with_anything_is_a_list(cast: Cast, ticket: Ticket, query: str) -> None:
    for ask in (fragment, page):
        assert ask(cast.alice, f"/desk/tickets/?{query}").status_code == 200


@pytest.mark.parametrize("ref", ["%00", "a%00b", "x" * 300, "%E2%80%AE", "..%2f"])
def test_a_conversation_of_no_name_is_not_found(cast: Cast, ref: str) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(cast.alice)
    for part in ("ticket/", "badges/", "answers/", "promises/"):
        assert client.get(f"/desk/conversations/{ref}/{part}").status_code == 404, part


# --- answers that wait -----------------------------------------------------------------------------------------------


def keep(user: User, chat: Conversation, **facts: Any) -> HttpResponse:
    return send(user, address(chat, "answers/new/"), **facts)


def waiting() -> list[str]:
    return list(PendingAnswer.objects.order_by("pk").values_list("body", flat=True))


def test_two_answers_that_forgot_their_mark_are_two(cast: Cast, chat: Conversation) -> None:
    for body in ("One", "Two"):
        assert keep(cast.alice, chat, body=body).status_code == 200
    assert waiting() == ["One", "Two"]


def test_an_answer_under_the_mark_of_somebody_else_s_is_not_lost(cast: Cast, chat: Conversation) -> None:
    other = make_conversation(cast.support_button, cast.walt, cast.bob)
    assert keep(cast.bob, other, body="For Walt", client_id="same").status_code == 200
    assert keep(cast.alice, chat, body="For Vera", client_id="same").status_code == 409
    assert waiting() == ["For Walt"]


@pytest.mark.parametrize("mark", ["x" * 300, "a\x00b", "ü" * 100])
def test_a_mark_of_any_kind_is_kept(cast: Cast, chat: Conversation, mark: str) -> None:
    for _ in range(2):
        assert keep(cast.alice, chat, body="Once", client_id=mark).status_code == 200
    assert waiting() == ["Once"]
    assert "\x00" not in PendingAnswer.objects.get().client_id


@pytest.mark.parametrize(
    ("body", "code"), [("", "entry.empty"), (" \n ", "entry.empty"), ("a\x00b", "frame.invalid"), ("x" * 20_000, None)]
)
def test_what_can_not_be_said_is_told_as_a_code(cast: Cast, chat: Conversation, body: str, code: str | None) -> None:
    answer = keep(cast.alice, chat, body=body, client_id="m")
    assert answer.status_code >= 400
    assert answer.json()["code"] == (code or "entry.too_long")  # type: ignore[attr-defined]
    assert waiting() == []
