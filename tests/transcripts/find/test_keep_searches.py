"""Matters, searches in versions, and reports on what they hit."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from accounts.models import AuditEntry, User
from tests.factories import Cast, make_compliance, make_conversation, make_entry
from transcripts.models import AskedSearch, Matter, SavedSearch

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def matter(browser: Client) -> Matter:
    browser.post("/transcripts/matters/", {"number": "2026-014", "name": f"Coats {SCRIPT}", "note": SCRIPT})
    return Matter.objects.get()


@pytest.fixture
def coats(cast: Cast) -> None:
    for texts in (["torn", "torn refund"], ["refund"], ["whole"]):
        made = make_conversation(cast.sales_button)
        for text in texts:
            make_entry(made, text)


def ask(browser: Client, q: str) -> AskedSearch:
    browser.post("/transcripts/", {"q": q})
    return AskedSearch.objects.latest("pk")


def keep(browser: Client, matter: Matter, q: str, name: str = "Coats") -> SavedSearch:
    asked = ask(browser, q)
    browser.post(f"/transcripts/found/{asked.pk}/keep/", {"matter": matter.pk, "name": name})
    return SavedSearch.objects.latest("pk")


def test_a_matter_is_opened_once_for_each_number(browser: Client, matter: Matter, cora: User) -> None:
    assert (matter.number, matter.created_by) == ("2026-014", cora)
    again = browser.post("/transcripts/matters/", {"number": "2026-014", "name": "Another"})
    assert again.status_code == 422
    assert "already" in again.content.decode()
    assert Matter.objects.count() == 1
    assert AuditEntry.objects.get(action="transcripts.matter.open").object_name == "2026-014"
    for page in ("/transcripts/matters/", f"/transcripts/matters/{matter.pk}/"):
        assert SCRIPT not in browser.get(page).content.decode()


def test_closed_and_opened_again(browser: Client, matter: Matter) -> None:
    browser.post(f"/transcripts/matters/{matter.pk}/change/")
    browser.post(f"/transcripts/matters/{matter.pk}/change/")
    assert Matter.objects.filter(closed_at__isnull=False).count() == 1
    browser.post(f"/transcripts/matters/{matter.pk}/change/", {"reopen": "1"})
    matter.refresh_from_db()
    assert matter.closed_at is None
    told = AuditEntry.objects.filter(action__startswith="transcripts.matter.").order_by("pk")
    assert [row.action.rpartition(".")[2] for row in told] == ["open", "close", "reopen"]


def test_a_look_changes_nothing(browser: Client, matter: Matter) -> None:
    assert browser.get(f"/transcripts/matters/{matter.pk}/change/").status_code == 302
    matter.refresh_from_db()
    assert matter.closed_at is None


def test_a_kept_search_keeps_the_numbers_of_then(browser: Client, matter: Matter, coats: None, cast: Cast) -> None:
    saved = keep(browser, matter, "torn OR refund")
    assert (saved.version, saved.query, saved.conversations, saved.texts) == (1, "torn OR refund", 2, 3)
    make_entry(make_conversation(cast.sales_button), "refund")
    page = browser.get(f"/transcripts/matters/{matter.pk}/?now=1").content.decode()
    assert '<td>2 <span class="soft">(3)</span></td><td>3 <span class="soft">(4)</span></td>' in page


def test_the_same_name_is_the_next_version(browser: Client, matter: Matter, coats: None) -> None:
    first, second = keep(browser, matter, "torn"), keep(browser, matter, "torn OR refund")
    assert (first.version, second.version) == (1, 2)
    first.refresh_from_db()
    assert first.query == "torn"
    assert keep(browser, matter, "torn", "Another").version == 1


def test_under_a_closed_matter_nothing_is_kept(browser: Client, matter: Matter, coats: None) -> None:
    asked = ask(browser, "torn")
    browser.post(f"/transcripts/matters/{matter.pk}/change/")
    answer = browser.post(f"/transcripts/found/{asked.pk}/keep/", {"matter": matter.pk, "name": "x"}, follow=True)
    assert "This matter is closed." in answer.content.decode()
    assert not SavedSearch.objects.exists()


@pytest.mark.parametrize(
    "fields", [{}, {"matter": "x", "name": "a"}, {"matter": "9" * 30, "name": "a"}, {"matter": "1"}]
)
def test_what_names_no_matter_keeps_nothing(browser: Client, coats: None, fields: dict[str, str]) -> None:
    asked = ask(browser, "torn")
    assert browser.post(f"/transcripts/found/{asked.pk}/keep/", fields).status_code == 302
    assert not SavedSearch.objects.exists()


def test_nobody_keeps_the_search_of_another(browser: Client, matter: Matter, coats: None) -> None:
    asked = ask(browser, "torn")
    other = Client()
    other.force_login(make_compliance("carl"), backend="accounts.backends.UserTypeBackend")
    other.post("/transcripts/purpose/", {"reason": "curiosity"})
    assert other.post(f"/transcripts/found/{asked.pk}/keep/", {"matter": matter.pk, "name": "x"}).status_code == 404


def test_run_again_it_is_a_search_of_ones_own(browser: Client, matter: Matter, coats: None) -> None:
    saved = keep(browser, matter, "torn")
    answer = browser.post(f"/transcripts/searches/{saved.pk}/run/")
    asked = AskedSearch.objects.latest("pk")
    assert answer.headers["Location"] == f"/transcripts/found/{asked.pk}/"
    assert (asked.query, asked.conversations) == ("torn", 1)
    assert browser.get(f"/transcripts/searches/{saved.pk}/run/").status_code == 302
    assert AskedSearch.objects.latest("pk") == asked


def test_a_search_that_means_nothing_any_more_says_so(browser: Client, matter: Matter, coats: None) -> None:
    saved = keep(browser, matter, "torn")
    SavedSearch.objects.update(query="channel:telex")
    assert "not known here" in browser.get(f"/transcripts/matters/{matter.pk}/?now=1").content.decode()
    assert "not known here" in browser.post(f"/transcripts/searches/{saved.pk}/run/", follow=True).content.decode()


def test_the_report_counts_each_term_and_what_it_alone_finds(browser: Client, matter: Matter, coats: None) -> None:
    saved = keep(browser, matter, "torn OR refund -whole")
    answer = browser.get(f"/transcripts/searches/{saved.pk}/report/?form=csv")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert rows == [
        ["term", "conversations", "texts", "only_by_this_term"],
        ["torn OR (refund -whole)", "2", "3", "0"],
        ["torn", "1", "2", "0"],
        ["refund", "2", "2", "1"],
    ]
    page = browser.get(f"/transcripts/searches/{saved.pk}/report/").content.decode()
    assert "the whole search" in page
    assert AuditEntry.objects.filter(action="transcripts.report").count() == 2


def test_no_line_of_the_report_is_a_formula(browser: Client, matter: Matter, coats: None) -> None:
    """X-05."""
    saved = keep(browser, matter, "-torn")
    rows = list(
        csv.reader(io.StringIO(browser.get(f"/transcripts/searches/{saved.pk}/report/?form=csv").content.decode()))
    )
    assert rows[1][0] == "'-torn"


def test_the_trail_shows_who_read_what_and_for_what(browser: Client, matter: Matter, coats: None) -> None:
    browser.get(f"/transcripts/found/{ask(browser, 'torn').pk}/")
    page = browser.get("/transcripts/readings/").content.decode()
    for words in (
        "searched the transcripts",
        "looked at what a search found",
        "opened a matter",
        "review of May",
        "torn",
    ):
        assert words in page


def test_the_trail_is_narrowed_to_a_person_or_a_matter(browser: Client, matter: Matter, coats: None) -> None:
    carl, other = make_compliance("carl"), Client()
    other.force_login(carl, backend="accounts.backends.UserTypeBackend")
    other.post("/transcripts/purpose/", {"matter": matter.pk})
    ask(other, "whole")
    for path in (f"?person={carl.pk}", f"?matter={matter.pk}"):
        page = browser.get(f"/transcripts/readings/{path}").content.decode()
        assert "<bdi>whole</bdi>" in page
        assert "opened a matter" not in page.partition("<tbody>")[2]


@pytest.mark.parametrize("query", ["person=x", "matter=-1", "before=9" * 9, "person=" + "9" * 40])
def test_the_trail_bears_strange_filters(browser: Client, query: str) -> None:
    assert browser.get(f"/transcripts/readings/?{query}").status_code == 200


def test_the_trail_has_pages(browser: Client, matter: Matter, cora: User) -> None:
    AuditEntry.objects.bulk_create(
        AuditEntry(action="transcripts.read", actor_id=cora.pk, object_name=f"old {n}") for n in range(120)
    )
    first = browser.get("/transcripts/readings/").content.decode()
    assert "old 119" in first
    assert "old 5<" not in first
    before = AuditEntry.objects.get(object_name="old 20").pk
    assert "old 5<" in browser.get(f"/transcripts/readings/?before={before}").content.decode()


@pytest.mark.parametrize("path", ["matters/99/", "searches/99/report/", f"matters/{2**70}/", f"searches/{2**70}/run/"])
def test_what_is_not_there_is_not_found(browser: Client, path: str) -> None:
    assert browser.get(f"/transcripts/{path}").status_code == 404
