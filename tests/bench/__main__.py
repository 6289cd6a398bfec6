"""`python -m tests.bench [name ...]`: all benches, or the named ones: live, memory, browser, scale.

A missed bar is printed, never a failure: a figure belongs to the machine it was measured on.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from tests.bench import bench_browser, bench_live, bench_memory, bench_scale
from tests.bench.backing import Backing, backing

BENCHES: dict[str, Callable[[Backing], None]] = {
    "live": bench_live.run,
    "memory": bench_memory.run,
    "browser": bench_browser.run,
    "scale": bench_scale.run,
}


def main(names: list[str]) -> int:
    """Run the named benches, or all. 2 for a name that does not exist."""
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        print(f"There is no bench {', '.join(unknown)}. There are: {', '.join(BENCHES)}.", file=sys.stderr)
        return 2
    with backing() as stores:
        for name in names or list(BENCHES):
            begun = time.monotonic()
            print(f"\n=== {name} ===", flush=True)
            BENCHES[name](stores)
            print(f"({name} took {time.monotonic() - begun:.0f} s)", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
