"""C-13: a conversation of ten thousand entries, one of none, and texts that run from right to left or hide signs."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from chatdesk.actions.conversations import close_by_visitor
from chatdesk.models import Conversation, Entry, Kind, Participant
from routing.models import Group
from tests.factories import Cast, make_conversation, make_entry, make_participant
from tests.transcripts.exporting.archive import exported, records, talked
from transcripts.actions import recording
from transcripts.actions.checking import check
from transcripts.actions.reading import PAGE
from transcripts.models import AskedSearch, Record

MANY = 10_000
NUMBER = re.compile(r'id="record-(\d+)"')
NEXT = re.compile(r'rel="next" href="[^"]*\?after=(\d+)"')


def page_of(desk: Client, chat: Conversation, more: str = "") -> str:
    answer = desk.get(f"/transcripts/conversations/{chat.ref}/{more}")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def long(cast: Cast) -> Conversation:
    """Ten thousand messages, put in as an import would, and recorded late."""
    chat = make_conversation(cast.sales_button, cast.vera, cast.alice, name="Vera")
    people = [make_participant(chat), make_participant(chat, cast.alice)]
    begin = timezone.now() - timedelta(days=1)
    Entry.objects.bulk_create(
        Entry(
            conversation=chat, seq=seq, kind=Kind.MESSAGE, body=f"line {seq:05}", participant=people[seq % 2],
            client_id=f"c{seq}", at=begin + timedelta(seconds=seq),
        )
        for seq in range(1, MANY + 1)
    )  # fmt: skip
    Conversation.objects.filter(pk=chat.pk).update(last_seq=MANY, last_at=timezone.now())
    recording.begin(chat.pk)
    close_by_visitor(chat.pk)
    chat.refresh_from_db()
    return chat


def test_ten_thousand_entries_are_recorded_read_searched_and_exported_whole(
    desk: Client, long: Conversation, cora: User
) -> None:
    assert check(long) is None
    with CaptureQueriesContext(connection) as first:
        begins = page_of(desk, long)
    assert [int(each) for each in NUMBER.findall(begins)] == list(range(1, PAGE + 1))
    last = Record.objects.filter(conversation=long).latest("number").number
    assert last > MANY
    with CaptureQueriesContext(connection) as later:
        ends = page_of(desk, long, f"?after={last - 5}")
    assert [int(each) for each in NUMBER.findall(ends)] == list(range(last - 4, last + 1))
    assert len(later) <= len(first) + 2, "a page costs the same wherever it stands"
    assert 'rel="next"' not in ends
    desk.post("/transcripts/", {"q": '"line 09999"'})
    assert AskedSearch.objects.latest("pk").conversations == 1
    made = exported(cora, query=f"ref:{long.ref}")
    numbers = [each["frame"]["number"] for each in records(made)]
    assert numbers == list(range(1, last + 1))


def test_page_after_page_shows_each_record_once(desk: Client, cast: Cast) -> None:
    chat = make_conversation(cast.sales_button)
    for number in range(2 * PAGE + 10):
        make_entry(chat, f"line {number}")
    recording.begin(chat.pk)
    shown: list[int] = []
    after = "0"
    while after:
        page = page_of(desk, chat, f"?after={after}")
        shown += [int(each) for each in NUMBER.findall(page)]
        found = NEXT.search(page)
        after = found[1] if found else ""
    assert shown == list(Record.objects.filter(conversation=chat).order_by("number").values_list("number", flat=True))


def test_beyond_the_last_record_nothing_stands(desk: Client, cast: Cast) -> None:
    chat = talked(cast, "torn")
    for after in ("9999", "9" * 18):
        page = page_of(desk, chat, f"?after={after}")
        assert "Nothing was said." in page
        assert "To the beginning" in page


def test_a_conversation_of_nothing_is_read_and_exported(desk: Client, cast: Cast, cora: User) -> None:
    chat = make_conversation(cast.sales_button, closed=True)
    recording.begin(chat.pk)
    assert "Nothing was said." in page_of(desk, chat) or NUMBER.search(page_of(desk, chat))
    made = exported(cora, query=f"ref:{chat.ref}", formats=["jsonl", "csv", "html", "eml"])
    assert (made.conversations, made.failure) == (1, "")


def test_who_is_gone_and_what_was_renamed_stand_as_they_were(desk: Client, cast: Cast) -> None:
    chat = talked(cast, "torn", name="Vera")
    User.objects.filter(pk=cast.alice.pk).update(display_name="", is_active=False, email="gone-1@desk.example")
    Group.objects.filter(pk=cast.sales.pk).update(name="Returns")
    Participant.objects.filter(conversation=chat, user=None).update(name="")
    page = page_of(desk, chat)
    assert "<bdi>Alice</bdi>" in page
    assert "Returns" in page
    assert "gone-1@desk.example" not in page


HIDDEN = {
    "override": "exe\u202egnp.tnemyap",
    "isolate": "a\u2066b\u2069c",
    "zero width": "pay\u200bment",
    "tag signs": "x\U000e0041\U000e0042",
    "embedding": "\u202aa\u202bb\u202c",
    "first strong": "\u2068a\u2067b",
}


@pytest.mark.parametrize("text", HIDDEN.values(), ids=list(HIDDEN))
def test_signs_that_turn_a_line_around_are_shown_or_kept_apart(desk: Client, cast: Cast, text: str) -> None:
    """A name or a file that looks like another: each stands alone in its direction, and overrides are seen."""
    chat = talked(cast, text, name=text[:40])
    page = page_of(desk, chat)
    body = page.partition("<h1>")[2]
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", body)
    assert 'dir="auto"' in body


@pytest.mark.parametrize("words", ["المعطف ممزق", "המעיל קרוע", "پالتو پاره است", "कोट फटा है", "コートが破れた"])
def test_every_script_is_found_and_marked(desk: Client, cast: Cast, words: str) -> None:
    chat = talked(cast, f"{words} zibeline", name=words)
    first = words.split(maxsplit=1)[0]
    asked = first if len(words.split()) > 1 else f"{first[:3]}*"
    answer = desk.post("/transcripts/", {"q": asked}, follow=True)
    page = answer.content.decode()
    assert chat.ref in page
    assert "<mark>" in page
    number = AskedSearch.objects.latest("pk").pk
    assert "<mark>" in page_of(desk, chat, f"?found={number}")


@pytest.mark.parametrize("language", ["ar", "de", "xx", "../../etc/passwd", "a" * 5000])
def test_each_language_of_a_browser_gets_the_page(desk: Client, cast: Cast, language: str) -> None:
    """X-20."""
    chat = talked(cast, "torn")
    answer = desk.get(f"/transcripts/conversations/{chat.ref}/", headers={"Accept-Language": language})
    assert answer.status_code == 200
    found = re.search(r'<html[^>]* dir="(\w+)"', answer.content.decode())
    assert found is not None
    assert found[1] == ("rtl" if language == "ar" else "ltr")
