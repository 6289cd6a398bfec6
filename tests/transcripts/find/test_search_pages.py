"""The search in the browser: what is sent, what is shown, what is written down."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import AuditEntry, User
from chatdesk.models import Conversation
from tests.factories import Cast, make_compliance, make_conversation, make_entry
from transcripts.models import AskedSearch

SCRIPT = "<script>alert(1)</script>"


def searched(browser: Client, q: str = "", **fields: object) -> str:
    """The page to which a search leads."""
    answer = browser.post("/transcripts/", {"q": q, **fields})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    page = browser.get(answer.headers["Location"])
    assert page.status_code == 200
    return page.content.decode()


def talk(cast: Cast, *texts: str, **facts: object) -> Conversation:
    made = make_conversation(cast.sales_button, **facts)  # type: ignore[arg-type]
    for text in texts:
        make_entry(made, text)
    return made


def test_words_are_marked_and_everything_is_escaped(browser: Client, cast: Cast) -> None:
    talk(cast, f"my {SCRIPT} coat is torn", name=f"V{SCRIPT}")
    page = searched(browser, "torn")
    assert "<mark>torn</mark>" in page
    assert SCRIPT not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; coat is <mark>torn</mark>" in page


def test_what_is_no_filter_is_said_on_the_page(browser: Client, cast: Cast) -> None:
    talk(cast, "the colour: red")
    page = searched(browser, "colour:red")
    assert "There is no filter of that name: “colour:red” was taken as words." in page
    assert "<strong>1 conversation</strong>" in page
    assert "no filter of that name" not in searched(browser, "colour red")
    refused = browser.post("/transcripts/", {"q": "torn NOT group:sales"})
    assert refused.status_code == 422
    assert "“group:sales” can&#x27;t be a filter here" in refused.content.decode()


def test_the_address_of_what_was_found_holds_no_words(browser: Client, cast: Cast) -> None:
    answer = browser.post("/transcripts/", {"q": "visitor:vera@example.org"})
    assert answer.headers["Location"] == f"/transcripts/found/{AskedSearch.objects.get().pk}/"


def test_counts_are_told(browser: Client, cast: Cast) -> None:
    talk(cast, "torn", "torn again")
    talk(cast, "torn")
    talk(cast, "whole")
    page = searched(browser, "torn")
    assert "<strong>2 conversations</strong>" in page
    assert "3 places where the words stand" in page


def test_the_fields_become_filters_of_the_line(browser: Client, cast: Cast) -> None:
    fields = {
        "since": "2026-01-01",
        "until": "2026-01-31",
        "zone": "Europe/Berlin",
        "group": "sales",
        "places": ["said"],
    }
    page = searched(browser, "torn", **fields, file='in"voice')
    line = AskedSearch.objects.get().query
    assert line == 'from:2026-01-01 to:2026-01-31 zone:Europe/Berlin group:sales file:"in voice" in:said torn'
    assert "from 2025-12-31 23:00, inclusive" in page
    assert "until before 2026-01-31 23:00" in page


def test_pages_go_on_by_key_and_show_each_once(browser: Client, cast: Cast) -> None:
    refs = [talk(cast, "torn").ref for _number in range(30)]
    first = searched(browser, "torn")
    number = AskedSearch.objects.get().pk
    assert 'rel="next"' in first
    rest = browser.get(
        f"/transcripts/found/{number}/?after={Conversation.objects.get(ref=refs[5]).pk}"
    ).content.decode()
    assert [ref for ref in refs if ref in first] == refs[5:]
    assert [ref for ref in refs if ref in rest] == refs[:5]
    assert 'rel="next"' not in rest


def test_the_first_page_is_what_was_counted_without_what_has_gone_since(browser: Client, cast: Cast) -> None:
    refs = [talk(cast, "torn").ref for _number in range(27)]
    searched(browser, "torn")
    later = talk(cast, "torn").ref
    Conversation.objects.filter(ref=refs[-1]).update(ref="changed")
    number = AskedSearch.objects.get().pk
    page = browser.get(f"/transcripts/found/{number}/").content.decode()
    assert later not in page
    assert "<strong>27 conversations</strong>" in page
    assert f"?after={Conversation.objects.get(ref=refs[2]).pk}" in page


@pytest.mark.parametrize("after", ["", "x", "-1", "1e9", "9" * 30, "١"])
def test_a_strange_place_to_go_on_from_is_the_beginning_or_nothing(browser: Client, cast: Cast, after: str) -> None:
    searched(browser, "")
    number = AskedSearch.objects.get().pk
    assert browser.get(f"/transcripts/found/{number}/", {"after": after}).status_code == 200


def test_searching_and_looking_are_recorded_with_the_purpose(browser: Client, cast: Cast, cora: User) -> None:
    one = talk(cast, "torn")
    searched(browser, "torn visitor:vera@example.org OR torn")
    searched(browser, "torn")
    asked = AskedSearch.objects.latest("pk")
    search = AuditEntry.objects.filter(action="transcripts.search").latest("pk")
    preview = AuditEntry.objects.filter(action="transcripts.preview").latest("pk")
    assert (search.actor_id, search.object_id, search.reason) == (cora.pk, str(asked.pk), "review of May")
    assert search.after is not None
    assert search.after["conversations"] == 1
    assert len(search.after["sha256"]) == 64
    assert preview.after is not None
    assert preview.after["shown"] == [one.pk]
    everything = str(list(AuditEntry.objects.values()))
    assert "vera@example.org" not in everything


def test_nobody_opens_the_search_of_another(browser: Client, cast: Cast) -> None:
    searched(browser, "torn")
    other = Client()
    other.force_login(make_compliance("carl"), backend="accounts.backends.UserTypeBackend")
    other.post("/transcripts/purpose/", {"reason": "curiosity"})
    assert other.get(f"/transcripts/found/{AskedSearch.objects.get().pk}/").status_code == 404
    assert browser.get(f"/transcripts/found/{2**70}/").status_code == 404


@pytest.mark.parametrize(
    ("q", "said"),
    [
        ("*", "Before a *"),
        ("a*", "Before a *"),
        ("* " * 1000, "too many words"),
        ("* " * 100, "Before a *"),
        (" ".join(f"w{n}" for n in range(100)), "too many words"),
        (" ".join(f"w{n}" for n in range(10_000)), "too long"),
        ("x" * 100_000, "too long"),
        ("(" * 100 + "a", "too many brackets"),
        ("-" * 3 + "(" * 50, "too many brackets"),
        ("from:2026-13-01", "no date"),
        ("from:2026-02-01 to:2026-01-01", "ends before it begins"),
        ("zone:../../etc/passwd", "no time zone"),
        ("zone:" + "A" * 5000, "no time zone"),
        ("channel:smoke", "not known here"),
        ("state:lost", "not known here"),
        ("from:2026-01-01 from:2026-01-02", "twice"),
    ],
)
def test_what_cannot_be_run_is_refused_in_words(browser: Client, db: None, q: str, said: str) -> None:
    """X-15, X-19, X-20."""
    answer = browser.post("/transcripts/", {"q": q})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not AskedSearch.objects.exists()


@pytest.mark.parametrize(
    "q",
    [
        "'; DROP TABLE chatdesk_entry; --",
        "torn' OR '1'='1",
        "torn & | ! <-> : ( )",
        "NEAR(torn coat, 5)",
        "body : torn",
        "^torn",
        "{torn} + [coat]",
        'torn" OR "',
        "(((torn",
        "torn)))",
        "%s %(x)s {0.__class__} {{7*7}}",
        "operator:' OR 1=1",
        'visitor:"#99999999999999999999"',
        "user__password__startswith:x",
        "group:' ref:\" hash:%",
        "ticket:#1 tag:' rating:5",
    ],
)
def test_strange_searches_are_only_words(browser: Client, cast: Cast, q: str) -> None:
    """X-10, X-19: quotes in every filter, operators of both databases, lookups."""
    talk(cast, "torn")
    searched(browser, q)
    assert Conversation.objects.count() == 1


@pytest.mark.parametrize("q", ['"""""""', "\\", "-", "NOT", "OR OR AND NOT", "😀 ﷽ \u202e"])
def test_a_search_without_a_word_is_told_so_and_finds_nothing(browser: Client, cast: Cast, q: str) -> None:
    """What is searched is exported and held, too: a slip must not mean every conversation."""
    talk(cast, "torn")
    answer = browser.post("/transcripts/", {"q": q})
    assert answer.status_code == 422
    assert "There is no word to look for in" in answer.content.decode()
    assert not AskedSearch.objects.exists()


FIELDS = ("zone", "operator", "visitor", "tag", "ticket", "file", "type", "hash")


@pytest.mark.parametrize("field", FIELDS)
def test_quotes_in_each_field_change_nothing_else(browser: Client, cast: Cast, field: str) -> None:
    """X-10."""
    talk(cast, "torn")
    answer = browser.post("/transcripts/", {"q": "torn", field: '\' OR "1"="1\' ref:x --'})
    assert answer.status_code in (302, 422)
    assert [asked.conversations for asked in AskedSearch.objects.all()] == [0] * (answer.status_code == 302)


def test_a_search_that_finds_nothing_says_so(browser: Client, cast: Cast) -> None:
    assert "Nothing was found." in searched(browser, "torn")
