"""The judge itself: each promise, broken on purpose in a small record, must be noticed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.faults.checker import heal_seconds, percentile, verdict
from tests.faults.history import Fault, History, Seen, View

pytestmark = pytest.mark.once

Row = dict[str, Any]
OPERATOR, COLLEAGUE = 7, 8


def row(seq: int, kind: str, body: str = "", client_id: str | None = None, user_id: int | None = None) -> Row:
    return {"ref": "c", "seq": seq, "kind": kind, "body": body, "client_id": client_id, "user_id": user_id}


def sound() -> tuple[History, list[Row], list[View]]:
    """A small conversation in which nothing went wrong."""
    history = History()
    for number, seq in ((1, 3), (2, 4)):
        attempt = history.attempt("visitor", "c", f"id-{number}", f"visitor {number}")
        attempt.invoked, attempt.acked, attempt.seqs = float(number), number + 0.5, {seq}
    rows = [
        row(1, "message", "visitor 0", "id-0"),
        row(2, "join", user_id=OPERATOR),
        row(3, "message", "visitor 1", "id-1"),
        row(4, "message", "visitor 2", "id-2"),
        row(5, "leave", user_id=OPERATOR),
        row(6, "join", user_id=COLLEAGUE),
        row(7, "close"),
    ]
    fresh = View("fresh", "c", [Seen(each["seq"], each["kind"], each["body"]) for each in rows])
    for entry in fresh.entries[:4]:
        history.view("visitor", "c").show(entry)
    return history, rows, [fresh]


def broken(history: History, rows: list[Row], fresh: list[View]) -> set[str]:
    return {name for name, wrong in verdict(history, rows, fresh).items() if wrong}


def test_a_sound_record_is_found_sound() -> None:
    assert broken(*sound()) == set()


Harm = Callable[[History, list[Row], list[View]], object]
HARMS: dict[str, Harm] = {
    "lost": lambda history, rows, fresh: rows[3].update(client_id=None),
    "doubled": lambda history, rows, fresh: rows[3].update(client_id="id-1"),
    "never said": lambda history, rows, fresh: rows[3].update(body="nobody said this"),
    "gaps": lambda history, rows, fresh: rows.pop(4),
    "misread live": lambda history, rows, fresh: history.view("visitor", "c").entries.reverse(),
    "misread at the end": lambda history, rows, fresh: fresh[0].entries.pop(),
    "out of turn": lambda history, rows, fresh: history.attempts[0].seqs.add(9),
    "two owners": lambda history, rows, fresh: rows[4].update(kind="message"),
    "after the end": lambda history, rows, fresh: rows[5].update(kind="close"),
}


@pytest.mark.parametrize("promise", HARMS)
def test_each_broken_promise_is_noticed(promise: str) -> None:
    record = sound()
    HARMS[promise](*record)
    assert promise in broken(*record)


def test_every_promise_is_tried() -> None:
    assert set(verdict(*sound())) == set(HARMS)


def test_an_acknowledgement_with_two_numbers_is_a_loss() -> None:
    history, rows, fresh = sound()
    history.attempts[1].seqs.add(6)
    assert "lost" in broken(history, rows, fresh)


def test_leaving_what_a_colleague_holds_is_two_owners() -> None:
    history, rows, fresh = sound()
    rows[4]["user_id"] = COLLEAGUE
    assert "two owners" in broken(history, rows, fresh)


def test_a_view_drops_repeats_and_stops_at_holes() -> None:
    view = View("reader", "c")
    assert [view.show(Seen(seq, "message", "")) for seq in (1, 2, 2, 4, 3, 4)] == [True, True, True, False, True, True]
    assert ([entry.seq for entry in view.entries], view.repeats, view.holes) == ([1, 2, 3, 4], 1, 1)


def test_healing_is_counted_from_the_repair_to_the_last_visitor() -> None:
    history = History()
    for sender, acked in (("visitor-1", 11.0), ("visitor-1", 12.0), ("visitor-2", 13.5), ("operator-1", 20.0)):
        history.attempt(sender, "c", f"{acked}", "").acked = acked
    assert heal_seconds(history, Fault("cut", 9.0, 10.0)) == 3.5
    assert [percentile([3.0, 1.0, 2.0, 4.0], share) for share in (0.5, 0.75, 1.0)] == [2.0, 3.0, 4.0]
    assert percentile([], 0.5) == 0.0
