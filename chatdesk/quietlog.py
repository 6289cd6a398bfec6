"""Lines of the log name nobody: what a library or a database quotes in an error is taken out before it is written."""

from __future__ import annotations

import logging
import re

_PART = r"[^\s@<>()\[\]\"',;:=|/\\]"
_ADDRESS = re.compile(rf"(?<!{_PART}){_PART}+(?:@|%40){_PART}*\.[^\W\d_]{{2,}}")
# A path that is a password: of a return link, an invitation to open an account, the first run, a new password.
_SECRET_PATH = re.compile(r"(/(?:return|opening|first-run|password/set/[\w-]+)/)[\w-]{16,}")


def quiet(text: str) -> str:
    """The text without addresses of mailboxes and without the secrets that stand in paths."""
    return _SECRET_PATH.sub(r"\1[secret]", _ADDRESS.sub("[address]", text))


class Formatter(logging.Formatter):
    """As logging's own, for whole records: their tracebacks too."""

    def format(self, record: logging.LogRecord) -> str:
        return quiet(super().format(record))
