"""What the load generator is told on standard input, and what it answers on standard output, as JSON."""

from __future__ import annotations

import msgspec


class Plan(msgspec.Struct, frozen=True):
    """One run. `visitor` and `operator` are ws:// addresses without a path; times are seconds.

    `operators` holds one session cookie for each pair (empty for the rooms).
    """

    dialect: str
    pairs: int
    visitor: str
    operator: str
    operators: list[str] = []
    button: str = ""
    warm_up: float = 2.0
    seconds: float = 8.0


class Outcome(msgspec.Struct, frozen=True):
    """What happened in the measured seconds; latencies in milliseconds, `client` is processor seconds."""

    seconds: float
    done: int
    heard: int
    acknowledged: int
    p50: float
    p99: float
    client: float
    faults: dict[str, int]
