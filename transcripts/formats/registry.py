"""The writers by their names. Other parts add theirs with `register` (jsonl, pdf)."""

from __future__ import annotations

from typing import Protocol

from transcripts.formats.options import Options, Reader, Written
from transcripts.formats.story import Story
from transcripts.formats.volume import Volume


class Writer(Protocol):
    """Writes stories one after another. `add` never raises for a file that is missing or not what it was."""

    def __init__(self, volume: Volume, options: Options) -> None: ...

    def add(self, story: Story, read: Reader) -> None: ...

    def close(self) -> Written: ...


WRITERS: dict[str, type[Writer]] = {}


def register(name: str, writer: type[Writer]) -> None:
    """Make a format known. A second writer of one name is a mistake (ValueError)."""
    if name in WRITERS:
        message = f"two writers are called {name}"
        raise ValueError(message)
    WRITERS[name] = writer
