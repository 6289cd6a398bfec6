"""The load generator, a process of its own: reads a Plan from standard input, prints "go" when the measured
time begins, and an Outcome at its end. `python -m tests.bench.load < plan.json`
"""

from __future__ import annotations

import asyncio
import gc
import statistics
import sys
import time
from collections.abc import Awaitable, Callable

import msgspec
import uvloop

from tests.bench import desk_pairs, room_pairs
from tests.bench.pairs import Speaker, Tally
from tests.bench.plan import Outcome, Plan

Opener = Callable[[Plan, int, Tally], Awaitable[Speaker]]
OPENERS: dict[str, Opener] = {"room": room_pairs.open_pair, "desk": desk_pairs.open_pair}
AT_ONCE = 10


async def drive(plan: Plan, announce: Callable[[str], None]) -> Outcome:
    """Open the pairs, warm up, measure. Raises what opening a pair raises."""
    tally = Tally()
    speakers = await _open_all(plan, tally)
    for speaker in speakers:
        speaker.begin()
    await asyncio.sleep(plan.warm_up)
    tally.reset()
    announce("go")
    clock, processor = time.perf_counter(), time.process_time()
    await asyncio.sleep(plan.seconds)
    outcome = _outcome(tally, time.perf_counter() - clock, time.process_time() - processor)
    await _note_stalled(speakers, tally)
    return msgspec.structs.replace(outcome, faults=dict(tally.faults))


async def _open_all(plan: Plan, tally: Tally) -> list[Speaker]:
    opener, room = OPENERS[plan.dialect], asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> Speaker:
        async with room:
            return await opener(plan, number, tally)

    return list(await asyncio.gather(*(one(number) for number in range(plan.pairs))))


def _outcome(tally: Tally, seconds: float, client: float) -> Outcome:
    cuts = statistics.quantiles(tally.latencies, n=100) if len(tally.latencies) > 1 else [0.0] * 99
    return Outcome(
        seconds=seconds,
        done=tally.done,
        heard=tally.heard,
        acknowledged=tally.acknowledged,
        p50=cuts[49] * 1000,
        p99=cuts[98] * 1000,
        client=client,
        faults={},
    )


async def _note_stalled(speakers: list[Speaker], tally: Tally) -> None:
    """A pair that says nothing for two seconds has lost a message: a closed loop never rests."""
    before = [(speaker.count, speaker.peer.count) for speaker in speakers]
    await asyncio.sleep(2)
    stalled = sum((speaker.count, speaker.peer.count) == was for speaker, was in zip(speakers, before, strict=True))
    if stalled:
        tally.faults["pairs that stalled"] += stalled


def _announce(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Run the plan on standard input."""
    plan = msgspec.json.decode(sys.stdin.buffer.read(), type=Plan)
    gc.freeze()
    outcome = uvloop.run(drive(plan, _announce))
    _announce(msgspec.json.encode(outcome).decode())


if __name__ == "__main__":
    main()
