"""The wires between a browser and the desk: a small TCP proxy whose connections can be cut, as a network does."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Self

CHUNK = 65_536


class Wires:
    """`with Wires(port) as wires:` - a browser goes to `wires.url`; `cut` breaks every connection and lets none in."""

    def __init__(self, port: int) -> None:
        self.target = port
        self.whole = True
        self._ends: list[socket.socket] = []
        self._lock = threading.Lock()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()
        # Closing alone does not wake a thread that waits in accept.
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()

    def cut(self) -> None:
        with self._lock:
            self.whole = False
            ends, self._ends = self._ends, []
        for end in ends:
            _close(end)

    def mend(self) -> None:
        with self._lock:
            self.whole = True

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                self._join(self._door.accept()[0])

    def _join(self, near: socket.socket) -> None:
        with self._lock:
            if not self.whole:
                _close(near)
                return
            far = socket.create_connection(("127.0.0.1", self.target))
            self._ends += [near, far]
        for source, sink in ((near, far), (far, near)):
            threading.Thread(target=_carry, args=(source, sink), daemon=True).start()


def _carry(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(CHUNK):
            sink.sendall(data)
    _close(source)
    _close(sink)


def _close(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
