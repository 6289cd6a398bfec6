"""Any marks on any records: each line still proves what it shows, and what is covered has neither value nor salt."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transcripts.formats.cast import ALICE, SAM, VERA, said, story
from transcripts.actions.exporting.told import Told
from transcripts.actions.exporting.withholding import withheld_lines
from transcripts.actions.redacting import Marks, covered, hidden
from transcripts.formats import Story
from transcripts.models import Profile, Redaction, RedactionReason
from transcripts.proof.canonical import canonical
from transcripts.proof.chain import START, next_hash
from transcripts.proof.commitment import commitment, encoded
from transcripts.spans import Span, whole_signs
from transcripts.spans import parts as cut
from transcripts.verify.lines import read_line

pytestmark = pytest.mark.once

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
PRIVACY, SECRET = RedactionReason(pk=1, code="privacy", name="Privacy"), RedactionReason(pk=2, code="s", name="Secret")
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
FILE = {"key": "k", "media_type": "text/plain", "sha256": "a" * 64, "size": 3}
FIELDS = st.dictionaries(st.sampled_from(["body", "name", "question", "page"]), TEXT, max_size=3)


def told(number: int, kind: str, values: dict[str, Any], author: dict[str, Any] | None, last: bytes) -> Told:
    salts = {name: bytes([number]) * 15 + name.encode()[:1] for name in values}
    facts: dict[str, Any] = {
        "at": "2026-03-01T12:00:00.000000Z",
        "conversation": "ref",
        "kind": kind,
        "number": number,
        "said": {name: commitment(salts[name], value) for name, value in values.items()},
        "v": 1,
    }
    facts |= {"author": author} if author else {}
    frame = canonical(facts)
    kept = {name: encoded(salt) for name, salt in salts.items()}
    return Told(number, kind, None, None, AT, facts, dict(values), kept, frame.decode(), next_hash(last, frame).hex())


@st.composite
def records(draw: st.DrawFn) -> list[Told]:
    made, last = [], START
    for number in range(1, draw(st.integers(1, 5)) + 1):
        kind = draw(st.sampled_from(["opened", "message", "join", "file", "note", "participant", "leave"]))
        values: dict[str, Any] = draw(FIELDS)
        if kind == "file":
            values |= {"document": FILE}
        author = draw(st.sampled_from([None, {"kind": "visitor", "participant": 1}, OPERATOR]))
        made.append(told(number, kind, values, author, last))
        last = bytes.fromhex(made[-1].hash)
    return made


OPERATOR = {"kind": "operator", "participant": 2, "user": 3}
MARKS = st.lists(
    st.builds(
        lambda pk, number, field, span, reason: Redaction(
            pk=pk, number=number, field=field, start=span and span[0], end=span and sum(span), reason=reason
        ),
        st.integers(1, 99),
        st.integers(1, 6),
        st.sampled_from(["", "body", "name", "question", "document"]),
        st.none() | st.tuples(st.integers(0, 20), st.integers(1, 9)),
        st.sampled_from([PRIVACY, SECRET]),
    ),
    max_size=4,
    unique_by=lambda row: row.pk,
)
WHO = st.sampled_from(["visitor", "operator-3", "operator-9"])
PEOPLE = st.lists(WHO.map(lambda who: Redaction(pk=100, person=who, reason=PRIVACY)), max_size=1)
NAMES = st.sampled_from(["Ann", "x", ""])
EMPTY = story(())


@given(records(), MARKS, PEOPLE, st.sampled_from(["Ann", "x", ""]))
def test_lines_prove_what_they_show(
    made: list[Told], rows: list[Redaction], people: list[Redaction], name: str
) -> None:
    names = defaultdict(set, {"visitor": {name}, "operator-3": {name}}) if name else defaultdict(set)
    done = covered(made, Marks([*rows, *people], names))
    lines = list(withheld_lines(done.records, EMPTY, EMPTY, Profile.FULL))
    assert len(lines) == len(made)
    for before, after, raw in zip(made, done.records, lines, strict=True):
        line, shown = read_line(raw), json.loads(raw)
        assert (line.wrong, line.number, line.hash, line.withheld) == ("", before.number, before.hash, 0)
        assert line.redacted == len(after.redacted)
        for field, value in before.said.items():
            is_covered = field in after.redacted
            assert (field in shown["content"]) == (field in shown["salts"]) == (not is_covered)
            assert is_covered or shown["content"][field] == value
            assert not is_covered or before.salts[field].encode() not in raw
    assert {use.mark for use in done.uses} <= {row.pk for row in [*rows, *people]}


@given(records(), MARKS)
def test_what_is_left_of_a_field_is_what_no_mark_lies_on(made: list[Told], rows: list[Redaction]) -> None:
    """Names apart, which are covered in more places than one."""
    rows = [row for row in rows if row.field not in ("", "name")]
    done = covered(made, Marks(rows))
    for before, after in zip(made, done.records, strict=True):
        for field, value in before.said.items():
            mine = [row for row in rows if (row.number, row.field) == (before.number, field)]
            assert (field in after.redacted) == bool(mine)
            if mine and isinstance(value, str) and value:
                assert after.said[field].replace("[", "").count("redacted: ") >= 1 or field not in after.said
                left = "".join(part.text for part in cut(value, map(span, mine, [value] * 9)) if not part.labels)
                assert all(char in after.said[field] for char in left)


def span(row: Redaction, value: str) -> Span:
    if row.start is None or row.end is None or row.end > len(value):
        return Span(0, len(value), ("x",))
    return Span(row.start, row.end, ("x",))


@given(records(), MARKS)
def test_the_table_counts_what_is_covered(made: list[Told], rows: list[Redaction]) -> None:
    done = covered(made, Marks(rows))
    numbered = {each.number: each for each in made}
    for use in done.uses:
        value = numbered[use.number].said[use.field]
        length = len(value) if isinstance(value, str) else 0
        assert 0 <= use.place <= use.place + use.length <= length
        assert isinstance(value, dict) or whole_signs(value, use.place, use.place + use.length) in (
            (use.place, use.place + use.length),
            (use.place, use.place),
        )


def test_no_marks_no_change() -> None:
    made = [told(1, "message", {"body": "hello"}, None, START)]
    assert covered(made, None).records is made
    assert covered(made, Marks()).records == made


TOLD = story((said(1, VERA, "I am Vera"), said(2, ALICE, "hello"), said(3, SAM, "inside", internal=True)))


def names(told: Story) -> set[str]:
    return {event.author.name for event in told.events if event.author} | {told.visitor.name if told.visitor else ""}


@pytest.mark.parametrize(
    ("profile", "called"),
    [
        (Profile.FULL, {"V", "O", "Sam"}),
        (Profile.EXTERNAL, {"V", "O", "Sam"}),
        (Profile.SUBJECT, {"V", "Alice", "Sam"}),  # who is named anew by the profile has another's key there
        (Profile.TRAINING, {"Vera", "Alice", "Sam"}),
    ],
)
def test_who_is_not_named_in_which_profile(profile: Profile, called: set[str]) -> None:
    done = covered([], Marks())
    people = {"visitor": "V", ALICE.key: "O"}
    shown = hidden(TOLD, type(done)(done.records, people), profile)
    assert {name.split()[0] for name in names(shown)} == called
