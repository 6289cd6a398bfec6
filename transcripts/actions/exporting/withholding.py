"""Records as JSON Lines for a profile that leaves something out: the frame stays, so that the chain still verifies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from transcripts.actions.exporting.told import Told
from transcripts.formats.story import VISITOR, Event, Story
from transcripts.kinds import Kind
from transcripts.models import Profile
from transcripts.proof.bundle import record_line
from transcripts.proof.canonical import canonical

PROVING = frozenset({Kind.SEAL, Kind.BEGUN_LATE})
NAMING = frozenset({Kind.JOIN, Kind.LEAVE, Kind.TRANSFER, Kind.PARTICIPANT})


def withheld_lines(records: Sequence[Told], whole: Story, told: Story, profile: str) -> Iterator[bytes]:
    """One line for each record: what `told`, the profile's story, no longer has as `whole` had it goes with its salt.

    A field that a profile changes can't be brought at all: its commitment is to the text as it was. One that compliance
    has covered goes too, and what stands instead is there beside the others.
    """
    before = {event.number: event for event in whole.events}
    after = {event.number: event for event in told.events}
    for record in records:
        is_told = record.kind in PROVING or _is_kept(before.get(record.number), after.get(record.number))
        is_named = profile == Profile.SUBJECT and record.kind in NAMING and record.author.get("kind") != VISITOR
        yield _line(record, profile == Profile.FULL or (is_told and not is_named))


def _is_kept(before: Event | None, after: Event | None) -> bool:
    """Whether the profile brings it unchanged."""
    if before is None or after is None:
        return False
    return before.text == after.text and before.document == after.document


def _line(record: Told, kept: bool) -> bytes:
    if not kept:
        return record_line(record.frame, record.hash)
    said = {name: value for name, value in record.said.items() if name not in record.redacted}
    salts = canonical({name: record.salts[name] for name in said}).decode()
    covered = canonical(record.redacted).decode() if record.redacted else ""
    return record_line(record.frame, record.hash, salts, canonical(said).decode(), covered)
