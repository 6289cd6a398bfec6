"""An operator as a program: signed in through the real door, then on the real socket, inside a real browser page."""

from __future__ import annotations

import re
import time
from typing import Any, Self

from playwright.sync_api import BrowserContext

from tests.services.product import Product

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


class OperatorLine:
    """`with OperatorLine(context, product, "alice") as alice:` - here, available, and gone at the end."""

    def __init__(self, context: BrowserContext, product: Product, name: str) -> None:
        self.page = context.new_page()
        self.page.goto(f"{product.url}/accounts/login/")
        self.page.fill("input[name=username]", f"{name}@desk.example")
        self.page.fill("input[name=password]", product.password)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url(re.compile("^(?!.*login).*$"))
        self.connect()

    def connect(self) -> None:
        self.page.evaluate(OPEN, "/ws/desk/")
        self.send("hello", v=1)
        self.send("presence.set", status="available")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.page.evaluate("desk.socket.close()")
        self.page.close()

    def send(self, kind: str, **fields: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.page.evaluate("([type, fields]) => desk.send(type, fields)", [kind, fields])
        return answer

    def heard(self, kind: str) -> list[dict[str, Any]]:
        """The events of that type, so far."""
        events: list[dict[str, Any]] = self.page.evaluate("(type) => desk.events.filter((e) => e.type === type)", kind)
        return events

    def hears(self, kind: str, **facts: Any) -> dict[str, Any]:
        """Wait until an event with these facts came."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            for event in reversed(self.heard(kind)):
                if all(event.get(name) == value for name, value in facts.items()):
                    return dict(event)
            self.page.wait_for_timeout(30)
        raise AssertionError(f"no {kind} with {facts}")

    def forget(self) -> None:
        self.page.evaluate("desk.events.length = 0")

    def says(self, conversation: str, body: str) -> int:
        answer = self.send("entry.post", conversation=conversation, client_id=f"{time.monotonic_ns():x}", body=body)
        return int(answer["seq"])
