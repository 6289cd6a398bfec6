"""`python -m tests.bench [name ...]`: all benches, or the named ones (BENCHES, below).

A missed bar is printed, never a failure: a figure belongs to the machine it was measured on.
"""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Callable

from tests.bench import (
    bench_assign,
    bench_browser,
    bench_export,
    bench_intake,
    bench_live,
    bench_memory,
    bench_pdf,
    bench_scale,
    bench_sealing,
    bench_search,
    bench_verify,
)
from tests.bench.backing import Backing, backing

BENCHES: dict[str, Callable[[Backing], None]] = {
    "live": bench_live.run,
    "memory": bench_memory.run,
    "browser": bench_browser.run,
    "scale": bench_scale.run,
    "assign": bench_assign.run,
    "intake": bench_intake.run,
    "search": bench_search.run,
    "verification": bench_verify.run,
    "export": bench_export.run,
    "pdf": bench_pdf.run,
    "sealing": bench_sealing.run,
}


def main(names: list[str]) -> int:
    """Run the named benches, or all. 2 for a name that does not exist, 1 when a bench broke."""
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        print(f"There is no bench {', '.join(unknown)}. There are: {', '.join(BENCHES)}.", file=sys.stderr)
        return 2
    with backing() as stores:
        whole = [_whole(name, stores) for name in names or list(BENCHES)]
    return 0 if all(whole) else 1


def _whole(name: str, stores: Backing) -> bool:
    """Run one bench. False, with the story on standard error, if a part of it could not be run."""
    begun = time.monotonic()
    print(f"\n=== {name} ===", flush=True)
    try:
        BENCHES[name](stores)
    except Exception:  # whatever broke, the other benches still have figures to give
        traceback.print_exc()
        return False
    print(f"({name} took {time.monotonic() - begun:.0f} s)", flush=True)
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
