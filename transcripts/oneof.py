"""A condition on very many values at once: as one parameter, where thousands would take longer to send than to find."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection


def one_of(column: str, values: Sequence[int] | Sequence[str]) -> tuple[str, Any]:
    """SQL for `column` (never of a stranger's making) being one of the values, and its one parameter."""
    if connection.vendor == "postgresql":
        kind = "text" if values and isinstance(values[0], str) else "bigint"
        return f"{column} = ANY(%s::{kind}[])", list(values)
    return f"{column} IN (SELECT value FROM json_each(%s))", json.dumps(list(values))  # noqa: S608 - a name of ours
