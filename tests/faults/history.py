"""What everybody tried, was told and saw: the record that the checker judges afterwards."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass, field


@dataclass
class Attempt:
    """One message somebody wanted to send, however often it had to be said."""

    sender: str
    conversation: str
    client_id: str
    body: str
    invoked: float = field(default_factory=time.monotonic)
    tries: int = 0
    acked: float | None = None
    seqs: set[int] = field(default_factory=set)  # every number it was acknowledged with: one, if all is well
    refused: str = ""  # the code, when it was given up


@dataclass(frozen=True)
class Seen:
    seq: int
    kind: str
    body: str


@dataclass
class View:
    """What one reader had on the screen of one conversation, by the client's rules: an old number is dropped, a number
    too high means that something is missing."""

    reader: str
    conversation: str
    entries: list[Seen] = field(default_factory=list)
    repeats: int = 0
    holes: int = 0

    @property
    def last(self) -> int:
        return self.entries[-1].seq if self.entries else 0

    def show(self, entry: Seen) -> bool:
        """False if entries before it are missing: ask for them."""
        if entry.seq <= self.last:
            self.repeats += 1
            return True
        if entry.seq > self.last + 1:
            self.holes += 1
            return False
        self.entries.append(entry)
        return True


@dataclass
class Fault:
    name: str
    began: float = field(default_factory=time.monotonic)
    mended: float = 0.0


class History:
    def __init__(self) -> None:
        self.attempts: list[Attempt] = []
        self.faults: list[Fault] = []
        self.lines = 0  # opened and greeted
        self._views: dict[tuple[str, str], View] = {}

    def attempt(self, sender: str, conversation: str, client_id: str, body: str) -> Attempt:
        made = Attempt(sender, conversation, client_id, body)
        self.attempts.append(made)
        return made

    def view(self, reader: str, conversation: str) -> View:
        """The reader's screen, which outlives the reader's lines."""
        return self._views.setdefault((reader, conversation), View(reader, conversation))

    @property
    def views(self) -> list[View]:
        return list(self._views.values())

    def by_thread(self) -> dict[tuple[str, str], list[Attempt]]:
        """What each sender said in each conversation."""
        sorted_out: dict[tuple[str, str], list[Attempt]] = defaultdict(list)
        for attempt in self.attempts:
            sorted_out[attempt.sender, attempt.conversation].append(attempt)
        return sorted_out
