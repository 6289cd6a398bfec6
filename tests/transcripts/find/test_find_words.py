"""One table of words and what they find: the same on both databases (the runner's passes run it on each)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from chatdesk.models import Conversation, Entry, File, Kind, Note
from tests.factories import Cast, make_conversation, make_entry
from transcripts.actions.finding import conversation_ids, find, hits_on
from transcripts.actions.indexing import ensure, forget
from transcripts.query import Query

TEXTS = {
    "coat": ["The coat I bought is torn", "at the left sleeve"],
    "money": ["Please refund my money", "refunds take five days"],
    "both": ["torn", "a refund would be kind, the coat was dear"],
    "mail": ["write to vera.walt@example.org about chat-desk_v2"],
    "accents": ["Déjà vu: Straße, ÄRGER, naïve, ŁÓDŹ"],
    "numbers": ["invoice 4711 of 12.50, 3½ metres, ١٢٣, A-17/b"],
    "scripts": ["привет МИР", "こんにちは世界", "مرحبا بالعالم", "नमस्ते दुनिया"],
    "markup": ["<b>bold</b> &amp; <script>alert('x')</script>", "https://www.example.com/a/b?c=d#e"],
    "apostrophe": ["don't o'clock rock'n'roll", "“quoted” – dashed… end"],
}
TABLE = [
    ("torn", "coat both"),
    ("TORN", "coat both"),
    ("tor", ""),
    ("tor*", "coat both"),
    ("torn coat", "coat both"),
    ("torn AND coat", "coat both"),
    ('"coat torn"', ""),
    ('"coat i bought"', "coat"),
    ('"torn at"', ""),  # a phrase stands in one message
    ("torn refund", "both"),
    ("torn OR refund", "coat money both"),
    ("torn -refund", "coat"),
    ("torn NOT refund", "coat"),
    ("NOT (torn OR refund) in:said", "mail accents numbers scripts markup apostrophe"),
    ("refund*", "money both"),
    ("refunds", "money"),
    ("(torn OR money) -coat", "money"),
    ("torn OR money -coat", "coat both money"),
    ('"refund my mon"*', "money"),
    ("vera.walt@example.org", "mail"),
    ("vera", "mail"),
    ("example", "mail markup"),
    ("chat-desk", "mail"),
    ("desk_v2", "mail"),
    ("v2", "mail"),
    ("déjà", "accents"),
    ("deja", ""),
    ("straße", "accents"),
    ("strasse", ""),
    ("ärger", "accents"),
    ("łódź", "accents"),
    ("4711", "numbers"),
    ("471*", "numbers"),
    ("12.50", "numbers"),
    ("12", "numbers"),
    ("١٢٣", "numbers"),
    ("a-17/b", "numbers"),
    ("мир", "scripts"),
    ("ПРИВЕТ", "scripts"),
    ("こんにちは*", "scripts"),
    ("مرحبا", "scripts"),
    ("नमस्ते", "scripts"),
    ("bold", "markup"),
    ("amp", "markup"),
    ("script", "markup"),
    ("www.example.com", "markup"),
    ("don't", "apostrophe"),
    ("don", "apostrophe"),
    ("rock'n'roll", "apostrophe"),
    ("quoted", "apostrophe"),
    ("dashed end", "apostrophe"),
    ("nothingofthekind", ""),
    ("-torn -refund -vera -straße -4711 -мир -bold", "apostrophe"),
]


def names(text: str) -> set[str]:
    return {each.name for each in conversation_ids(Query.parse(text))}


@pytest.fixture
def talks(cast: Cast) -> dict[str, Conversation]:
    made = {name: make_conversation(cast.sales_button, name=name) for name in TEXTS}
    for name, texts in TEXTS.items():
        for text in texts:
            make_entry(made[name], text)
    return made


def test_each_line_finds_what_the_table_says(talks: dict[str, Conversation]) -> None:
    """One set-up for all of it: the rows are the test."""
    found = {text: " ".join(sorted(names(text))) for text, _wanted in TABLE}
    assert found == {text: " ".join(sorted(wanted.split())) for text, wanted in TABLE}


def test_page_count_and_ids_agree(talks: dict[str, Conversation]) -> None:
    for text, wanted in TABLE:
        found = find(Query.parse(text))
        assert len(found.conversations(limit=100)) == found.count() == len(wanted.split()), text


def test_each_conversation_is_found_once_and_each_text_counted(talks: dict[str, Conversation]) -> None:
    for number in range(5):
        make_entry(talks["coat"], f"torn {number}")
    counts = find(Query.parse("torn")).counts()
    assert (counts.conversations, counts.texts) == (2, 7)
    assert find(Query.parse("torn -refund")).counts().texts == 6
    assert find(Query.parse("")).counts().conversations == len(TEXTS)


def test_notes_file_names_and_answers_are_found_where_they_stand(talks: dict[str, Conversation], cast: Cast) -> None:
    coat, money = talks["coat"], talks["money"]
    Note.objects.create(conversation=coat, number=1, author=cast.alice, body="ask Gertrude", after_seq=1, client_id="1")
    facts = {"media_type": "application/pdf", "size": 1, "sha256": "0" * 64, "state": File.State.STORED}
    File.objects.create(conversation=money, name="Gertrude-invoice.pdf", **facts)
    Conversation.objects.filter(pk=talks["both"].pk).update(question="Gertrude?")
    assert names("gertrude") == {"coat", "money", "both"}
    assert names("gertrude in:notes") == {"coat"}
    assert names("gertrude in:files") == {"money"}
    assert names("gertrude in:forms in:notes") == {"both", "coat"}
    assert names("gertrude in:said") == set()
    hits = hits_on([coat.pk, money.pk], Query.parse("gertrude"))
    assert [(hit.place, hit.number) for hit in hits[coat.pk]] == [("notes", 1)]
    assert "".join(piece.text for piece in hits[money.pk][0].excerpt) == "Gertrude-invoice.pdf"


def test_that_somebody_joined_is_nothing_they_said(talks: dict[str, Conversation]) -> None:
    make_entry(talks["coat"], "Gertrude joined the conversation.", kind=Kind.JOIN)
    make_entry(talks["money"], "Gertrude looks something up.", kind=Kind.NOTICE)
    assert names("gertrude") == {"money"}


def test_a_text_that_is_changed_or_gone_is_no_longer_found(talks: dict[str, Conversation]) -> None:
    Entry.objects.filter(conversation=talks["coat"]).update(body="Deleted.")
    assert names("torn") == {"both"}
    assert names("deleted") == {"coat"}
    Entry.objects.filter(conversation=talks["both"]).delete()
    assert names("torn") == set()
    forget()
    assert names("deleted") == {"coat"}


def test_a_very_long_text_is_stored_and_found_by_its_beginning(talks: dict[str, Conversation]) -> None:
    many = " ".join(f"w{number:06}" for number in range(300_000))
    make_entry(talks["coat"], many)
    assert names("w000001") == {"coat"}


def test_texts_from_before_the_index_are_in_it(talks: dict[str, Conversation]) -> None:
    assert ensure() == []


def test_days_are_inclusive_in_the_zone_that_is_named(cast: Cast) -> None:
    made = make_conversation(cast.sales_button, name="late")
    moment = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)  # the first of February in Berlin
    Conversation.objects.filter(pk=made.pk).update(created_at=moment, last_at=moment)
    assert names("to:2026-01-31") == {"late"}
    assert names("to:2026-01-31 zone:Europe/Berlin") == set()
    assert names("from:2026-02-01") == set()
    assert names("from:2026-02-01 zone:Europe/Berlin") == {"late"}
    assert names("from:2026-01-31 to:2026-01-31") == {"late"}
    assert names("to:2026-01-31T23:30") == {"late"}
    assert names("to:2026-01-31T23:29") == set()
    assert names("from:2026-01-31T23:30") == {"late"}


def test_it_went_on_within_the_days(cast: Cast) -> None:
    made = make_conversation(cast.sales_button, name="long")
    Conversation.objects.filter(pk=made.pk).update(
        created_at=datetime(2026, 1, 1, tzinfo=UTC), last_at=datetime(2026, 3, 1, tzinfo=UTC)
    )
    assert names("from:2026-02-01 to:2026-02-02") == {"long"}
    assert names("from:2026-03-02") == names("to:2025-12-31") == set()
    assert timezone.is_aware(Conversation.objects.get(pk=made.pk).last_at)
