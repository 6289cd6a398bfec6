"""Queries as lines of text: what a line means, and that writing it out means the same again. No database."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from transcripts.excerpts import LENGTH, Piece, excerpt, marked
from transcripts.query import CHANNELS, PLACES, STATES, Query
from transcripts.words import All, AnyOf, Node, Not, Term, Unclear, parse, terms, tokens

WORDS = some.text("abcxyzäßλ", min_size=2, max_size=6).map(str.lower).filter(lambda word: tokens(word) == [word])
TERMS = some.builds(Term, some.lists(WORDS, min_size=1, max_size=3).map(tuple), some.booleans())
VALUES = some.text("abc '(){}|&!:*-äß.@#%", min_size=1, max_size=12).map(lambda text: " ".join(text.split()))
LISTS = some.lists(VALUES.filter(bool), max_size=2, unique=True).map(tuple)
MINUTES = some.datetimes(timezones=some.none()).filter(lambda moment: 1990 < moment.year < 2090)
DAYS = some.dates(date(1990, 1, 1), date(2090, 1, 1)) | MINUTES.map(
    lambda moment: moment.replace(second=0, microsecond=0)
)


def nodes(inside: some.SearchStrategy[Node]) -> some.SearchStrategy[Node]:
    several = some.lists(inside, min_size=2, max_size=3).map(tuple)
    return some.builds(All, several) | some.builds(AnyOf, several) | some.builds(Not, inside)


TREES: some.SearchStrategy[Node] = some.recursive(TERMS, nodes, max_leaves=8)
QUERIES = some.builds(
    Query,
    words=some.none() | TREES.map(lambda node: parse(str(node))),
    operators=LISTS,
    visitors=LISTS,
    since=some.none() | DAYS,
    zone=some.sampled_from(["UTC", "Europe/Berlin", "Asia/Tokyo"]),
    groups=LISTS,
    channels=some.lists(some.sampled_from(CHANNELS), max_size=2, unique=True).map(tuple),
    states=some.lists(some.sampled_from(STATES), max_size=2, unique=True).map(tuple),
    places=some.lists(some.sampled_from(PLACES), max_size=2, unique=True).map(tuple),
    files=LISTS,
    refs=LISTS,
)


@given(QUERIES)
def test_a_query_survives_being_written_out(query: Query) -> None:
    assert Query.parse(query.to_text()) == query


@given(some.text(max_size=200))
def test_any_text_is_a_search_or_refused_in_words(text: str) -> None:
    try:
        query = Query.parse(text)
    except Unclear as unclear:
        said = str(unclear)
    else:
        said = "." * (Query.parse(query.to_text()) == query)
    assert said.endswith(".")


@given(some.text('()"-* ORANDNOTab', max_size=60))
def test_any_mix_of_signs_means_something_or_is_refused(text: str) -> None:
    """X-19."""
    try:
        node = parse(text)
    except Unclear:
        return
    assert parse(str(node or "")) == node


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("a1 b1", All((Term(("a1",)), Term(("b1",))))),
        ("a1 OR b1 c1", AnyOf((Term(("a1",)), All((Term(("b1",)), Term(("c1",))))))),
        ('-"a1 b1"', Not(Term(("a1", "b1")))),
        ("NOT NOT a1", Term(("a1",))),
        ("((a1", Term(("a1",))),
        ("a1) b1", All((Term(("a1",)), Term(("b1",))))),
        ('"a1 b1', Term(("a1", "b1"))),
        ("a1*", Term(("a1",), is_prefix=True)),
        ('"x1 a1"*', Term(("x1", "a1"), is_prefix=True)),
        ("e-mail@x.y", Term(("e", "mail", "x", "y"))),
        ("", None),
        ("... !!", None),
        ("OR AND NOT", None),
    ],
)
def test_what_a_line_means(line: str, meant: Node | None) -> None:
    assert parse(line) == meant


def test_filters_go_out_of_the_words_and_what_only_looks_like_one_stays() -> None:
    query = Query.parse('operator:"Ada L" torn operator:bob http://x.y note:this in:notes')
    assert query.operators == ("Ada L", "bob")
    assert query.places == ("notes",)
    assert str(query.words) == 'torn "http x y" note:this'


@pytest.mark.parametrize(
    ("line", "told", "meant"),
    [
        ("colour:red torn", ["colour:red"], ("colour", "red")),
        ("torn -colour:red", ["colour:red"], ("colour", "red")),
        ("(colour:re* OR torn) colour:re*", ["colour:re*"], ("colour", "re")),
        ("Colour: red", ["Colour:"], ("colour",)),
    ],
)
def test_a_filter_of_no_known_name_is_told_wherever_it_is_kept(
    line: str, told: list[str], meant: tuple[str, ...]
) -> None:
    query = Query.parse(line)
    assert query.taken_as_words == told
    kept = Query.parse(query.to_text())
    assert (kept, kept.taken_as_words) == (query, told)
    assert meant in [term.words for term in [*terms(query.words), *terms(query.words, negated=True)]]


@pytest.mark.parametrize("line", ["14:30", "https://x.example", '"colour:red"', "x"])
def test_times_links_and_quotes_look_like_no_filter(line: str) -> None:
    assert Query.parse(line).taken_as_words == []


ODD = ["- group:sales", "torn  NOT \n  group:sales", "NOT from:2026-01-01 torn", "x (NOT group:sales) y"]


@pytest.mark.parametrize(
    "line", ["-group:sales torn", "(group:sales OR torn)", "torn NOT GROUP:sales", "group: sales", *ODD]
)
def test_a_filter_where_none_can_be_is_refused_and_not_taken_for_words(line: str) -> None:
    with pytest.raises(Unclear, match="can't be a filter here"):
        Query.parse(line)


@pytest.mark.parametrize(
    "line", ['torn "group: sales"', '"is in group:sales now"', '"torn group:sales', '"NOT group:a"']
)
def test_what_stands_in_quotes_is_no_filter(line: str) -> None:
    query = Query.parse(line)
    assert (query.groups, query.taken_as_words) == ((), [])
    assert "group" in str(query.words)


def test_bounds_are_moments_of_the_zone() -> None:
    query = Query.parse("from:2026-03-29 to:2026-03-29 zone:Europe/Berlin")  # a day of 23 hours
    assert query.starts() == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert query.ends() == datetime(2026, 3, 29, 22, tzinfo=UTC)
    assert Query.parse("x").starts() is Query.parse("x").ends() is None


@pytest.mark.parametrize(
    "line", ["from:0001-01-01 zone:Asia/Tokyo", "to:9999-12-31", "to:9999-12-31 zone:America/New_York"]
)
def test_the_first_and_the_last_day_of_all(line: str) -> None:
    query = Query.parse(line)
    assert query.starts() or query.ends()


def test_only_what_is_not_excluded_is_marked() -> None:
    assert list(terms(parse("a1 -b1 OR -(c1 -d1)"))) == [Term(("a1",)), Term(("d1",))]


def test_empty_is_what_asks_for_nothing() -> None:
    assert Query.parse("  zone:Europe/Berlin ").is_empty
    assert not Query.parse("x1").is_empty


def test_marks_do_not_change_the_text() -> None:
    text = "The COAT, the coat's torn-coat; coats"
    pieces = marked(text, list(terms(parse('coat OR "torn coat"'))))
    assert "".join(piece.text for piece in pieces) == text
    assert [piece.text for piece in pieces if piece.is_marked] == ["COAT", "coat", "torn-coat"]


def test_a_prefix_marks_the_whole_word() -> None:
    assert Piece("refunds", is_marked=True) in marked("two refunds", list(terms(parse("ref*"))))


@given(some.text(max_size=2000))
def test_an_excerpt_is_short_and_of_one_line(text: str) -> None:
    shown = "".join(piece.text for piece in excerpt(text, [Term(("a",))]))
    assert len(shown) <= LENGTH + 2
    assert "\n" not in shown


def test_an_excerpt_shows_the_first_place() -> None:
    shown = excerpt("x " * 500 + "the coat is torn " + "y " * 500, [Term(("torn",))])
    assert shown[0].text.startswith("…")
    assert Piece("torn", is_marked=True) in shown
    assert shown[-1].text.endswith("…")


@pytest.mark.parametrize("text", ["(((", "-", "OR", "group:sales ???", "NOT AND"])
def test_what_holds_no_word_is_not_taken_for_every_conversation(text: str) -> None:
    with pytest.raises(Unclear, match="no word"):
        Query.parse(text)


@pytest.mark.parametrize("text", ["", "   ", "group:sales "])
def test_nothing_is_every_conversation(text: str) -> None:
    assert Query.parse(text).words is None
