"""Whether a change lets something go earlier: then a second person and a day's delay stand before it."""

from __future__ import annotations

from transcripts.retention.rules import Rule


def shortens(before: Rule | None, after: Rule | None) -> bool:
    """True unless the change can only keep things longer.

    A new rule shortens if it deletes. Taking one away always counts: another that deletes sooner may stand behind it.
    """
    if after is None:
        return before is not None
    if before is None:
        return after.delete_days is not None
    if (before.group, before.data, before.kind, before.anchor) != (after.group, after.data, after.kind, after.anchor):
        return True
    keeps_less = (after.keep_days or 0) < (before.keep_days or 0)
    loses_export = before.export_first and not after.export_first
    return keeps_less or _deletes_sooner(before.delete_days, after.delete_days, before.group) or loses_export


def _deletes_sooner(before: int | None, after: int | None, group: int | None) -> bool:
    if after is None:  # a group that says nothing falls back on what holds for all, which may be sooner
        return before is not None and group is not None
    return before is None or after < before
