"""What visitors see of a button that is closed, hidden or about to open: in their own time, without loading anew."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.host_page import button, host_page, opened, panel
from tests.browser.look import OF_LOOKS, STANDARD, faults, violations
from tests.browser.stage import Stage, run_inside, says
from tests.services.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.usefixtures("shut_shop")]
INDIA: dict[str, Any] = {"locale": "en-GB", "timezone_id": "Asia/Kolkata"}  # nine in UTC is half past two there

OPENINGS = """
async ([pairs, language]) => {
  const { openingWords } = await import("/static/shared/opening.js");
  const { texts } = JSON.parse(document.getElementById("config").textContent);
  const words = (name, values = {}) => texts[name].replace(/%\\((\\w+)\\)s/g, (_, key) => values[key]);
  return pairs.map(([now, then]) => openingWords(then, words, new Date(now), language));
}
"""


def test_a_closed_shop_says_when_it_opens_and_takes_a_message(stage: Stage) -> None:
    with host_page(stage.watch, stage.product.url, "shut-mask") as address:
        page = opened(stage, address, **INDIA)
        expect(button(page)).to_contain_text("Chat with us")
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        expect(button(page)).to_contain_text(f"Closed, opens {tomorrow:%a} 14:30, your time")
        expect(button(page)).to_have_css("color", "rgb(80, 83, 88)")
        button(page).click()
        chat = panel(page)
        expect(chat.locator("#presence-words")).to_have_text("Closed right now")
        expect(chat.locator("#opens")).to_contain_text("14:30, your time.")
        expect(chat.locator("#closed-text")).to_have_text("We rest.")
        expect(chat.locator("#promise")).to_contain_text("we read it when we open")
        chat.locator("#body").fill("Do you have it in blue?")
        chat.locator("#body").press("Enter")
        expect(chat.locator("#waiting")).to_contain_text("We are closed right now. Your message is kept")
        expect(chat.locator("#waiting")).to_contain_text("14:30, your time.")
        expect(chat.locator("#presence-words")).to_have_text("Closed right now")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_closed_button_can_be_read(stage: Stage, scheme: Any) -> None:
    with host_page(stage.watch, stage.product.url, "shut-mask") as address:
        page = opened(stage, address, color_scheme=scheme, **INDIA)
        expect(button(page)).to_contain_text("Closed, opens")
        assert violations(page, OF_LOOKS) == []


def test_a_closed_page_is_sound_in_every_look(stage: Stage) -> None:
    stage.watch.allow("Applying inline style")
    page = stage.visitor("shut-mask", **INDIA)
    expect(page.locator("#opens")).to_contain_text("your time")
    assert faults(page, STANDARD) == []


def test_a_closed_shop_may_offer_to_leave_a_message(stage: Stage) -> None:
    with host_page(stage.watch, stage.product.url, "shut-message") as address:
        page = opened(stage, address, **INDIA)
        expect(button(page)).to_contain_text("Leave a message; we open")
        expect(button(page)).to_have_css("background-color", "rgb(20, 97, 74)")


def test_a_button_is_hidden_if_the_admin_insists(stage: Stage) -> None:
    with host_page(stage.watch, stage.product.url, "shut-hide") as address:
        page = opened(stage, address, **INDIA)
        expect(button(page)).to_be_hidden()
        expect(page.get_by_role("link", name="Chat with us")).to_be_hidden()
        plain = stage.watch.page(stage.browser, java_script_enabled=False)
        plain.goto(address)
        expect(plain.get_by_role("link", name="Chat with us")).to_be_visible()


def test_right_to_left_says_it_too(stage: Stage) -> None:
    page = stage.visitor("shut-mask", locale="ar", extra_http_headers={"Accept-Language": "ar"})
    expect(page.locator("#opens")).not_to_be_empty()
    assert page.evaluate("document.documentElement.dir") == "rtl"


@pytest.mark.timeout(180)
def test_the_hours_begin_before_ones_eyes(stage: Stage, shut_shop: Product) -> None:
    """The button asks again at the turn, the open page is told; nobody loads anything, nobody publishes anything."""
    turn = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)
    if turn - datetime.now(UTC) < timedelta(seconds=20):
        turn += timedelta(minutes=1)
    facts = {"weekday": turn.weekday(), "start": f"{turn:%H:%M}", "end": f"{turn + timedelta(hours=2):%H:%M}"}
    run_inside(
        shut_shop,
        f"""
from chatdesk.models import Button
from routing.models import Group, Hours, Interval
soon = Hours.objects.create(name="Soon", zone="UTC")
Interval.objects.create(hours=soon, **{facts!r})
group = Group.objects.create(name="Soon", slug="soon", hours=soon)
Button.objects.create(slug="soon", title="Soon", group=group, allowed_sites="http://127.0.0.1:*")
""",
    )
    with host_page(stage.watch, stage.product.url, "soon") as address:
        page = opened(stage, address, **INDIA)
        expect(button(page)).to_contain_text("Closed, opens")
        chat = stage.visitor("soon", **INDIA)
        expect(chat.locator("#opens")).to_have_text("We open in about 5 minutes.")
        waits = stage.visitor("soon", **INDIA)
        says(waits, "Is anybody there?")
        expect(waits.locator("#waiting")).to_contain_text("We are closed")
        until_turn = (turn - datetime.now(UTC)).total_seconds() * 1000
        expect(chat.locator("#presence-words")).to_have_text("Nobody is here right now", timeout=until_turn + 5000)
        expect(chat.locator("#closed")).to_be_hidden()
        expect(waits.locator("#waiting")).to_contain_text("Nobody is here right now")
        expect(button(page)).to_contain_text("Nobody is here right now", timeout=10_000)
        expect(button(page)).not_to_have_class("open masked")


def test_an_opening_is_rounded_up_and_vaguer_the_farther(stage: Stage) -> None:
    page = stage.visitor("plain", locale="en-GB", timezone_id="Europe/Berlin")
    now = "2026-06-02T09:00:00+02:00"  # a Tuesday
    expected = {
        "2026-06-02T09:00:30+02:00": "We open in about 5 minutes.",
        "2026-06-02T09:06:00+02:00": "We open in about 10 minutes.",
        "2026-06-02T09:55:00+02:00": "We open in about 55 minutes.",
        "2026-06-02T09:56:00+02:00": "We open in about an hour.",
        "2026-06-02T11:00:00+02:00": "We open in about 2 hours.",
        "2026-06-02T11:00:01+02:00": "We open in about 3 hours.",
        "2026-06-02T13:01:00+02:00": "We open later today, at 13:01, your time.",
        "2026-06-03T07:00:00Z": "We open tomorrow at 09:00, your time.",
        "2026-06-04T09:00:00+02:00": "We open Thursday at 09:00, your time.",
        "2026-06-08T09:00:00+02:00": "We open Monday at 09:00, your time.",
        "2026-06-10T09:00:00+02:00": "We open Wednesday 10 June at 09:00, your time.",
    }
    said = page.evaluate(OPENINGS, [[[now, then] for then in expected], "en-GB"])
    assert dict(zip(expected, said, strict=True)) == expected


def test_tomorrow_is_tomorrow_in_the_nights_of_the_clocks(stage: Stage) -> None:
    page = stage.visitor("plain", locale="en-GB", timezone_id="Europe/Berlin")
    autumn = ["2026-10-24T12:00:00+02:00", "2026-10-25T09:00:00+01:00"]
    spring = ["2026-03-28T12:00:00+01:00", "2026-03-29T09:00:00+02:00"]
    assert page.evaluate(OPENINGS, [[autumn, spring], "en-GB"]) == ["We open tomorrow at 09:00, your time."] * 2


def test_a_page_in_view_asks_again_by_itself(stage: Stage) -> None:
    """Somebody may come or go at any time: a page that stays in view is not wrong about it for long."""
    asked: list[str] = []
    with host_page(stage.watch, stage.product.url, "shut-mask") as address:
        page = stage.watch.page(stage.browser, **INDIA)
        page.on("request", lambda request: asked.append(request.url) if "/buttons/" in request.url else None)
        page.clock.install()
        page.goto(address)
        expect(button(page)).to_contain_text("Closed, opens")
        assert len(asked) == 1
        page.clock.fast_forward("01:00")
        assert len(asked) == 1
        with page.expect_response("**/buttons/*.json"):
            page.clock.fast_forward("01:10")
        assert len(asked) == 2
        stage.watch.allow("ERR_FAILED")
        page.route("**/buttons/*.json", lambda route: route.abort(), times=1)
        for outcome in ("requestfailed", "requestfinished"):  # a desk that was away once is asked again
            with page.expect_event(outcome):
                page.clock.fast_forward("02:10")
        assert len(asked) == 4
