"""Typing preview, honest: told before it happens, shown as the desk sees it, off at once, and stored nowhere."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.browser.operator_line import OperatorLine
from tests.browser.stage import Stage, holds_token, says

pytestmark = [pytest.mark.browser, pytest.mark.once]
PAUSE = 500  # longer than the 300 ms between two previews


def previews(olga: OperatorLine) -> list[str]:
    return [event["text"] for event in olga.heard("typing.preview")]


def test_nothing_is_shown_before_the_first_message(stage: Stage) -> None:
    with stage.operator() as olga:
        visitor = stage.visitor("seen")
        expect(visitor.locator("#preview-words")).to_contain_text(
            "After your first message the desk sees what you type"
        )
        visitor.locator("#body").press_sequentially("thinking about it")
        visitor.wait_for_timeout(PAUSE)
        assert previews(olga) == []


def test_the_visitor_sees_what_the_desk_sees(stage: Stage) -> None:
    with stage.operator() as olga:
        visitor = stage.visitor("seen")
        says(visitor, "Preview me")
        olga.gets_chat("Preview me")
        expect(visitor.locator("#preview-words")).to_have_text("Olga can see what you type, before you send it.")
        visitor.locator("#body").press_sequentially("could you send me", delay=30)
        olga.hears("typing.preview", text="could you send me")
        expect(visitor.locator("#seen-text")).to_have_text("could you send me")
        visitor.fill("#body", "")
        olga.hears("typing.preview", text="")
        expect(visitor.locator("#seen")).to_be_hidden()


def test_previews_are_few_and_short(stage: Stage) -> None:
    with stage.operator() as olga:
        visitor = stage.visitor("seen")
        says(visitor, "A long one follows")
        olga.gets_chat("A long one follows")
        visitor.locator("#body").press_sequentially("y" * 40, delay=15)
        visitor.fill("#body", "x" * 900)
        olga.hears("typing.preview", text="x" * 400)
        assert len(previews(olga)) <= 8


def test_writing_privately_takes_it_back_at_once(stage: Stage) -> None:
    with stage.operator() as olga:
        visitor = stage.visitor("seen")
        says(visitor, "Something private")
        olga.gets_chat("Something private")
        visitor.locator("#body").press_sequentially("my diagnosis")
        olga.hears("typing.preview", text="my diagnosis")
        visitor.click("#private")
        olga.hears("typing.preview", text="")
        expect(visitor.locator("#preview-words")).to_have_text("Nobody sees what you type until you send it.")
        before = len(previews(olga))
        visitor.locator("#body").press_sequentially(" is secret")
        visitor.wait_for_timeout(PAUSE)
        assert len(previews(olga)) == before
        visitor.press("#body", "Enter")
        olga.hears("entry.posted", body="my diagnosis is secret")
        expect(visitor.locator("#preview-words")).to_contain_text("Olga can see what you type")


def test_it_can_be_switched_off_for_good(stage: Stage) -> None:
    with stage.operator() as olga:
        visitor = stage.visitor("seen")
        visitor.check("#quiet")
        says(visitor, "Never show it")
        olga.gets_chat("Never show it")
        holds_token(visitor, "seen")
        visitor.reload()
        expect(visitor.locator("#quiet")).to_be_checked()
        expect(visitor.locator("#title")).to_contain_text("Olga")
        visitor.locator("#body").press_sequentially("nothing of this")
        visitor.wait_for_timeout(PAUSE)
        assert previews(olga) == []
        assert olga.heard("typing") == []


def test_an_indicator_shows_no_text(stage: Stage) -> None:
    with stage.operator() as olga:
        visitor = stage.visitor("hinted")
        says(visitor, "Only a hint")
        olga.gets_chat("Only a hint")
        expect(visitor.locator("#preview-words")).to_have_text("Olga can see that you type, not what.")
        visitor.locator("#body").press_sequentially("MARKER")
        olga.hears("typing", on=True)
        assert "MARKER" not in json.dumps(olga.page.evaluate("desk.events"))


def test_without_it_nothing_is_told(stage: Stage) -> None:
    with stage.operator() as olga:
        visitor = stage.visitor("plain")
        says(visitor, "No preview here")
        olga.gets_chat("No preview here")
        assert visitor.locator("#preview-notice").count() == 0
        visitor.locator("#body").press_sequentially("nothing")
        visitor.wait_for_timeout(PAUSE)
        assert olga.heard("typing") == []
        assert previews(olga) == []


def test_the_browser_keeps_nothing_of_it(stage: Stage) -> None:
    with stage.operator() as olga:
        visitor = stage.visitor("seen")
        says(visitor, "Look into my browser")
        olga.gets_chat("Look into my browser")
        visitor.locator("#body").press_sequentially("UNSENTMARKER")
        olga.hears("typing.preview", text="UNSENTMARKER")
        assert "UNSENTMARKER" not in json.dumps(visitor.context.storage_state())
        assert "UNSENTMARKER" not in visitor.evaluate("JSON.stringify({...sessionStorage})")
