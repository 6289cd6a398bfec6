from __future__ import annotations

import argparse
import sys
from pathlib import Path

from transcripts.verify.check import check, trust_of
from transcripts.verify.report import Unreadable

WHOLE, BROKEN, UNREADABLE = 0, 1, 2


def main(arguments: list[str] | None = None) -> int:
    """Say what was found, and return how the program ends."""
    parser = argparse.ArgumentParser(prog="python -m transcripts.verify", description="Check records offline.")
    parser.add_argument("path", type=Path, help="a bundle's folder or ZIP, a folder of volumes, or a visitor's copy")
    parser.add_argument("--key", default="", help="the key's name, as the desk told you by another way")
    parser.add_argument("--head", type=Path, help="an earlier head of the log, as you kept it")
    asked = parser.parse_args(arguments)
    try:
        reports = check(asked.path, trust_of(asked.key, asked.head))
    except Unreadable as error:
        sys.stderr.write(f"UNREADABLE: {error}\n")
        return UNREADABLE
    for name, report in reports:
        sys.stdout.write("\n".join([f"{name}:", *(f"  {line}" for line in report.lines())]) + "\n")
    return WHOLE if all(report.is_whole for _, report in reports) else BROKEN


if __name__ == "__main__":
    sys.exit(main())
