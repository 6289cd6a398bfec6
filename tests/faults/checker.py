"""Judges a recorded history against what the database holds and what fresh readers were given. Reads, never asks.

Each check answers with sentences about what is wrong; none means the promise held.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from tests.faults.history import Fault, History, View

Row = dict[str, Any]
Threads = dict[str, list[Row]]


def threads_of(rows: Iterable[Row]) -> Threads:
    """The rows of each conversation, in the order of their numbers."""
    threads: Threads = defaultdict(list)
    for row in rows:
        threads[row["ref"]].append(row)
    return threads


def lost(history: History, threads: Threads) -> list[str]:
    """What was acknowledged and is not there, or stands at another number than was answered."""
    places = {row["client_id"]: row["seq"] for rows in threads.values() for row in rows if row["client_id"]}
    return [
        f"{attempt.body}: acknowledged as {sorted(attempt.seqs)}, stored as {places.get(attempt.client_id)}"
        for attempt in history.attempts
        if attempt.acked and attempt.seqs != {places.get(attempt.client_id)}
    ]


def doubled(threads: Threads) -> list[str]:
    """One intent, two entries: told by the client id and, since every text is said once, by the text."""
    said = [row for rows in threads.values() for row in rows if row["kind"] == "message"]
    counts = Counter(row["client_id"] for row in said) + Counter(row["body"] for row in said)
    return [f"{words} is stored {times} times" for words, times in counts.items() if times > 1]


def never_said(history: History, threads: Threads) -> list[str]:
    """Texts that nobody wrote, or that stand in another conversation than they were said in."""
    meant = {(attempt.conversation, attempt.body) for attempt in history.attempts}
    said = [(ref, row["body"]) for ref, rows in threads.items() for row in rows if row["kind"] == "message"]
    return [f"{body!r} in {ref}" for ref, body in said if (ref, body) not in meant and not body.endswith(" 0")]


def gaps(threads: Threads) -> list[str]:
    return [
        f"{ref} is numbered {numbers}"
        for ref, rows in threads.items()
        if (numbers := [row["seq"] for row in rows]) != list(range(1, len(rows) + 1))
    ]


def misread(views: Sequence[View], threads: Threads, *, whole: bool = False) -> list[str]:
    """Readers who saw something else, or in another order, than the log has; `whole`: or not all of it."""
    wrong = []
    for view in views:
        log = [(row["seq"], row["kind"], row["body"]) for row in threads[view.conversation]]
        seen = [(entry.seq, entry.kind, entry.body) for entry in view.entries]
        if seen != (log if whole else log[: len(seen)]):
            wrong.append(f"{view.reader} in {view.conversation}: {len(seen)} entries seen of {len(log)}")
    return wrong


def out_of_turn(history: History) -> list[str]:
    """A message that was acknowledged before its sender said the next stands before it in their conversation."""
    wrong = []
    for attempts in history.by_thread().values():
        acked = sorted((attempt for attempt in attempts if attempt.acked), key=lambda attempt: attempt.invoked)
        for earlier, later in pairwise(acked):
            if max(earlier.seqs) >= min(later.seqs):
                wrong.append(f"{earlier.body} is {earlier.seqs}, {later.body} is {later.seqs}")
    return wrong


def shared(threads: Threads) -> list[str]:
    """Two owners at once: who joins finds nobody, who leaves was there."""
    wrong = []
    for ref, rows in threads.items():
        owner = None
        for row in rows:
            who = row["user_id"]
            if row["kind"] == "join":
                if owner is not None:
                    wrong.append(f"{ref} {row['seq']}: {who} joins while {owner} is there")
                owner = who
            elif row["kind"] == "leave":
                if owner != who:
                    wrong.append(f"{ref} {row['seq']}: {who} leaves and {owner} was there")
                owner = None
            elif row["kind"] == "transfer":
                owner = None
    return wrong


def after_the_end(threads: Threads) -> list[str]:
    return [
        f"{ref}: entries after the closing one"
        for ref, rows in threads.items()
        if any(row["kind"] == "close" for row in rows[:-1])
    ]


def verdict(history: History, rows: Sequence[Row], fresh: Sequence[View]) -> dict[str, list[str]]:
    """Each promise by name, with what broke it. `fresh`: the final reads, by clients that had seen nothing."""
    threads = threads_of(rows)
    return {
        "lost": lost(history, threads),
        "doubled": doubled(threads),
        "never said": never_said(history, threads),
        "gaps": gaps(threads),
        "misread live": misread(history.views, threads),
        "misread at the end": misread(fresh, threads, whole=True),
        "out of turn": out_of_turn(history),
        "two owners": shared(threads),
        "after the end": after_the_end(threads),
    }


# --- figures ---


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)] if ordered else 0.0


def latencies(history: History) -> list[float]:
    """Seconds from the first attempt to the acknowledgement, faults and all."""
    return [attempt.acked - attempt.invoked for attempt in history.attempts if attempt.acked]


def heal_seconds(history: History, fault: Fault) -> float:
    """From the repair until every visitor has been acknowledged again."""
    first: dict[str, float] = {}
    for attempt in history.attempts:
        if attempt.acked and attempt.acked > fault.mended and attempt.sender.startswith("visitor"):
            first[attempt.sender] = min(first.get(attempt.sender, math.inf), attempt.acked)
    return max(first.values(), default=fault.mended) - fault.mended


def figures(history: History) -> str:
    """The numbers of a run, as a table."""
    acked = [attempt for attempt in history.attempts if attempt.acked]
    waits = latencies(history)
    lines = [
        f"messages {len(history.attempts)}, acknowledged {len(acked)},"
        f" refused {sum(bool(attempt.refused) for attempt in history.attempts)},"
        f" said again {sum(attempt.tries - 1 for attempt in history.attempts if attempt.tries)},"
        f" lines {history.lines}",
        f"acknowledged after: p50 {percentile(waits, 0.5) * 1000:.0f} ms, p95 {percentile(waits, 0.95) * 1000:.0f} ms,"
        f" p99 {percentile(waits, 0.99) * 1000:.0f} ms (faults included)",
        f"readers: {len(history.views)} views, {sum(len(view.entries) for view in history.views)} entries,"
        f" {sum(view.repeats for view in history.views)} repeats dropped,"
        f" {sum(view.holes for view in history.views)} holes asked for",
    ]
    lines += [
        f"  {fault.name:<36} healed {heal_seconds(history, fault):5.1f} s after its end" for fault in history.faults
    ]
    return "\n".join(lines)
