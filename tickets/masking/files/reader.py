"""A process that reads one document after another: started when the first comes, gone when none came for a while."""

from __future__ import annotations

import atexit
import os
import select
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

LENGTHS = struct.Struct(">LQ")  # of the head and of the document
DOCUMENTS = 200  # then a fresh process takes over, whatever the library may have kept in memory
_ROOT = Path(__file__).resolve().parents[3]
_MODULE = "tickets.masking.files.child"
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT")
_CHUNK = 1 << 20


class Silent(Exception):
    """No answer came: the process died, or took too long."""


class Reader:
    """One such process of this one. Documents wait for each other."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._left = 0

    def ask(self, head: bytes, data: bytes, seconds: float) -> tuple[bytes, bytes]:
        """Head and document of the answer. Raises Silent."""
        with self._lock:
            try:
                process = self._ready()
                self._left -= 1
                try:
                    _send(process, head, data)
                except BrokenPipeError:  # it had waited long enough, and left
                    self._end()
                    process = self._ready()
                    _send(process, head, data)
                return _received(process, time.monotonic() + seconds)
            except (OSError, Silent) as failed:
                self._end()
                raise Silent from failed

    def end(self) -> None:
        with self._lock:
            self._end()

    def _ready(self) -> subprocess.Popen[bytes]:
        if self._owner != os.getpid():  # a fork has the numbers of its parent's process, but not the process
            self._process, self._owner = None, os.getpid()
        if self._process is not None and (self._left <= 0 or self._process.poll() is not None):
            self._end()
        if self._process is None:
            self._process, self._left = _started(), DOCUMENTS
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        process.wait()


def _started() -> subprocess.Popen[bytes]:
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return subprocess.Popen(  # noqa: S603 - our own module, and nothing of a document among the words
        [sys.executable, "-m", _MODULE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        cwd=_ROOT,
        env=kept | {"PYTHONPATH": str(_ROOT)},
    )


def _send(process: subprocess.Popen[bytes], head: bytes, data: bytes) -> None:
    if process.stdin is None:
        raise Silent
    for piece in (LENGTHS.pack(len(head), len(data)), head, data):
        rest = memoryview(piece)
        while rest:
            rest = rest[os.write(process.stdin.fileno(), rest) :]


def _received(process: subprocess.Popen[bytes], until: float) -> tuple[bytes, bytes]:
    if process.stdout is None:
        raise Silent
    descriptor = process.stdout.fileno()
    head, data = LENGTHS.unpack(_read(descriptor, LENGTHS.size, until))
    return _read(descriptor, head, until), _read(descriptor, data, until)


def _read(descriptor: int, count: int, until: float) -> bytes:
    pieces: list[bytes] = []
    while count:
        ready, _, _ = select.select([descriptor], [], [], max(0.0, until - time.monotonic()))
        piece = os.read(descriptor, min(count, _CHUNK)) if ready else b""
        if not piece:
            raise Silent
        pieces.append(piece)
        count -= len(piece)
    return b"".join(pieces)


READER = Reader()
atexit.register(READER.end)
