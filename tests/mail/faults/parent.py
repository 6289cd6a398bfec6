"""Loads the product once, and has a child for each order: `python -m tests.mail.faults.parent`.

Orders come in on the standard input, a JSON object a line. For each it forks, says the child's number, and then how
it ended.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import django


def obey(deeds: ModuleType, order: dict[str, Any]) -> None:
    """Do it, write down what it returned, and end. Never returns."""
    try:
        deeds.move_clock(order["ahead"])
        told = getattr(deeds, order["deed"])(**order["facts"])
        Path(order["result"]).write_text(json.dumps(told))
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatdesk.settings")
    django.setup()
    deeds = import_module("tests.mail.faults.deeds")
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            obey(deeds, json.loads(line))
        print(pid, flush=True)
        print(os.waitpid(pid, 0)[1], flush=True)


if __name__ == "__main__":
    main()
