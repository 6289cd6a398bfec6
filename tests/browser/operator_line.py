"""An operator as a program: signed in through the real door, then on the real socket, inside a real browser page."""

from __future__ import annotations

import time
from typing import Any, Self

from playwright.sync_api import BrowserContext

from tests.services.product import Product

PATIENCE = 10.0  # seconds

OPEN = """
(path) => new Promise((ready, fail) => {
  const socket = new WebSocket(location.origin.replace(/^http/, "ws") + path);
  window.desk = { socket, events: [], number: 0, answers: new Map() };
  socket.onmessage = ({ data }) => {
    const frame = JSON.parse(data);
    desk.answers.get(frame.id)?.(frame);
    desk.events.push(frame);
  };
  socket.onerror = () => fail(new Error("no socket"));
  socket.onopen = ready;
  desk.send = (type, fields) => new Promise((answered) => {
    const id = String(++desk.number);
    desk.answers.set(id, answered);
    socket.send(JSON.stringify({ type, id, ...fields }));
  });
})
"""


def sign_in(context: BrowserContext, product: Product, name: str) -> None:
    page = context.new_page()
    page.goto(f"{product.url}/accounts/login/")
    page.fill("input[name=username]", f"{name}@desk.example")
    page.fill("input[name=password]", product.password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "login" not in url)


class OperatorLine:
    """`with stage.operator() as olga:` - available, and at the end done with every chat."""

    def __init__(self, context: BrowserContext, product: Product) -> None:
        self.product = product
        self._openings: dict[str, str] = {}
        self.page = context.new_page()
        self.page.goto(f"{product.url}/help/")
        self.connect()

    def connect(self) -> None:
        self.page.evaluate(OPEN, "/ws/desk/")
        self.send("hello", v=1)
        self.send("presence.set", status="available")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None and self.page.evaluate("window.desk?.socket.readyState") == 1:
            for event in self.heard("conversation.assigned"):
                self.send("conversation.close", conversation=event["conversation"])
            self.send("presence.set", status="unavailable")
        self.page.context.close()

    def send(self, kind: str, **fields: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.page.evaluate("([type, fields]) => desk.send(type, fields)", [kind, fields])
        return answer

    def heard(self, what: str) -> list[dict[str, Any]]:
        """The events of that type, so far."""
        events: list[dict[str, Any]] = self.page.evaluate("(type) => desk.events.filter((e) => e.type === type)", what)
        return events

    def hears(self, what: str, **facts: Any) -> dict[str, Any]:
        """Wait until an event with these facts came."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            for event in reversed(self.heard(what)):
                if all(event.get(name) == value for name, value in facts.items()):
                    return dict(event)
            self.page.wait_for_timeout(30)
        raise AssertionError(f"no {what} with {facts}")

    def gets_chat(self, opening: str) -> str:
        """Wait to be given the chat that begins with these words; its reference. Others may be given before it."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            for event in self.heard("conversation.assigned"):
                if self._opening(event["conversation"]) == opening:
                    return str(event["conversation"])
            self.page.wait_for_timeout(30)
        raise AssertionError(f"no chat that begins with {opening!r}")

    def _opening(self, ref: str) -> str:
        if ref not in self._openings:
            self.send("conversation.resume", conversation=ref, after=0)
            first = [e for e in self.heard("entry.posted") if e["conversation"] == ref and e["seq"] == 1]
            self._openings[ref] = str(first[0]["body"])
        return self._openings[ref]

    def says(self, conversation: str, body: str) -> int:
        """Write into it; the entry's number."""
        answer = self.send("entry.post", conversation=conversation, client_id=f"{time.monotonic_ns():x}", body=body)
        return int(answer["seq"])

    def said(self, conversation: str) -> list[str]:
        """What the visitor said there, in order."""
        posted = [event for event in self.heard("entry.posted") if event["conversation"] == conversation]
        return [
            event["body"] for event in posted if event["author"]["kind"] == "visitor" and event["kind"] == "message"
        ]
