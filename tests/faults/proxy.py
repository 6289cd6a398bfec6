"""The network between people and the web processes: a TCP proxy that can cut lines, stop them, and swallow answers."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Collection, Sequence
from itertools import count
from typing import Self

CHUNK = 65_536
NOBODY_MS = 100  # how long a caller waits whom no process answers


class Wire:
    """One connection through the proxy, and what the nemesis does to it."""

    def __init__(self, backend: int) -> None:
        self.backend = backend
        self.flowing = asyncio.Event()  # cleared: half-open, not a byte passes either way
        self.flowing.set()
        self.mute = False  # what the server says is swallowed
        self.ended_by_server = False
        self.writers: list[asyncio.StreamWriter] = []

    def cut(self) -> None:
        for writer in self.writers:
            writer.transport.abort()

    async def pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, down: bool) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await source.read(CHUNK):
                await self.flowing.wait()
                if not (down and self.mute):
                    sink.write(data)
                    await sink.drain()
        self.ended_by_server = self.ended_by_server or down
        self.cut()


class Proxy:
    """Listens on `port` of 127.0.0.1 for the processes at `backends`; callers are dealt out in turn.

    A process that does not answer is passed over. Every method may be called from any thread.
    """

    def __init__(self, port: int, backends: Sequence[int]) -> None:
        self.port, self.backends = port, list(backends)
        self.url = f"http://127.0.0.1:{port}"
        self.wires: set[Wire] = set()
        self._open_to = list(range(len(self.backends)))
        self._turn = count()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._do(self._server.close)
        self.cut()
        asyncio.run_coroutine_threadsafe(self._ended(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _listen(self) -> asyncio.Server:
        return await asyncio.start_server(self._serve, "127.0.0.1", self.port, backlog=512)

    async def _ended(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _each(self, wires: Collection[Wire], action: Callable[[Wire], None]) -> None:
        def act() -> None:
            for wire in wires:
                action(wire)

        self._do(act)

    def _do(self, action: Callable[[], None]) -> None:
        done = threading.Event()

        def act() -> None:
            try:
                action()
            finally:
                done.set()

        self._loop.call_soon_threadsafe(act)
        done.wait(10)

    # --- what a nemesis does ---

    def lead_to(self, *backends: int) -> None:
        """New callers reach these processes only (their places in `backends`); none named: all of them."""
        self._open_to = list(backends) or list(range(len(self.backends)))

    def lines(self, backend: int | None = None) -> list[Wire]:
        return [wire for wire in list(self.wires) if backend is None or wire.backend == backend]

    def cut(self, wires: Collection[Wire] | None = None) -> None:
        """Lines break at once, as by a router that restarts. None: all of them."""
        self._each(self.lines() if wires is None else wires, Wire.cut)

    def hold(self, wires: Collection[Wire]) -> None:
        """The lines are half-open: both ends believe in them, and nothing passes."""
        self._each(wires, lambda wire: wire.flowing.clear())

    def release(self, wires: Collection[Wire]) -> None:
        self._each(wires, lambda wire: wire.flowing.set())

    def swallow_answers(self, wires: Collection[Wire]) -> None:
        """What the server says on these lines is lost from now on."""
        for wire in wires:
            wire.mute = True

    # --- one connection ---

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reached = await self._reach()
        if reached is None:
            writer.transport.abort()
            return
        wire, below, above = reached
        wire.writers = [writer, above]
        self.wires.add(wire)
        try:
            await asyncio.gather(wire.pump(reader, above, down=False), wire.pump(below, writer, down=True))
        finally:
            self.wires.discard(wire)
            wire.cut()

    async def _reach(self) -> tuple[Wire, asyncio.StreamReader, asyncio.StreamWriter] | None:
        first = next(self._turn)
        for step in range(len(self._open_to)):
            backend = self._open_to[(first + step) % len(self._open_to)]
            try:
                return Wire(backend), *await asyncio.open_connection("127.0.0.1", self.backends[backend])
            except OSError:
                continue
        await asyncio.sleep(NOBODY_MS / 1000)
        return None
