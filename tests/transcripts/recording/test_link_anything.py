"""Whatever happens, its records verify by the program that strangers use; and any one change of them is found."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.actions.exporting.lines import line_of, with_body
from transcripts.actions.linking import Author, Happening, Head, Link, moment
from transcripts.kinds import HIDDEN, Kind
from transcripts.models import NOTHING_BEFORE
from transcripts.proof import bundle, chain
from transcripts.proof.canonical import canonical
from transcripts.verify.report import Broken, Report
from transcripts.verify.walk import Expected, Walk

pytestmark = pytest.mark.once

REF = "dGhlIHJlZmVyZW5jZSBv"
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
VALUES = TEXTS | st.integers(-(2**53) + 1, 2**53 - 1) | st.none() | st.booleans() | st.lists(TEXTS, max_size=3)
SAID = st.dictionaries(st.sampled_from(["body", "name", "email", "page", "שם", "é"]), VALUES, max_size=4)
FACTS = st.dictionaries(st.sampled_from(["box", "zone", "entries", "a"]), VALUES, max_size=3)
TIMES = st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - given UTC
AUTHORS = st.none() | st.builds(Author, st.integers(1, 10**12), st.none() | st.integers(1, 10**12))
HAPPENINGS = st.builds(
    Happening,
    st.sampled_from(sorted(Kind)),
    TIMES,
    SAID,
    FACTS,
    AUTHORS,
    st.none() | st.integers(1, 10**9),
    st.none() | st.integers(1, 10**9),
)


@dataclass
class Made:
    lines: list[bytes]
    links: list[Link]
    head: Head


def made(happenings: list[Happening]) -> Made:
    head = Head(7, REF, 0, NOTHING_BEFORE)
    links = [head.link(each) for each in happenings]
    return Made([line(link) for link in links], links, head)


def line(link: Link) -> bytes:
    return f"{line_of(link.content or '{}', link.frame, link.hash, link.salts)}\n".encode()


def walked(lines: list[bytes], head: Head, sealed: tuple[int, str] = (0, "")) -> Report:
    """By what `python -m transcripts.verify` does; raises Broken."""
    report = Report()
    walk = Walk(iter([Expected(REF, head.count, head.hash, *sealed)]), report, {})
    walk.through(lines, "records/000001.jsonl")
    walk.finish()
    return report


@given(st.lists(HAPPENINGS, min_size=1, max_size=8))
def test_any_sequence_verifies(happenings: list[Happening]) -> None:
    story = made(happenings)
    report = walked(story.lines, story.head)
    assert (report.records, report.withheld, report.hidden) == (len(happenings), 0, 0)
    assert [link.number for link in story.links] == list(range(1, len(happenings) + 1))


@given(st.lists(HAPPENINGS, min_size=2, max_size=6), st.data())
def test_any_record_can_be_hidden_or_withheld_and_the_rest_still_verifies(
    happenings: list[Happening], data: st.DataObject
) -> None:
    story = made(happenings)
    for place, link in enumerate(story.links):
        how = data.draw(st.sampled_from(["shown", "hidden", "withheld"]))
        if how == "hidden":
            digest = chain.digest(link.frame.encode()).hex()
            story.lines[place] = bundle.hidden_line(link.number, digest, link.hash)
        elif how == "withheld":
            story.lines[place] = bundle.record_line(link.frame, link.hash)
    assert walked(story.lines, story.head).records == len(happenings)


@given(st.lists(HAPPENINGS, min_size=2, max_size=6), st.data())
def test_any_one_byte_changed_is_found_at_its_record(happenings: list[Happening], data: st.DataObject) -> None:
    story = made(happenings)
    number = data.draw(st.integers(0, len(story.lines) - 1))
    raw = story.lines[number]
    place = data.draw(st.integers(0, len(raw) - 2))
    other = data.draw(st.integers(32, 126).filter(lambda byte: byte != raw[place]))
    story.lines[number] = raw[:place] + bytes([other]) + raw[place + 1 :]
    with pytest.raises(Broken) as found:
        walked(story.lines, story.head)
    assert found.value.fault.number == number + 1


@given(st.lists(HAPPENINGS, min_size=2, max_size=6), st.data())
def test_any_record_left_out_doubled_or_moved_is_found(happenings: list[Happening], data: st.DataObject) -> None:
    story = made(happenings)
    place = data.draw(st.integers(0, len(story.lines) - 1))
    other = data.draw(st.integers(0, len(story.lines) - 1).filter(lambda each: each != place))
    lines = story.lines
    moved = [each for number, each in enumerate(lines) if number != place]
    moved.insert(other, lines[place])
    for changed in ([*lines[:place], *lines[place + 1 :]], [*lines[: place + 1], *lines[place:]], moved):
        with pytest.raises(Broken):
            walked(changed, story.head)


@given(st.lists(HAPPENINGS, min_size=1, max_size=5), st.integers(0, 4))
def test_the_log_knowing_another_end_is_found(happenings: list[Happening], place: int) -> None:
    story = made(happenings)
    place = min(place, len(happenings) - 1)
    number, true = place + 1, story.links[place].hash
    assert walked(story.lines, story.head, (number, true)).records == len(happenings)
    with pytest.raises(Broken) as found:
        walked(story.lines, story.head, (number, "0" * 64))
    assert found.value.fault.number == number


@given(HAPPENINGS)
def test_a_frame_says_nothing_that_was_said(happening: Happening) -> None:
    (link,) = made([happening]).links
    frame = json.loads(link.frame)
    assert canonical(frame).decode() == link.frame
    assert set(frame["said"]) == set(json.loads(link.salts))
    assert all(len(promise) == 43 for promise in frame["said"].values())
    assert (frame["number"], frame["kind"], frame["conversation"], frame["v"]) == (1, happening.kind, REF, 1)
    assert ("author" in frame, "seq" in frame, "note" in frame) == (
        happening.author is not None,
        happening.seq is not None,
        happening.note is not None,
    )


@pytest.mark.parametrize("kind", sorted(Kind))
def test_what_a_copy_hides_always_says_something_salted(kind: Kind) -> None:
    """Else the digest that stands for it could be guessed from what is public."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    one, two = (made([Happening(kind, at)]).links[0] for _ in range(2))
    assert (one.hash != two.hash) == (kind in HIDDEN)
    assert bool(json.loads(one.salts)) == (kind in HIDDEN)


@given(HAPPENINGS)
def test_the_same_thing_twice_has_other_salts(happening: Happening) -> None:
    one, two = (made([happening]).links[0] for _ in range(2))
    for name, salt in json.loads(one.salts).items():
        assert salt != json.loads(two.salts)[name]
    assert one.content == two.content


@given(SAID, st.sets(st.sampled_from(["body", "name", "email"])))
def test_what_a_row_of_its_own_keeps_is_not_kept_twice(said: dict[str, Any], elsewhere: set[str]) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    (link,) = made([Happening(Kind.MESSAGE, at, said, elsewhere=frozenset(elsewhere))]).links
    kept = json.loads(link.content or "{}")
    assert kept == {name: value for name, value in said.items() if name not in elsewhere}
    assert (link.content is None) == (not kept)


@given(TEXTS, st.dictionaries(st.sampled_from(["document", "name", "z"]), TEXTS, max_size=3))
def test_a_text_kept_elsewhere_is_put_back_where_it_was(body: str, more: dict[str, str]) -> None:
    happening = Happening(
        Kind.MESSAGE, datetime(2026, 1, 1, tzinfo=UTC), {"body": body, **more}, elsewhere=frozenset({"body"})
    )
    story = made([happening])
    (link,) = story.links
    whole = with_body(link.content, link.salts, body)
    assert walked([f"{line_of(whole, link.frame, link.hash, link.salts)}\n".encode()], story.head).withheld == 0
    assert json.loads(whole) == {"body": body, **more}


@pytest.mark.parametrize(
    ("content", "salts", "body", "whole"),
    [
        (None, "{}", None, "{}"),
        (None, "{}", "gone with its salt", "{}"),
        ('{"name":"a"}', '{"name":"s"}', "not committed to", '{"name":"a"}'),
        ('{"body":"own"}', '{"body":"s"}', "the row's", '{"body":"own"}'),
        (None, '{"body":"s"}', "", '{"body":""}'),
        (None, '{"body":"s"}', 'a "b" \\ \n\t\x01 é \u2028', '{"body":"a \\"b\\" \\\\ \\n\\t\\u0001 é \u2028"}'),
    ],
)
def test_a_body_joins_only_what_was_committed_to(content: str | None, salts: str, body: str | None, whole: str) -> None:
    assert with_body(content, salts, body) == whole


@given(TIMES, st.integers(-14 * 60, 14 * 60))
def test_a_moment_is_the_same_in_every_zone(at: datetime, minutes: int) -> None:
    elsewhere = at.astimezone(timezone(timedelta(minutes=minutes)))
    assert moment(elsewhere) == moment(at)
    assert len(moment(at)) == 27
    assert datetime.fromisoformat(moment(at)) == at
