"""The pages of holds, and that nobody at the desk sees one."""

from __future__ import annotations

from django.test import Client

from accounts.models import AuditEntry
from chatdesk.models import Conversation
from tests.factories import Cast, make_conversation, make_entry
from tests.transcripts.holds.conftest import Places
from transcripts.models import AskedSearch, LegalHold, Matter, Proposal

SCRIPT = "<script>alert(1)</script>"


def form(of: Matter, **given: str) -> dict[str, str]:
    return {"matter": str(of.pk), "name": "Coats", "scopes": "torn", "reason": "a lawyer asked", **given}


def test_counted_first_then_placed(browser: Client, cast: Cast, matter: Matter) -> None:
    make_entry(make_conversation(cast.sales_button), "it is torn")
    counted = browser.post("/transcripts/holds/new/", {**form(matter), "count": "1"})
    assert "It would hold now" in counted.content.decode()
    assert not LegalHold.objects.exists()
    placed = browser.post("/transcripts/holds/new/", form(matter))
    hold = LegalHold.objects.get()
    assert placed["Location"] == f"/transcripts/holds/{hold.pk}/"
    page = browser.get(placed["Location"]).content.decode()
    assert Conversation.objects.get().ref in page
    assert "Coats" in browser.get("/transcripts/holds/").content.decode()
    assert "Coats" in browser.get(f"/transcripts/matters/{matter.pk}/").content.decode()


def test_what_can_not_be_held_is_said_beside_the_field(browser: Client, matter: Matter) -> None:
    for given in ({"scopes": "from:yesterday"}, {"scopes": ""}, {"reason": "  "}, {"matter": "999"}):
        answer = browser.post("/transcripts/holds/new/", form(matter, **given))
        assert answer.status_code == 422
    assert not LegalHold.objects.exists()


def test_a_search_becomes_a_hold_and_stands_in_no_address(browser: Client, cast: Cast, matter: Matter) -> None:
    make_entry(make_conversation(cast.sales_button), "it is torn")
    browser.post("/transcripts/", {"q": "torn"})
    asked = AskedSearch.objects.latest("pk")
    found = browser.get(f"/transcripts/found/{asked.pk}/").content.decode()
    assert f"/transcripts/holds/new/?search={asked.pk}" in found
    assert "torn</textarea>" in browser.get(f"/transcripts/holds/new/?search={asked.pk}").content.decode()
    assert "torn</textarea>" not in browser.get("/transcripts/holds/new/?search=0x1").content.decode()


def test_widened_and_asked_to_be_released(browser: Client, cast: Cast, matter: Matter, places: Places) -> None:
    hold = places("torn")
    browser.post(f"/transcripts/holds/{hold.pk}/", {"scopes": "refund"})
    hold.refresh_from_db()
    assert hold.scopes == ["torn", "refund"]
    assert browser.post(f"/transcripts/holds/{hold.pk}/", {"scopes": "from:x"}).status_code == 422
    browser.post(f"/transcripts/holds/{hold.pk}/release/", {"reason": "the case is over"})
    assert Proposal.objects.get().verb == "hold.release"
    page = browser.get(f"/transcripts/holds/{hold.pk}/").content.decode()
    assert "asked for it on" in page
    waiting = browser.get("/transcripts/retention/").content.decode()
    assert "Release of a legal hold" in waiting


def test_no_hold_of_that_number(browser: Client) -> None:
    for path in ("/transcripts/holds/99/", f"/transcripts/holds/{10**30}/"):
        assert browser.get(path).status_code == 404


def test_names_are_text(browser: Client, matter: Matter, places: Places, cast: Cast) -> None:
    chat = make_conversation(cast.sales_button)
    hold = places(f"ref:{chat.ref}", name=SCRIPT)
    for path in (
        "/transcripts/holds/",
        f"/transcripts/holds/{hold.pk}/",
        f"/transcripts/matters/{matter.pk}/",
        f"/transcripts/conversations/{chat.ref}/",
    ):
        page = browser.get(path).content.decode()
        assert SCRIPT not in page
        assert "alert(1)" in page


def test_held_ones_are_found_and_marked(browser: Client, cast: Cast, places: Places) -> None:
    chat, _other = make_conversation(cast.sales_button), make_conversation(cast.sales_button)
    places(f"ref:{chat.ref}")
    browser.post("/transcripts/", {"q": "state:held"})
    page = browser.get(f"/transcripts/found/{AskedSearch.objects.latest('pk').pk}/").content.decode()
    assert chat.ref in page
    assert page.count('class="mark warn">held<') == 1
    assert AskedSearch.objects.latest("pk").conversations == 1


def test_nobody_at_the_desk_learns_of_it(cast: Cast, places: Places) -> None:
    chat = make_conversation(cast.sales_button, cast.vera, cast.alice)
    make_entry(chat, "it is torn")
    places("torn", name="Zugriff")
    client = Client()
    client.force_login(cast.alice, backend="accounts.backends.UserTypeBackend")
    for path in (f"/desk/conversations/{chat.ref}/", "/desk/", f"/desk/conversations/{chat.ref}/export/json/"):
        page = client.get(path).content.decode()
        assert "Zugriff" not in page
        assert "2026-014" not in page
    assert client.get("/transcripts/holds/").status_code == 403
    assert AuditEntry.objects.filter(action="transcripts.hold.place").count() == 1
