from __future__ import annotations

from chatdesk.realtime import publish


def tell_button_changed() -> None:
    """A button's settings changed: pages that show its state are told once this is committed."""
    publish("queue")
