"""What is restricted is out of everybody's sight but that of the compliance staff, until they say otherwise."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from chatdesk.actions.reopening import reopen
from chatdesk.models import Conversation
from chatdesk.permissions import VISITOR_COOKIE, conversation_for_operator, conversation_for_visitor
from chatdesk.protocol import Refused
from chatdesk.querysets import everything
from routing.models import Request, State
from tests.factories import Cast, make_conversation, make_supervisor
from tests.transcripts.exporting.archive import exported
from tests.transcripts.requests.conftest import By, Kind, Takes
from tests.transcripts.retention.stage import MARKER, after, make_full
from tickets.actions import correspondents
from tickets.models import Correspondent
from transcripts import sight
from transcripts.actions.exporting import running
from transcripts.actions.exporting.asking import Wanted, ask
from transcripts.actions.finding import conversation_ids
from transcripts.actions.requesting import restricting
from transcripts.models import Export, ExportItem, Profile, Purpose, RequestItem
from transcripts.query import Query

EMAIL = (By.EMAIL, f"{MARKER}@visitor.example")


@pytest.fixture
def restricted(cast: Cast, ready: Takes, cora: User, purpose: Purpose) -> Conversation:
    chat = make_full(cast, cast.vera, files=0)
    Request.objects.filter(pk=chat.request_id).update(state=State.CLOSED, closed_at=chat.closed_at)
    correspondents.of_visitor(chat, "vera@home.example", "Vera")
    request = ready(Kind.RESTRICTION, EMAIL)
    assert restricting.restrict(cora, purpose, request.pk, "accuracy", after(30).date()) == 1
    chat.refresh_from_db()
    return chat


def refs(query: str) -> set[str]:
    return set(conversation_ids(Query.parse(query)).values_list("ref", flat=True))


def test_nobody_at_the_desk_finds_it(cast: Cast, restricted: Conversation) -> None:
    sam = make_supervisor()
    for user in (sam, cast.alice):
        with pytest.raises(Refused):
            conversation_for_operator(user, restricted.ref)
        assert list(everything(user)) == []
    client = Client()
    client.force_login(cast.alice, backend="accounts.backends.UserTypeBackend")
    assert client.get(f"/desk/conversations/{restricted.ref}/").status_code == 404
    assert MARKER not in client.get("/desk/").content.decode()


def test_its_visitor_begins_anew(cast: Cast, restricted: Conversation) -> None:
    with pytest.raises(Refused):
        conversation_for_visitor(cast.vera.visitor)
    client = Client()
    client.cookies[VISITOR_COOKIE] = cast.vera.token
    assert MARKER not in client.get("/chat/sales/").content.decode()


def test_the_compliance_staff_find_and_read_it(desk: Client, restricted: Conversation) -> None:
    assert refs("state:restricted") == {restricted.ref}
    assert refs(f"{MARKER} group:sales") == {restricted.ref}
    page = desk.get(f"/transcripts/conversations/{restricted.ref}/").content.decode()
    assert f"The {MARKER} is whole." in page
    assert "accuracy is contested" in page


def test_a_request_is_found_by_its_number(restricted: Conversation) -> None:
    number = RequestItem.objects.get().request_id
    assert refs(f"request:{number}") == refs(f"request:#{number}") == {restricted.ref}
    assert refs("request:999 state:closed") == refs("request:x") == set()


@pytest.mark.parametrize("profile", [Profile.FULL, Profile.EXTERNAL, Profile.SUBJECT])
def test_other_exports_bring_it(cora: User, restricted: Conversation, profile: str) -> None:
    assert exported(cora, query=f"ref:{restricted.ref}", profile=profile, formats=["json"]).conversations == 1


def test_no_training_copy_brings_it(cora: User, restricted: Conversation, cast: Cast) -> None:
    other = make_full(cast, cast.walt, files=0)
    export = exported(cora, query="group:sales", profile=Profile.TRAINING, formats=["json"])
    assert list(ExportItem.objects.filter(export=export).values_list("ref", flat=True)) == [other.ref]


def test_restricted_after_it_was_counted_it_is_left_out_of_a_training_copy(
    cast: Cast, ready: Takes, cora: User, purpose: Purpose
) -> None:
    make_full(cast, cast.vera, files=0)
    export = ask(Wanted(query="", profile=Profile.TRAINING, formats=["json"]), cora)
    running._select(export)
    request = ready(Kind.RESTRICTION, EMAIL)
    restricting.restrict(cora, purpose, request.pk, "accuracy", after(30).date())
    running.run_due()
    assert Export.objects.get(pk=export.pk).is_finished
    assert ExportItem.objects.get(export=export).state == ExportItem.State.SKIPPED


def test_nothing_comes_into_it_by_mail(restricted: Conversation) -> None:
    assert not Correspondent.objects.filter(conversation=restricted, revoked_at=None).exists()


def test_taken_up_again_it_stays_out_of_sight(cast: Cast, restricted: Conversation) -> None:
    assert reopen(restricted, "It goes on.")  # type: ignore[arg-type]
    restricted.refresh_from_db()
    assert restricted.hidden_at is not None
    with pytest.raises(Refused):
        conversation_for_operator(cast.alice, restricted.ref)


def test_lifted_with_a_reason_it_is_found_again(
    cast: Cast, cora: User, purpose: Purpose, restricted: Conversation
) -> None:
    item = RequestItem.objects.get()
    with pytest.raises(Refused, match="say why"):
        restricting.lift(cora, purpose, item.request_id, item.pk, "")
    restricting.lift(cora, purpose, item.request_id, item.pk, "it was right")
    assert conversation_for_operator(make_supervisor(), restricted.ref) == restricted
    assert refs("state:restricted") == set()
    with pytest.raises(Refused, match="not restricted"):
        restricting.lift(cora, purpose, item.request_id, item.pk, "it was right")
    with pytest.raises(Refused, match="not restricted"):
        restricting.review(cora, purpose, item.request_id, item.pk, after(90).date())


def test_restricted_by_two_it_needs_both_words(
    cast: Cast, ready: Takes, cora: User, purpose: Purpose, restricted: Conversation
) -> None:
    first = RequestItem.objects.get()
    second = ready(Kind.RESTRICTION, EMAIL)
    restricting.restrict(cora, purpose, second.pk, "needed", after(30).date())
    restricting.lift(cora, purpose, first.request_id, first.pk, "it was right")
    assert sight.restricted_among([restricted.pk]) == {restricted.pk}
    restricted.refresh_from_db()
    assert restricted.hidden_at is not None
    restricting.lift(cora, purpose, second.pk, second.items.get().pk, "not needed any more")
    restricted.refresh_from_db()
    assert restricted.hidden_at is None


def test_an_item_of_another_request_is_not_lifted_by_this_one(
    ready: Takes, cora: User, purpose: Purpose, restricted: Conversation
) -> None:
    item, other = RequestItem.objects.get(), ready(Kind.ACCESS, EMAIL)
    with pytest.raises(Refused):
        restricting.lift(cora, purpose, other.pk, item.pk, "it was right")
    assert sight.restricted_among([restricted.pk])


def test_what_goes_on_is_not_restricted_yet(cast: Cast, ready: Takes, cora: User, purpose: Purpose) -> None:
    chat = make_conversation(cast.sales_button, cast.vera, email=EMAIL[1])
    request = ready(Kind.RESTRICTION, EMAIL)
    assert restricting.restrict(cora, purpose, request.pk, "accuracy", after(30).date()) == 0
    assert conversation_for_operator(make_supervisor(), chat.ref) == chat


@pytest.mark.parametrize(("code", "days"), [("hold", 30), ("", 30), ("accuracy", 0), ("accuracy", -3)])
def test_with_a_reason_and_a_day_alone(ready: Takes, purpose: Purpose, cast: Cast, code: str, days: int) -> None:
    make_full(cast, cast.vera, files=0)
    request = ready(Kind.RESTRICTION, EMAIL)
    with pytest.raises(Refused, match="Please choose"):
        restricting.restrict(purpose.user, purpose, request.pk, code, after(days).date())
