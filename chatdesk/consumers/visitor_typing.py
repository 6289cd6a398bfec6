"""What a visitor types before sending: from memory to memory, never stored, and gone after a few seconds."""

from __future__ import annotations

import asyncio
import time

from chatdesk.consumers.live import Live
from chatdesk.models import Preview
from chatdesk.protocol import PREVIEW_CHARS, Author, Typing, TypingPreview, frame

VISITOR = Author(kind="visitor")
GONE_AFTER = 6.0  # seconds
NOT_BEFORE = 0.3
AGAIN_AFTER = 3.0  # for those at the desk who only look on: windows forget a mark after 8


class VisitorTypingMark:
    """Shows at most one preview in 300 ms; the newest text wins."""

    def __init__(self) -> None:
        self._shown = False
        self._text = ""
        self._told_at = 0.0
        self._marked_at = 0.0
        self._gone: asyncio.TimerHandle | None = None
        self._next: asyncio.TimerHandle | None = None

    def heard(self, live: Live, rule: str, text: str | None) -> None:
        """The visitor typed. `text` None: they keep it to themselves; empty: the box is empty."""
        if rule == Preview.OFF:
            return
        if text is not None and not text.strip():
            self.stop(live)
            return
        self._text = text[-PREVIEW_CHARS:] if text is not None and rule == Preview.PREVIEW else ""
        loop = asyncio.get_running_loop()
        self._cancel(self._gone)
        self._gone = loop.call_later(GONE_AFTER, self.stop, live)
        if self._next is None:
            wait = max(0.0, self._told_at + NOT_BEFORE - time.monotonic())
            self._next = loop.call_later(wait, self._tell, live) if wait else None
            if not wait:
                self._tell(live)

    def stop(self, live: Live) -> None:
        """The box is empty, sent, or left: nothing of the text stays anywhere."""
        self._cancel(self._gone)
        self._cancel(self._next)
        self._gone = self._next = None
        self._text = ""
        if self._shown:
            self._shown = False
            live.tell("beside", frame(TypingPreview(conversation=live.ref, text="")))
            live.tell("operator", frame(Typing(conversation=live.ref, author=VISITOR, on=False)))

    def _tell(self, live: Live) -> None:
        self._next = None
        self._told_at = time.monotonic()
        preview = frame(TypingPreview(conversation=live.ref, text=self._text))
        if not self._text:
            live.tell("beside", preview)  # before the mark: a window takes an empty preview for the end of writing
            self._mark(live, "operator")
        else:
            if not self._shown:
                self._mark(live, "operator")
            elif self._told_at - self._marked_at > AGAIN_AFTER:
                self._mark(live, "aside")
            live.tell("beside", preview)
        self._shown = True

    def _mark(self, live: Live, whom: str) -> None:
        self._marked_at = self._told_at
        live.tell(whom, frame(Typing(conversation=live.ref, author=VISITOR, on=True)))

    @staticmethod
    def _cancel(timer: asyncio.TimerHandle | None) -> None:
        if timer is not None:
            timer.cancel()
