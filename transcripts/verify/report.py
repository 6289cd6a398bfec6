"""What a check found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

# What reading a value of another shape than expected may raise: whoever made the file chose the shape.
MISSHAPEN = (ValueError, TypeError, KeyError, AttributeError, RecursionError)


class Unreadable(Exception):
    """There is nothing here that can be checked; the text says why."""


@dataclass(frozen=True)
class Fault:
    """One thing that is not as it was. `conversation` and `number`: the record, if it is one; `path`: the file."""

    what: str
    path: str = ""
    conversation: str = ""
    number: int = 0

    def __str__(self) -> str:
        record = f"record {self.number} of conversation {self.conversation}" if self.conversation else ""
        where = ", ".join(filter(None, [record, self.path]))
        return f"{where}: {self.what}" if where else self.what


class Broken(Exception):
    """Stops a check at its first fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


@dataclass(frozen=True)
class Volume:
    """What a signed manifest says of its place. `manifest`, `before`: SHA-256 in hex, its own and the one before's."""

    export: str
    number: int
    is_last: bool
    before: str
    manifest: str

    @property
    def is_alone(self) -> bool:
        return self.number == 1 and self.is_last

    def __str__(self) -> str:
        return f"volume {self.number} of export {self.export}" + (", the last" if self.is_last else "")


@dataclass
class Report:
    """`faults`, the first bad record before everything else. The counts are of what was found whole."""

    kind: str = ""
    conversations: int = 0
    unproved: int = 0  # conversations that were not closed yet: the signature alone speaks for them
    records: int = 0
    withheld: int = 0  # things that were said and are not here
    hidden: int = 0  # records of which only the hash is here
    redacted: int = 0
    files: int = 0
    leaves: int = 0
    key: str = ""
    head_size: int = 0
    head_at: str = ""
    volume: Volume | None = None
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return not self.faults

    def lines(self) -> Iterable[str]:
        """What a person reads."""
        yield from (f"BROKEN: {fault}" for fault in self.faults)
        if self.is_whole:
            yield "WHOLE: nothing was changed, moved or left out."
        counted = (self.conversations, "conversations"), (self.records, "records"), (self.files, "files")
        if told := ", ".join(f"{count} {name}" for count, name in (*counted, (self.leaves, "log entries")) if count):
            yield told
        if self.withheld or self.hidden or self.redacted:
            yield f"not shown: {self.withheld} withheld, {self.hidden} hidden records, {self.redacted} redacted"
        if self.unproved:
            yield f"{self.unproved} conversations were not closed yet: only the signature speaks for them"
        if self.volume:
            yield str(self.volume)
        if self.head_at:
            yield f"log: {self.head_size} entries, head of {self.head_at}"
        if self.key:
            yield f"signed with key {self.key}: compare it with the one that the desk's owner told you"
        yield from self.notes
