"""The pages of exports: the list, the form, one export, and what people press there."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from tests.factories import Cast, make_compliance
from tests.transcripts.exporting.archive import talked
from transcripts.actions.exporting.running import run_due
from transcripts.models import AskedSearch, Export, ExportRules, ExportState, Matter

ASKED = {"query": "", "formats": ["jsonl"], "profile": "full", "volume_mb": "100"}


def signed_in(user: User) -> Client:
    browser = Client()
    browser.force_login(user, backend="accounts.backends.UserTypeBackend")
    matter = Matter.objects.get_or_create(number="2026-1", defaults={"name": "Case", "created_by": user})[0]
    browser.post("/transcripts/purpose/", {"matter": matter.pk, "reason": "", "next": "/transcripts/"})
    return browser


def text(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


def test_an_export_is_asked_for_seen_and_confirmed(cast: Cast, cora: User) -> None:
    talked(cast, "what was said")
    browser = signed_in(cora)
    assert "Nothing was exported yet." in text(browser, "/transcripts/exports/")
    answer = browser.post("/transcripts/exports/", ASKED)
    export = Export.objects.get()
    page = f"/transcripts/exports/{export.ref}/"
    assert (answer.status_code, answer.headers["Location"]) == (302, page)
    assert export.matter is not None
    assert (export.matter.number, export.requested_by) == ("2026-1", cora)
    assert "hx-get" in text(browser, page)
    run_due()
    done = text(browser, page)
    assert "VOL001" in done
    assert f"{page}volumes/1/" in done
    assert "hx-get" not in text(browser, f"{page}progress/")
    export.refresh_from_db()
    browser.post(f"{page}act/", {"act": "acknowledge", "manifest": export.manifest_sha256})
    assert "confirmed it on" in text(browser, page)


def test_only_a_second_person_sees_the_press_to_approve(cast: Cast, cora: User) -> None:
    ExportRules.load()
    ExportRules.objects.update(approve_above=0)
    talked(cast, "what was said")
    browser, other = signed_in(cora), signed_in(make_compliance("carl"))
    browser.post("/transcripts/exports/", ASKED)
    run_due()
    export = Export.objects.get()
    page = f"/transcripts/exports/{export.ref}/"
    assert 'value="approve"' not in text(browser, page)
    assert "nobody approves what they asked for" in text(browser, page)
    browser.post(f"{page}act/", {"act": "approve"})
    export.refresh_from_db()
    assert export.state == ExportState.WAITING
    assert 'value="approve"' in text(other, page)
    other.post(f"{page}act/", {"act": "approve"})
    run_due()
    export.refresh_from_db()
    assert export.state == ExportState.DONE
    assert "volumes/1/" not in text(other, page)


@pytest.mark.parametrize(
    "wrong",
    [
        {"formats": []},
        {"formats": ["docx"]},
        {"query": "from:2026-99-99"},
        {"profile": "training"},
        {"volume_mb": "0"},
        {"bates_prefix": "a b"},
        {"profile": "<script>"},
    ],
)
def test_what_cannot_be_done_is_said_beside_the_form(cora: User, wrong: dict[str, object]) -> None:
    answer = signed_in(cora).post("/transcripts/exports/", {**ASKED, **wrong})
    assert answer.status_code == 422
    assert not Export.objects.exists()
    assert "<script>alert" not in answer.content.decode()


def test_what_is_not_there_is_not_there(cora: User) -> None:
    browser = signed_in(cora)
    for path in ("x/", "x/progress/", "x/act/", "x/volumes/1/"):
        assert browser.get(f"/transcripts/exports/{path}").status_code == 404
    browser.post("/transcripts/exports/", ASKED)
    ref = Export.objects.get().ref
    assert browser.get(f"/transcripts/exports/{ref}/volumes/7/").status_code == 404
    assert browser.post(f"/transcripts/exports/{ref}/act/", {"act": "explode"}).status_code == 404


def test_a_running_one_is_paused_cancelled_and_says_so(cora: User) -> None:
    browser = signed_in(cora)
    browser.post("/transcripts/exports/", ASKED)
    Export.objects.update(state=ExportState.RUNNING)
    page = f"/transcripts/exports/{Export.objects.get().ref}/"
    browser.post(f"{page}act/", {"act": "pause"})
    assert "will pause" in text(browser, page)
    browser.post(f"{page}act/", {"act": "resume"})
    assert "will pause" not in text(browser, page)
    browser.post(f"{page}act/", {"act": "cancel"})
    assert "will stop" in text(browser, page)


def test_no_words_of_a_visitor_stand_on_these_pages(cast: Cast, cora: User) -> None:
    talked(cast, "marker-text", name="marker-name", email="marker@shop.example", files=1, note="marker-note")
    browser = signed_in(cora)
    browser.post("/transcripts/exports/", ASKED)
    run_due()
    page = f"/transcripts/exports/{Export.objects.get().ref}/"
    assert "marker" not in text(browser, page) + text(browser, "/transcripts/exports/")


def test_what_a_search_found_leads_to_its_export(cast: Cast, cora: User) -> None:
    talked(cast, "torn coat")
    browser = signed_in(cora)
    found = browser.post("/transcripts/", {"q": "group:sales torn"}, follow=True).content.decode()
    number = AskedSearch.objects.latest("pk").pk
    assert f'href="/transcripts/exports/?asked={number}"' in found
    assert 'value="group:sales torn"' in text(browser, f"/transcripts/exports/?asked={number}")
    other = signed_in(make_compliance("carl"))
    for unknown in (str(number), "x", "9" * 30, "-1", "0"):
        assert "group:sales torn" not in text(other, f"/transcripts/exports/?asked={unknown}")
