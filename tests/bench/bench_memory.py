"""What a thousand visitors cost who have opened the chat and say nothing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from tests.bench import desk, machine, wire
from tests.bench.backing import Backing
from tests.bench.desk import BUTTON, EMBEDDED, Desk
from tests.bench.desk_pairs import Line
from tests.bench.pairs import Tally
from tests.bench.servers import SERVERS
from tests.bench.table import Bar, show_bars

CONNECTIONS = 1000
AT_ONCE = 20
# Longer than the heartbeat's 25 seconds and the ping's 20, so that both are in the figure.
IDLE_SECONDS = 40.0
KILOBYTE = 1024
MOST_KB, MOST_PERCENT = 40.0, 5.0


@dataclass(frozen=True)
class Idle:
    """KB of memory above the process's start for each connection; percent of a core; connections still open."""

    kilobytes: float
    percent: float
    open_at_end: int


def run(backing: Backing, seconds: float = IDLE_SECONDS) -> None:
    """Measure the embedded desk under each server and print the bars. Raises what the desk or a socket raises."""
    for server in SERVERS:
        with desk.running(EMBEDDED, server, 1, backing) as running:
            idle = asyncio.run(_measure(running, seconds))
        show_bars(_bars(server, idle))


async def _measure(running: Desk, seconds: float) -> Idle:
    pid, tally = running.webs[0].pid, Tally()
    start = machine.resident(pid)
    lines = await _open(running, tally)
    await asyncio.sleep(2)
    grown = machine.resident(pid) - start
    before = machine.read([pid])
    await asyncio.sleep(seconds)
    spent = machine.read([pid]).since(before)
    still_open = sum(line.socket.close_code is None for line in lines)
    return Idle(grown / KILOBYTE / CONNECTIONS, 100 * spent.watched / spent.clock, still_open)


async def _open(running: Desk, tally: Tally) -> list[Line]:
    room = asyncio.Semaphore(AT_ONCE)

    async def one() -> Line:
        async with room:
            line = Line(await wire.connect(f"{running.webs[0].ws}/ws/visitor/"), tally)
            await line.ask("hello", v=1, button=BUTTON)
            return line

    return list(await asyncio.gather(*(one() for _ in range(CONNECTIONS))))


def _bars(server: str, idle: Idle) -> list[Bar]:
    where = f"{server}, {CONNECTIONS} idle visitors"
    return [
        Bar(f"{where}: memory of a connection", idle.kilobytes, most=MOST_KB, unit="KB"),
        Bar(f"{where}: processor", idle.percent, most=MOST_PERCENT, unit="% of a core"),
        Bar(f"{where}: still connected at the end", idle.open_at_end, least=CONNECTIONS),
    ]
