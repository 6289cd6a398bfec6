"""What is a person's is found by everything they go by; what only may be theirs waits for somebody's tick."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.sealing import seal
from chatdesk.models import Conversation
from chatdesk.protocol import Refused
from tests.factories import Cast, make_conversation, make_entry, make_participant
from tests.transcripts.requests.conftest import By, Kind, Takes
from tickets.actions import correspondents
from tickets.models import FollowUp
from transcripts.actions.requesting import choosing, looking, opening
from transcripts.actions.requesting.identities import Identity
from transcripts.models import Purpose, RequestItem, SubjectRequest


def found(*given: tuple[str, str]) -> dict[int, set[str]]:
    return looking.hits([Identity(kind, value) for kind, value in given])


def items(request: SubjectRequest) -> dict[int | None, tuple[bool, list[str]]]:
    return {item.conversation_id: (item.is_chosen, item.found_by) for item in request.items.all()}


def promise(chat: Conversation, number: str, by: User) -> None:
    facts = {"channel": FollowUp.Channel.PHONE, "sealed_contact": seal(number), "promised_for": timezone.now()}
    FollowUp.objects.create(conversation=chat, question="the size", asked_by=by, user=by, **facts)


def test_by_the_address_they_gave_in_any_case(cast: Cast) -> None:
    mine = make_conversation(cast.sales_button, cast.vera, email="Vera@Home.example")
    make_conversation(cast.sales_button, cast.walt, email="walt@home.example")
    assert found((By.EMAIL, "vera@home.EXAMPLE")) == {mine.pk: {"email"}}


def test_by_the_address_they_write_mails_from(cast: Cast) -> None:
    mine = make_conversation(cast.sales_button, cast.vera)
    other = make_conversation(cast.sales_button, cast.walt)
    correspondents.of_visitor(mine, "vera@home.example", "Vera")
    correspondents.of_visitor(other, "walt@home.example", "Walt")
    assert found((By.EMAIL, "VERA@home.example")) == {mine.pk: {"email"}}


@pytest.mark.parametrize("given", ["+49 30 1234567", "030 1234567", "0049301234567", "(030) 123-4567"])
def test_by_the_number_that_a_promise_is_kept_on(cast: Cast, given: str) -> None:
    mine, other = make_conversation(cast.sales_button, cast.vera), make_conversation(cast.sales_button, cast.walt)
    promise(mine, "+49 30 1234567", cast.alice)
    promise(other, "+49 30 1234568", cast.alice)
    ways = found((By.PHONE, given))
    assert ways.get(mine.pk) == {"phone"}
    assert other.pk not in ways


def test_a_short_number_is_nobody_elses_ending(cast: Cast) -> None:
    promise(make_conversation(cast.sales_button, cast.vera), "+49 30 1234567", cast.alice)
    assert found((By.PHONE, "234567")) == {}


@pytest.mark.parametrize("said", ["call +49 30 1234567 please", "my number: 030 1234567", "+49301234567"])
def test_a_number_or_address_that_stands_in_a_text_may_be_theirs(cast: Cast, said: str) -> None:
    chat = make_conversation(cast.sales_button, cast.vera)
    make_entry(chat, said)
    make_entry(make_conversation(cast.sales_button, cast.walt), "the number 1234567 alone")
    assert found((By.PHONE, "+49 30 1234567")) == {chat.pk: {"said"}}


def test_who_spoke_of_an_address_may_be_them(cast: Cast) -> None:
    chat = make_conversation(cast.sales_button, cast.vera)
    make_entry(chat, "write to vera@home.example")
    make_entry(make_conversation(cast.sales_button, cast.walt), "vera is at home, for example")
    assert found((By.EMAIL, "vera@home.example")) == {chat.pk: {"said"}}


@pytest.mark.parametrize("form", ["%s", "#%s", "visitor-%s"])
def test_by_the_visitors_number_as_it_is_shown_anywhere(cast: Cast, takes: Takes, form: str) -> None:
    mine = make_conversation(cast.sales_button, cast.vera)
    make_conversation(cast.sales_button, cast.walt)
    request = takes(Kind.ACCESS, (By.VISITOR, form % mine.visitor_id))
    assert items(request) == {mine.pk: (True, ["visitor"])}


def test_a_name_may_be_that_of_others_so_nothing_is_ticked(cast: Cast, takes: Takes) -> None:
    mine = make_conversation(cast.sales_button, cast.vera, name="Vera Vogel")
    other = make_conversation(cast.sales_button, cast.walt, name="Vera Vogel")
    request = takes(Kind.ACCESS, (By.NAME, "vera vogel"))
    assert items(request) == {mine.pk: (False, ["name"]), other.pk: (False, ["name"])}


def test_by_a_name_that_they_had_at_the_time(cast: Cast) -> None:
    chat = make_conversation(cast.sales_button, cast.vera, name="Vera Vogel")
    part = make_participant(chat)
    part.name = "Vera Maier"
    part.save()
    assert found((By.NAME, "Maier"))[chat.pk] == {"name"}
    assert found((By.NAME, "Vera Vogel"), (By.NAME, "Vera Maier"))[chat.pk] == {"name"}


def test_by_a_conversation_and_then_by_its_browser(cast: Cast, takes: Takes) -> None:
    mine, again = make_conversation(cast.sales_button, cast.vera), make_conversation(cast.support_button, cast.vera)
    make_conversation(cast.sales_button, cast.walt)
    request = takes(Kind.ERASURE, (By.CONVERSATION, mine.ref))
    assert items(request) == {mine.pk: (True, ["ref"]), again.pk: (False, ["same"])}


def test_several_together_say_more_of_one(cast: Cast, takes: Takes) -> None:
    mine = make_conversation(cast.sales_button, cast.vera, name="Vera Vogel", email="vera@home.example")
    make_entry(mine, "vera@home.example it is")
    request = takes(Kind.ACCESS, (By.NAME, "Vogel"), (By.EMAIL, "vera@home.example"), (By.CONVERSATION, mine.ref))
    assert items(request) == {mine.pk: (True, ["email", "ref", "name", "said"])}


def test_what_is_out_of_sight_is_found_as_well(cast: Cast) -> None:
    chat = make_conversation(cast.sales_button, cast.vera, email="vera@home.example", hidden_at=timezone.now())
    assert found((By.EMAIL, "vera@home.example")) == {chat.pk: {"email"}}


def test_looked_for_again_nobodys_tick_changes(cast: Cast, takes: Takes, cora: User, purpose: Purpose) -> None:
    first = make_conversation(cast.sales_button, cast.vera, email="vera@home.example")
    request = takes(Kind.ACCESS, (By.EMAIL, "vera@home.example"))
    assert choosing.choose(cora, purpose, request.pk, [], "she shares the address with him") == 1
    new = make_conversation(cast.sales_button, cast.vera, email="vera@home.example")
    assert looking.look(cora, purpose, request.pk) == 1
    assert looking.look(cora, purpose, request.pk) == 0
    assert {pk: chosen for pk, (chosen, _ways) in items(request).items()} == {first.pk: False, new.pk: True}


def test_more_that_they_go_by_finds_more(cast: Cast, takes: Takes, cora: User, purpose: Purpose) -> None:
    mine = make_conversation(cast.sales_button, cast.vera, name="Vera Vogel", email="vera@home.example")
    request = takes(Kind.ACCESS, (By.NAME, "Vera Vogel"))
    assert items(request)[mine.pk] == (False, ["name"])
    given = [(By.EMAIL, "vera@home.example"), (By.NAME, "Vera Vogel")]
    assert opening.go_by(cora, purpose, request.pk, given) == 0
    assert items(request)[mine.pk] == (False, ["email", "name"])
    assert request.items.get().is_certain
    assert request.identities.count() == 2


def test_a_name_that_everybody_has_brings_the_newest(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    chats = [make_conversation(cast.sales_button, name="Anna", email="a@x.example") for _ in range(4)]
    monkeypatch.setattr(looking, "MOST_POSSIBLE", 2)
    assert set(found((By.NAME, "Anna"))) == {chats[2].pk, chats[3].pk}
    assert len(found((By.EMAIL, "a@x.example"))) == 4, "what is surely theirs has no limit"


def test_ticks_change_with_a_reason_alone(cast: Cast, takes: Takes, cora: User, purpose: Purpose) -> None:
    mine = make_conversation(cast.sales_button, cast.vera, name="Vera Vogel")
    request = takes(Kind.ACCESS, (By.NAME, "Vera Vogel"))
    item = request.items.get()
    with pytest.raises(Refused, match="say why"):
        choosing.choose(cora, purpose, request.pk, [item.pk], "  ")
    assert choosing.choose(cora, purpose, request.pk, [item.pk], "she named the day") == 1
    assert choosing.choose(cora, purpose, request.pk, [item.pk], "") == 0, "nothing changes, so nothing is asked"
    assert RequestItem.objects.get(conversation=mine).reason == "she named the day"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (By.EMAIL, "vera"),
        (By.EMAIL, "@"),
        (By.PHONE, "12"),
        (By.PHONE, "call me maybe 123456"),
        (By.VISITOR, "twelve"),
        (By.VISITOR, "9" * 30),
        (By.NAME, "vera@home.example"),
        (By.NAME, "#12"),
        (By.NAME, "v"),
        (By.CONVERSATION, "../../x"),
        (By.NAME, "v" * 300),
        (By.NAME, " \x00 "),
    ],
)
def test_what_nobody_can_be_found_by(takes: Takes, kind: str, value: str) -> None:
    with pytest.raises(Refused):
        takes(Kind.ACCESS, (kind, value))
    assert not SubjectRequest.objects.exists()


def test_a_day_on_which_no_request_can_have_come(takes: Takes) -> None:
    for days in (-1, 365 * 40):
        with pytest.raises(Refused, match="on that day"):
            takes(Kind.ACCESS, (By.NAME, "Vera"), days_ago=days)


def test_who_is_not_of_the_compliance_staff_takes_none(cast: Cast, purpose: Purpose, takes: Takes) -> None:
    request = takes(Kind.ACCESS, (By.NAME, "Vera"))
    with pytest.raises(Refused, match="compliance staff"):
        looking.look(cast.alice, purpose, request.pk)


def test_due_a_month_after_it_came(takes: Takes) -> None:
    request = takes(Kind.ACCESS, (By.NAME, "Vera"), days_ago=3)
    assert timedelta(days=28) <= request.due_on - request.received_on <= timedelta(days=31)
