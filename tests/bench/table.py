"""Plain tables on standard output, and bars: what was wanted beside what was measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Bar:
    """A figure that is wanted: at least `least` or at most `most`, of `unit` (empty for a ratio)."""

    what: str
    measured: float
    least: float | None = None
    most: float | None = None
    unit: str = ""

    @property
    def met(self) -> bool:
        return (self.least is None or self.measured >= self.least) and (self.most is None or self.measured <= self.most)

    def line(self) -> list[str]:
        wanted = f">= {self.least:g}" if self.least is not None else f"<= {self.most:g}"
        unit = f" {self.unit}" if self.unit else ""
        return ["MET" if self.met else "MISSED", self.what, f"{self.measured:.2f}{unit}", f"{wanted}{unit}"]


def show(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table: names to the left, figures to the right."""
    print(f"\n{title}")
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    for row in [head, *rows]:
        cells = [
            cell.ljust(width) if n == 0 else cell.rjust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        print("  ".join(cells).rstrip(), flush=True)


def show_bars(bars: Sequence[Bar]) -> None:
    """Print each bar with MET or MISSED."""
    for row in [bar.line() for bar in bars]:
        print(f"{row[0]:7} {row[1]}: {row[2]} (wanted {row[3]})", flush=True)
