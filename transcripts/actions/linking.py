"""What happened, made into the next links of a chain: frame, commitments, salts and hash. No database here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

from transcripts.kinds import HIDDEN
from transcripts.proof.canonical import canonical
from transcripts.proof.chain import next_hash
from transcripts.proof.commitment import commitment, encoded, new_salt

VERSION = 1


@dataclass(frozen=True, slots=True)
class Author:
    """Who did it: the participant's number, and the operator's; without a user it is the visitor."""

    participant: int
    user: int | None = None

    def frame(self) -> dict[str, Any]:
        if self.user is None:
            return {"kind": "visitor", "participant": self.participant}
        return {"kind": "operator", "participant": self.participant, "user": self.user}


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing to record. `said` is committed to; of it `kept` (or all) is stored in the record itself."""

    kind: str
    at: datetime
    said: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    author: Author | None = None
    seq: int | None = None
    note: int | None = None
    elsewhere: frozenset[str] = frozenset()  # fields of `said` that a row of their own keeps


class Link(NamedTuple):
    """A record's columns."""

    conversation_id: int
    number: int
    kind: str
    at: datetime
    seq: int | None
    note: int | None
    frame: str
    salts: str
    content: str | None
    hash: str


@dataclass(slots=True)
class Head:
    """The end of a conversation's chain, moving on as links are added."""

    conversation_id: int
    ref: str
    count: int
    hash: str

    def link(self, happening: Happening) -> Link:
        """The next link after this end; the end is then behind it."""
        if not happening.said and happening.kind in HIDDEN:
            happening = replace(happening, said={"mark": ""})
        salts = {name: new_salt() for name in happening.said}
        frame = canonical(self._frame(happening, salts))
        self.count += 1
        self.hash = next_hash(bytes.fromhex(self.hash), frame).hex()
        return Link(
            conversation_id=self.conversation_id,
            number=self.count,
            kind=happening.kind,
            at=happening.at,
            seq=happening.seq,
            note=happening.note,
            frame=frame.decode(),
            salts=text_of({name: encoded(salt) for name, salt in salts.items()}),
            content=_kept(happening),
            hash=self.hash,
        )

    def link_words(self, kind: str, at: datetime, author: Author | None, seq: int, body: str) -> Link:
        """As `link`, of an entry that says its body alone: the same frame, written in a sixth of the time."""
        salt = new_salt()
        self.count += 1
        frame = (
            f'{{"at":"{moment(at)}",{_author_text(author)}"conversation":"{self.ref}","kind":"{kind}",'
            f'"number":{self.count},"said":{{"body":"{commitment(salt, body)}"}},"seq":{seq},"v":{VERSION}}}'
        )
        self.hash = next_hash(bytes.fromhex(self.hash), frame.encode()).hex()
        salts = f'{{"body":"{encoded(salt)}"}}'
        return Link(self.conversation_id, self.count, kind, at, seq, None, frame, salts, None, self.hash)

    def _frame(self, happening: Happening, salts: Mapping[str, bytes]) -> dict[str, Any]:
        frame = {
            **happening.facts,
            "at": moment(happening.at),
            "conversation": self.ref,
            "kind": str(happening.kind),
            "number": self.count + 1,
            "said": {name: commitment(salts[name], value) for name, value in happening.said.items()},
            "v": VERSION,
        }
        own = {"author": happening.author and happening.author.frame(), "seq": happening.seq, "note": happening.note}
        return frame | {name: value for name, value in own.items() if value is not None}


def _author_text(author: Author | None) -> str:
    if author is None:
        return ""
    if author.user is None:
        return f'"author":{{"kind":"visitor","participant":{author.participant}}},'
    return f'"author":{{"kind":"operator","participant":{author.participant},"user":{author.user}}},'


def moment(at: datetime) -> str:
    """UTC with microseconds, always 27 characters: 2026-11-22T15:45:12.123456Z."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


def text_of(value: Mapping[str, Any]) -> str:
    return canonical(value).decode()


def _kept(happening: Happening) -> str | None:
    kept = {name: value for name, value in happening.said.items() if name not in happening.elsewhere}
    return text_of(kept) if kept else None
