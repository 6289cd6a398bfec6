"""The desk as people see it: two pages of a real Chromium, DOM to DOM, and the button on a web page."""

from __future__ import annotations

import statistics

from playwright.sync_api import Browser

from tests.bench import desk
from tests.bench.backing import Backing
from tests.bench.browser_button import Shown, host_page, show
from tests.bench.browser_talk import ROWS, open_both, page, say, take
from tests.bench.desk import BUTTON, EMBEDDED, Desk
from tests.bench.measured_requests import Asked, Requests
from tests.bench.table import Bar, show_bars
from tests.services.chromium import chromium

ROUNDS = 20  # messages each way
TIMES = 5
KILOBYTE = 1024


def run(backing: Backing) -> None:
    """Measure on the embedded desk and print the bars. Raises what the desk or the browser raises."""
    with desk.running(EMBEDDED, "daphne", TIMES, backing) as running, chromium() as browser:
        show_bars(_talk_bars(running, browser))
        show_bars(_button_bars(running, browser, backing))
        show_bars(_weight_bars(running, browser))


def _talk_bars(running: Desk, browser: Browser) -> list[Bar]:
    new, messages = [], []
    for number in range(TIMES):
        arrival, talk = _conversation(running, browser, number)
        new.append(arrival)
        messages += talk
    slow = statistics.quantiles(messages, n=20)[-1]
    return [
        Bar("a message, DOM to DOM, median", _median(messages), most=100, unit="ms"),
        Bar("a message, DOM to DOM, 95th percentile", slow, most=200, unit="ms"),
        Bar("a new chat on the dashboard, median", _median(new), most=300, unit="ms"),
    ]


def _conversation(running: Desk, browser: Browser, number: int) -> tuple[float, list[float]]:
    """Milliseconds until the new chat is on the dashboard, and of each message of a talk."""
    url, first = running.webs[0].http, f"Is anybody there, number {number}?"
    with page(browser) as visitor, page(browser, running.operators[number], url) as operator:
        open_both(running, visitor, operator)
        arrival = say(visitor, operator, first, ROWS)
        take(operator, first)
        talk = []
        for message in range(ROUNDS // TIMES):
            talk.append(say(visitor, operator, f"I ask, {message} of {number}"))
            talk.append(say(operator, visitor, f"I answer, {message} of {number}"))
        return arrival, talk


def _button_bars(running: Desk, browser: Browser, backing: Backing) -> list[Bar]:
    url = running.webs[0].http
    with host_page(backing.new_folder(), url) as host:
        shown = [show(browser, host, url) for _ in range(TIMES)]
    return [
        Bar("the button, seen on a host page, median", _median([s.button for s in shown]), most=150, unit="ms"),
        Bar("from the click to a usable form, median", _median([s.form for s in shown]), most=150, unit="ms"),
        *_asked_bars(shown[0]),
    ]


def _median(values: list[float]) -> float:
    return statistics.median(values)


def _asked_bars(shown: Shown) -> list[Bar]:
    script = sum(asked.size for asked in shown.asked if asked.url.endswith("/widget.js"))
    others = sum(asked.size for asked in shown.asked if not asked.url.endswith("/widget.js"))
    return [
        Bar("requests to the desk before the click", len(shown.asked), most=2),
        Bar("widget.js over the wire", script / KILOBYTE, most=3, unit="KB"),
        Bar("the button's state over the wire", others / KILOBYTE, most=1, unit="KB"),
    ]


def _weight_bars(running: Desk, browser: Browser) -> list[Bar]:
    with page(browser) as window:
        requests = Requests(window, running.webs[0].http)
        window.goto(f"{running.webs[0].http}/chat/{BUTTON}/")
        window.wait_for_load_state("networkidle")
        asked = requests.finished()
    _print(asked)
    return [
        Bar("the chat page with everything it loads", sum(a.size for a in asked) / KILOBYTE, most=40, unit="KB"),
        Bar("its requests, the socket among them", len(asked), most=6),
    ]


def _print(asked: list[Asked]) -> None:
    for one in asked:
        print(f"        {one.size:6} bytes {one.url.split('/', 3)[-1]}")
