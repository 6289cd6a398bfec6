"""Where blocking work of the event loop goes: a few threads of its own, each with its own database connection."""

from __future__ import annotations

import asyncio
import functools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import ParamSpec, TypeVar

from django.db import DatabaseError, connections
from django.utils.translation import get_language, override

P = ParamSpec("P")
T = TypeVar("T")

THREADS = 4
_threads = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="desk-db")


def _mended(call: Callable[[], T], language: str) -> T:
    """A call whose connection is dropped after a database error, so that the next one starts afresh."""
    try:
        with override(language):  # a refusal is worded here
            return call()
    except DatabaseError:
        connections.close_all()
        raise


async def in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The result of a blocking function, run beside the event loop."""
    call = functools.partial(function, *args, **kwargs)
    here = copy_context()  # the audit log asks it who is at work
    return await asyncio.get_running_loop().run_in_executor(_threads, here.run, _mended, call, get_language())


def _close_together(everybody: threading.Barrier) -> None:
    everybody.wait(10)
    connections.close_all()


async def close_connections() -> None:
    """Give every thread's connection back: for a process that stops, and for tests between databases."""
    global _threads
    old, _threads = _threads, ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="desk-db")
    loop = asyncio.get_running_loop()
    everybody = threading.Barrier(THREADS)  # so that no thread closes twice while another keeps its connection
    await asyncio.gather(*(loop.run_in_executor(old, _close_together, everybody) for _ in range(THREADS)))
    old.shutdown(wait=False)
