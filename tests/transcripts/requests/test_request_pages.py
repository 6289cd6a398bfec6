"""The pages of requests, step by step as somebody of the compliance staff goes through them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry, User
from chatdesk.models import Conversation
from tests.factories import Cast, make_admin, make_conversation
from tests.transcripts.browsers import comes_in
from tests.transcripts.requests.conftest import By, Kind, Takes
from tests.transcripts.retention.stage import MARKER, make_full, step
from transcripts.actions import holding
from transcripts.actions.exporting.running import run_due
from transcripts.actions.requesting import gate, restricting, tending
from transcripts.models import LegalHold, LogLeaf, Matter, Purpose, RequestItem, RequestRules, SubjectRequest

EMAIL = f"{MARKER}@visitor.example"
SCRIPT = "<script>alert(1)</script>"


def new(desk: Client, **given: str) -> SubjectRequest:
    form = {"kind": "erasure", "through": "mail", "received_on": gate.today().isoformat(), "emails": EMAIL, **given}
    answer = desk.post("/transcripts/requests/new/", form)
    assert answer.status_code == 302, answer.content.decode()
    return SubjectRequest.objects.latest("pk")


def act(desk: Client, request: SubjectRequest, deed: str, **given: object) -> str:
    """The page that says what came of it."""
    path = f"/transcripts/requests/{request.pk}/"
    assert desk.post(f"{path}act/", {"act": deed, **given})["Location"] == path
    return desk.get(path).content.decode()


def all_ticked() -> list[str]:
    return [str(pk) for pk in RequestItem.objects.filter(is_chosen=True).values_list("pk", flat=True)]


def test_an_erasure_from_the_first_page_to_the_log(cast: Cast, desk: Client) -> None:
    chat = make_full(cast, cast.vera)
    request = new(desk, words="everything, please")
    listed = desk.get("/transcripts/requests/").content.decode()
    assert f"/transcripts/requests/{request.pk}/" in listed
    assert "days left" in listed
    assert "check who asks" in listed
    assert "It is clear now" in act(desk, request, "prove", how="call")
    assert "The scope is confirmed" in act(desk, request, "choose", item=all_ticked(), confirm="1")
    page = desk.get(f"/transcripts/requests/{request.pk}/").content.decode()
    assert "erased, with its files" in page
    assert "can&#x27;t be brought back" in act(desk, request, "erase")
    assert RequestItem.objects.get().state == "found", "not without the word that it is meant"
    assert "Being erased: 1" in act(desk, request, "erase", sure="1")
    step(0)
    tending.tend()
    page = desk.get(f"/transcripts/requests/{request.pk}/").content.decode()
    assert "1 conversation was erased" in page
    assert "stands in the log" in act(desk, request, "answer", through="letter")
    assert not Conversation.objects.filter(pk=chat.pk).exists()
    assert LogLeaf.objects.filter(kind="request.answered").count() == 1
    letter = desk.get(f"/transcripts/requests/{request.pk}/letters/answer/")
    assert "1 conversation was erased" in letter.content.decode()
    assert letter["Content-Disposition"] == f'attachment; filename="request-{request.pk}-answer.txt"'
    assert "Answered" in desk.get("/transcripts/requests/").content.decode()


def test_a_copy_and_the_way_to_it(cast: Cast, desk: Client) -> None:
    make_full(cast, cast.vera, files=0)
    request = new(desk, kind="access")
    act(desk, request, "prove", how="link")
    act(desk, request, "choose", item=all_ticked(), confirm="1")
    assert "The copy is being made" in act(desk, request, "pack")
    request.refresh_from_db()
    assert request.export is not None
    run_due()
    page = desk.get(f"/transcripts/requests/{request.pk}/").content.decode()
    assert f"/transcripts/exports/{request.export.ref}/" in page
    assert "With this you get a copy of the 1 conversation" in page
    assert "complain" not in page, "what was asked for is done"
    act(desk, request, "answer", through="person")
    request.refresh_from_db()
    assert request.outcome == "done"


def test_a_hold_is_said_before_restricted_and_confirmed_later(
    cast: Cast, desk: Client, carl: User, purpose: Purpose, matter: Matter
) -> None:
    """C-09 as two people do it."""
    chat = make_full(cast, cast.vera)
    scopes = [f"ref:{chat.ref}"]
    hold = holding.place(carl, purpose, matter.pk, name="The coats", scopes=scopes, reason="a lawyer")
    request, his = new(desk), comes_in(carl, matter)
    act(desk, request, "prove", how="call")
    assert "a legal hold keeps it" in act(desk, request, "choose", item=all_ticked(), confirm="1")
    assert "Somebody else has to confirm" in act(desk, request, "erase", sure="1")
    assert "Restricted, because it has to be kept: 1" in act(his, request, "erase", sure="1")
    act(desk, request, "answer", through="mail")
    LegalHold.objects.filter(pk=hold.pk).update(released_at=timezone.now() - timedelta(days=31))
    tending.tend()
    assert "can be erased now" in desk.get("/transcripts/requests/").content.decode()
    assert "Being erased: 1" in act(his, request, "erase", sure="1")
    step(0)
    tending.tend()
    assert "can be erased now" not in desk.get("/transcripts/requests/").content.decode()
    assert not Conversation.objects.filter(pk=chat.pk).exists()


def test_restricted_reviewed_and_lifted(cast: Cast, desk: Client) -> None:
    make_full(cast, cast.vera, files=0)
    request = new(desk, kind="restriction")
    act(desk, request, "prove", how="call")
    act(desk, request, "choose", item=all_ticked(), confirm="1")
    assert "Please choose a day" in act(desk, request, "restrict", code="accuracy", review_on="soon")
    assert "1 conversation is restricted" in act(desk, request, "restrict", code="accuracy", review_on="2999-01-01")
    item = RequestItem.objects.get()
    assert "It stays restricted" in act(desk, request, "review", item=str(item.pk), review_on="2999-02-01")
    assert "found again as before" in act(desk, request, "lift", item=str(item.pk), reason="it was right")
    assert "not restricted any more" in act(desk, request, "lift", item=str(item.pk), reason="it was right")


def test_ticks_names_and_another_look(cast: Cast, desk: Client) -> None:
    make_conversation(cast.sales_button, cast.vera, name="Vera Vogel")
    request = new(desk, emails="", names="Vera Vogel")
    page = desk.get(f"/transcripts/requests/{request.pk}/").content.decode()
    assert "perhaps theirs" in page
    item = RequestItem.objects.get()
    assert "say why" in act(desk, request, "choose", item=str(item.pk))
    assert "Kept." in act(desk, request, "choose", item=str(item.pk), reason="she named the day")
    assert "Nothing more was found" in act(desk, request, "look")
    make_conversation(cast.sales_button, cast.walt, email="vera@home.example")
    assert "1 more conversation was found" in act(desk, request, "more", emails="vera@home.example")
    assert "no e-mail address" in act(desk, request, "more", emails="vera")


def test_longer_and_not_at_all(desk: Client) -> None:
    request = new(desk)
    assert desk.get(f"/transcripts/requests/{request.pk}/letters/longer/").status_code == 404
    assert desk.get(f"/transcripts/requests/{request.pk}/letters/answer/").status_code == 404
    assert "two months more" in act(desk, request, "extend", reason="there are very many")
    assert "very many" in desk.get(f"/transcripts/requests/{request.pk}/letters/longer/").content.decode()
    page = act(desk, request, "refuse", outcome="unknown", reason="nobody called back", through="phone")
    assert "could not tell for sure" in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"emails": ""},
        {"emails": "vera"},
        {"received_on": "2999-01-01"},
        {"received_on": ""},
        {"kind": "gold"},
        {"through": "pigeon"},
        {"emails": "a@b.example\n" * 60 + "\n".join(f"a{n}@b.example" for n in range(60))},
    ],
)
def test_what_can_not_be_taken_down_is_said(desk: Client, wrong: dict[str, str]) -> None:
    form = {"kind": "access", "through": "mail", "received_on": gate.today().isoformat(), "emails": EMAIL, **wrong}
    assert desk.post("/transcripts/requests/new/", form).status_code == 422
    assert not SubjectRequest.objects.exists()


def test_no_request_of_that_number_and_no_deed_of_that_name(desk: Client) -> None:
    for number in (99, 10**30):
        assert desk.get(f"/transcripts/requests/{number}/").status_code == 404
        assert desk.post(f"/transcripts/requests/{number}/act/", {"act": "look"}).status_code == 404
    request = new(desk)
    assert desk.post(f"/transcripts/requests/{request.pk}/act/", {"act": "burn"}).status_code == 404
    assert desk.get(f"/transcripts/requests/{request.pk}/letters/love/").status_code == 404


def test_each_reading_of_it_is_on_record(desk: Client, cora: User) -> None:
    request = new(desk, words=SCRIPT)
    page = desk.get(f"/transcripts/requests/{request.pk}/").content.decode()
    assert SCRIPT not in page
    desk.get(f"/transcripts/requests/{request.pk}/letters/received/")
    rows = AuditEntry.objects.filter(action="transcripts.request.read", actor_id=cora.pk)
    assert rows.count() == 2
    assert {row.object_name for row in rows} == {f"request {request.pk}"}


def test_beside_a_conversation_and_in_lists(cast: Cast, desk: Client, ready: Takes, purpose: Purpose) -> None:
    chat = make_full(cast, cast.vera, files=0)
    request = ready(Kind.RESTRICTION, (By.EMAIL, EMAIL))
    restricting.restrict(purpose.user, purpose, request.pk, "needed", gate.today() + timedelta(days=9))
    page = desk.get(f"/transcripts/conversations/{chat.ref}/").content.decode()
    assert f"/transcripts/requests/{request.pk}/" in page
    found = desk.post("/transcripts/", {"q": "state:restricted"}, follow=True).content.decode()
    assert re.search(r'class="mark warn">restricted<', found)
    assert "put away" not in found


def test_the_rules_are_the_admins(db: None) -> None:
    client = Client()
    client.force_login(make_admin())
    path = f"/admin/transcripts/requestrules/{RequestRules.load().pk}/change/"
    assert client.get("/admin/transcripts/requestrules/")["Location"] == path
    assert client.post(path, {"forget_days": "30", "review_days": "90"}).status_code == 302
    assert (RequestRules.load().forget_days, RequestRules.load().review_days) == (30, 90)
    assert client.get("/transcripts/requests/").status_code == 403
