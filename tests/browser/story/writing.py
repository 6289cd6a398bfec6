"""Two people who write at once, and do not wait for each other."""

from __future__ import annotations

from collections.abc import Iterable

from tests.browser.desk.window import DeskWindow
from tests.browser.story.visitor import VisitorWindow


def insists(alice: DeskWindow, text: str) -> None:
    """Reply, whatever arrived meanwhile."""
    alice.reply(text)
    if alice.page.locator("#guard").is_visible():
        alice.page.click("#guard-send")


def both_write(alice: DeskWindow, vera: VisitorWindow, numbers: Iterable[int]) -> list[str]:
    """Everything they said."""
    said = []
    for n in numbers:
        vera.says(f"vera {n:02}")
        insists(alice, f"alice {n:02}")
        said += [f"vera {n:02}", f"alice {n:02}"]
    return said


def stand_alike(alice: DeskWindow, vera: VisitorWindow, kept: list[str], said: list[str]) -> None:
    """Everything said stands once on both screens, in the order of the record; each person's own in theirs."""
    assert sorted(kept) == sorted(said)
    assert alice.bodies() == vera.bodies() == kept
    for name in ("vera ", "alice "):
        own = [body for body in kept if body.startswith(name)]
        assert own == sorted(own)
