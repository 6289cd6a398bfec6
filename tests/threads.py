"""Work in another thread, as another process would do it: with a database connection of its own, given back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import ParamSpec, TypeVar

from django.db import connections

P = ParamSpec("P")
T = TypeVar("T")


def closing(call: Callable[[], T]) -> T:
    try:
        return call()
    finally:
        connections.close_all()


async def elsewhere(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The result of a blocking function, run beside the loop; a connection left open would be an error."""
    return await asyncio.to_thread(closing, partial(function, *args, **kwargs))
