"""Visitors and operators talk while the desk is taken apart beneath them; afterwards nothing may be wrong."""

from __future__ import annotations

import asyncio

import pytest

from tests.faults.checker import figures, verdict
from tests.faults.conftest import Tell
from tests.faults.desk import Desk
from tests.faults.history import History, Seen, View
from tests.faults.line import AsyncLine, Frame, Hear
from tests.faults.nemesis import Nemesis
from tests.faults.people import Operator, Visitor

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]

VISITORS = 12
SETTLE_WITHIN = 40.0  # seconds after the last fault, for what is still to be said


class Cast:
    """Everybody who talks, and the record of it."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.history, self.stop = desk, History(), asyncio.Event()
        self.visitors = [Visitor(f"visitor-{n}", desk.url, self.history, self.stop) for n in range(VISITORS)]
        self.operators = [
            Operator(f"operator-{n}", desk.url, self.history, self.stop, person)
            for n, person in enumerate(desk.operators)
        ]
        for operator in self.operators:
            operator.colleagues = [other.user_id for other in self.operators if other is not operator]

    @property
    def refs(self) -> list[str]:
        return [visitor.ref for visitor in self.visitors]

    async def play(self, nemesis: Nemesis) -> None:
        """Everybody begins, the nemesis rages, everybody finishes their sentence."""
        async with asyncio.timeout(280), asyncio.TaskGroup() as group:
            lives = [group.create_task(person.live()) for person in (*self.operators, *self.visitors)]
            for visitor in self.visitors:
                await visitor.started.wait()
            await nemesis.rage()
            self.stop.set()
            await asyncio.wait(lives, timeout=SETTLE_WITHIN)
            for life in lives:
                life.cancel()

    async def end(self) -> list[str]:
        """Half of the visitors close while they write; the codes of what they try to say afterwards."""
        return [code for visitor in self.visitors[::2] for code in await self.close(visitor)]

    async def close(self, visitor: Visitor) -> list[str]:
        async with AsyncLine(self.desk.url, "/ws/visitor/") as line:
            await line.command("hello", v=1, button="sales", token=visitor.token)
            last = visitor.next_words(visitor.ref)
            visitor.line, visitor.pending = line, last
            _, ended = await asyncio.gather(visitor.say(), line.command("conversation.close"))
            assert ended["type"] == "ok", ended
            late = await line.command("entry.post", client_id=f"late {visitor.name}", body="too late")
            return [late.get("code", "stored")]

    async def read_anew(self) -> list[View]:
        """Every conversation, as a browser of the visitor's and one of a supervisor see it that know nothing yet."""
        views = {ref: (View("fresh visitor", ref), View("fresh supervisor", ref)) for ref in self.refs}
        for visitor in self.visitors:
            async with AsyncLine(self.desk.url, "/ws/visitor/", hear=_reader(views, 0)) as line:
                await line.command("hello", v=1, button="sales", token=visitor.token, after=0)
        async with AsyncLine(self.desk.url, "/ws/desk/", self.desk.sam, hear=_reader(views, 1)) as line:
            await line.command("hello", v=1)
            for ref in self.refs:
                assert (await line.command("conversation.resume", conversation=ref, after=0))["type"] == "ok"
        return [view for pair in views.values() for view in pair]


def _reader(views: dict[str, tuple[View, View]], role: int) -> Hear:
    def hear(frame: Frame) -> None:
        if frame["type"] == "entry.posted":
            views[frame["conversation"]][role].show(Seen(frame["seq"], frame["kind"], frame["body"]))

    return hear


def test_nothing_is_lost_doubled_or_reordered(desk: Desk, tell: Tell) -> None:
    asyncio.run(_the_whole_story(desk, tell))


async def _the_whole_story(desk: Desk, tell: Tell) -> None:
    cast = Cast(desk)
    before = desk.memory()
    await cast.play(Nemesis(desk, cast.history))
    late = await cast.end()
    fresh = await cast.read_anew()
    rows = await asyncio.to_thread(desk.rows, *cast.refs)
    found = verdict(cast.history, rows, fresh)
    tell(figures(cast.history))
    tell(f"memory of the web processes, MB: {_whole(before)} before, {_whole(desk.memory())} after")
    tell(", ".join(f"{name} {len(wrong)}" for name, wrong in found.items()))
    unsaid = [attempt.body for attempt in cast.history.attempts if not attempt.acked and not attempt.refused]
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    assert unsaid == []
    assert late == ["conversation.closed"] * len(late)
    kinds = {row["kind"] for row in rows}
    assert kinds >= {"message", "join", "leave", "transfer", "close"}, "the run was too quiet to prove anything"
    assert sum(1 for attempt in cast.history.attempts if attempt.acked) > 300


def _whole(numbers: list[float]) -> str:
    return ", ".join(f"{number:.0f}" for number in numbers)
