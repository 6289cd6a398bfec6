"""What every format has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from transcripts.formats.options import Options, Reader, Written
from transcripts.formats.story import Story
from transcripts.formats.volume import Volume


class Writer(Protocol):
    """Writes stories one after another. `add` never raises for a file that is missing or not what it was."""

    def add(self, story: Story, read: Reader) -> None: ...

    def close(self) -> Written: ...


Maker = Callable[[Volume, Options], Writer]
