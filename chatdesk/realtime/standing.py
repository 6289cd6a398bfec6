from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime

from accounts.decision import Decision
from accounts.gate import no_new_chats_after
from chatdesk.realtime.access import Rights


@dataclass
class Standing:
    """What the guard last found for one socket."""

    rights: Rights | None = None
    decision: Decision | None = None
    asked_at: float = 0.0  # by the process's own clock, seconds
    told: datetime | None = None  # the end that the person was told of

    def is_fresh(self, seconds: float) -> bool:
        return time.monotonic() - self.asked_at < seconds

    def ending(self, now: datetime) -> datetime | None:
        """When the session ends, once that is so near that no new chats are given."""
        soon = no_new_chats_after(self.decision) if self.decision else None
        return self.decision.ends_at if self.decision and soon and now >= soon else None
