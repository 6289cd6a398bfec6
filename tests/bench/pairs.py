"""The closed loop: in each pair one side speaks, the other answers as soon as it has heard, and so on.

A message is done when the other side has heard it and, where the server acknowledges, its `ok` has come. A side
speaks again only then, so a server that acknowledges late is not flattered.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

WORDS = "I would like to know when my order will be delivered, please"


@dataclass
class Tally:
    """What all pairs of a run did since `reset`; latencies are seconds from sent to heard."""

    done: int = 0
    heard: int = 0
    acknowledged: int = 0
    latencies: list[float] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)

    def reset(self) -> None:
        self.done = self.heard = self.acknowledged = 0
        self.latencies.clear()


class Speaker:
    """One side of a pair. `post` sends a body; `acknowledges` says whether the server answers it with an `ok`."""

    peer: Speaker

    def __init__(self, letter: str, tally: Tally, post: Callable[[int, str], None], acknowledges: bool) -> None:
        self.letter, self.tally, self.post, self.acknowledges = letter, tally, post, acknowledges
        self.count = 0
        self.sent_at = 0.0
        self.waits_for_ok = False
        self.waits_for_ear = False
        self.has_turn = False

    def begin(self) -> None:
        self.has_turn = True
        self._speak_if_free()

    def hears(self, body: str) -> None:
        """An event with `body` came; what this side said itself is passed over."""
        if body[0] != self.peer.letter:
            return
        if int(body[1:8]) != self.peer.count or not self.peer.waits_for_ear:
            self.tally.faults["heard twice or out of order"] += 1
            return
        self.peer.was_heard()
        self.begin()

    def was_heard(self) -> None:
        self.waits_for_ear = False
        self.tally.heard += 1
        self.tally.latencies.append(time.perf_counter() - self.sent_at)
        self._finish()

    def was_acknowledged(self, number: int) -> None:
        """The server's `ok` to message `number` came."""
        if number != self.count or not self.waits_for_ok:
            self.tally.faults["acknowledged twice or unasked"] += 1
            return
        self.waits_for_ok = False
        self.tally.acknowledged += 1
        self._finish()

    def _finish(self) -> None:
        if not self.waits_for_ok and not self.waits_for_ear:
            self.tally.done += 1
            self._speak_if_free()

    def _speak_if_free(self) -> None:
        if not self.has_turn or self.waits_for_ok or self.waits_for_ear:
            return
        self.has_turn = False
        self.count += 1
        self.waits_for_ear, self.waits_for_ok = True, self.acknowledges
        self.sent_at = time.perf_counter()
        self.post(self.count, f"{self.letter}{self.count:07d} {WORDS}")


def link(visitor: Speaker, operator: Speaker) -> Speaker:
    """Make the two sides a pair and return the side that begins."""
    visitor.peer, operator.peer = operator, visitor
    return visitor
