"""What an export as JSON Lines costs beside PostgreSQL's own COPY of the same rows, and how much memory it takes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.bench.backing import Backing
from tests.bench.table import Bar, show, show_bars
from tests.services.process import ROOT

CONVERSATIONS = 5_000
MOST_MEGABYTES, MOST_TIMES = 150.0, 3.0
MEGABYTE = 1_000_000
ROWS = """
SELECT r.content, r.frame, r.hash, r.salts, coalesce(e.body, n.body)
FROM transcripts_record r
LEFT JOIN chatdesk_entry e ON e.conversation_id = r.conversation_id AND e.seq = r.seq
LEFT JOIN chatdesk_note n ON n.conversation_id = r.conversation_id AND n.number = r.note
ORDER BY r.conversation_id, r.number
"""


@dataclass(frozen=True)
class Measured:
    """Seconds on the clock, and the most memory that the process ever held, in bytes."""

    seconds: float
    memory: int


def run(backing: Backing, conversations: int = int(os.environ.get("BENCH_EXPORT", CONVERSATIONS))) -> None:
    """Fill a desk, export it whole, and print the bars. Raises RuntimeError if a command fails."""
    url, folder = backing.new_database(), backing.new_folder()
    env = {**os.environ, "DATABASE_URL": url, "CHATDESK_VAR": str(folder), "CHATDESK_TESTING": "1"}
    for command in (["migrate", "-v0"], ["prepare"], ["demo_archive", str(conversations)]):
        _manage(env, *command)
    export = _manage(env, "export", "--format", "jsonl", "--out", str(folder / "export"))
    took = _job(url)
    copied, size, rows = _copy(url)
    facts = [
        ["COPY (SELECT ...) TO STDOUT", f"{copied:.2f}", ""],
        ["the export's job", f"{took:.2f}", f"{export.memory / MEGABYTE:.0f}"],
        ["the whole command, with its start", f"{export.seconds:.2f}", ""],
    ]
    show(f"{rows} records, {size / MEGABYTE:.0f} MB of lines", ("", "seconds", "memory at most, MB"), facts)
    count, moved = _moved(folder / "export/files", folder / "moved")
    print(f"with {count} files, which take {moved:.2f} s when they are copied by themselves", flush=True)
    show_bars(
        [
            Bar("export / COPY of the same rows", took / copied, most=MOST_TIMES),
            Bar(
                "export / COPY of the same rows and a copy of the same files", took / (copied + moved), most=MOST_TIMES
            ),
            Bar("memory of the export at most", export.memory / MEGABYTE, most=MOST_MEGABYTES, unit="MB"),
        ]
    )


def _manage(env: dict[str, str], *arguments: str) -> Measured:
    begun = time.monotonic()
    child = subprocess.Popen(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    told = child.stderr.read() if child.stderr else b""
    _pid, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(told.decode(errors="replace")[-4000:])
    return Measured(time.monotonic() - begun, usage.ru_maxrss * 1024)


def _job(url: str) -> float:
    """Seconds from the moment it was asked for until it was finished, all volumes with their proofs."""
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT extract(epoch FROM finished_at - requested_at) FROM transcripts_export")
        row = found.fetchone()
    if row is None:
        raise RuntimeError("there was no export")
    return float(row[0])


def _moved(files: Path, target: Path) -> tuple[int, float]:
    """How many files there are, and how many seconds the bare copying of them takes."""
    begun = time.monotonic()
    if files.exists():
        shutil.copytree(files, target)
    seconds = time.monotonic() - begun
    return sum(path.is_file() for path in target.rglob("*")), seconds


def _copy(url: str) -> tuple[float, int, int]:
    """Seconds, bytes and rows of the one statement, its answer thrown away."""
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        begun, size, rows = time.monotonic(), 0, 0
        with cursor.copy(f"COPY ({ROWS}) TO STDOUT") as copy:
            for row in copy:
                size, rows = size + len(row), rows + 1
        return time.monotonic() - begun, size, rows
