"""The plainest conversation: a visitor on one web process, an operator on the other."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from websockets.exceptions import ConnectionClosed

from tests.faults.desk import Desk
from tests.production.line import Frame, Line, operator_line
from tests.services.process import wait_until

VISITORS, OPERATORS = 0, 1  # the web process that each side is on


@dataclass
class Talk:
    desk: Desk
    visitor: Line
    operator: Line
    conversation: str
    token: str

    def post(self, body: str, client_id: str = "") -> Frame:
        """The visitor's message, answered."""
        return self.visitor.command("entry.post", client_id=client_id or fresh(), body=body)

    def reply(self, body: str) -> Frame:
        """The operator's."""
        return self.operator.command("entry.post", conversation=self.conversation, client_id=fresh(), body=body)

    def bodies(self) -> list[str]:
        """Every message as the database has it, in order."""
        return [row["body"] for row in self.desk.rows(self.conversation) if row["kind"] == "message"]

    def back(self, after: int, process: int = OPERATORS) -> Line:
        """The visitor on a new line, at the web process named."""
        self.desk.proxy.lead_to(process)
        return visitor_line(self.desk, token=self.token, after=after)


def visitor_line(desk: Desk, **hello: Any) -> Line:
    """A visitor of Support who has said hello."""
    line = Line(desk.url, "/ws/visitor/")
    answer = line.command("hello", v=1, button="support", **hello)
    assert answer["type"] == "ok", answer
    return line


def fresh() -> str:
    return str(uuid.uuid4())


@contextmanager
def talking(desk: Desk) -> Iterator[Talk]:
    """Begun, and given to the operator; closed at the end."""
    desk.proxy.lead_to(OPERATORS)
    with operator_line(desk.url, desk.talker) as operator:
        desk.proxy.lead_to(VISITORS)
        with visitor_line(desk) as visitor:
            started = visitor.command("conversation.start", client_id=fresh(), body="Good morning")
            assert started["type"] == "ok", started
            ref = started["conversation"]
            operator.event("conversation.assigned", conversation=ref)
            yield Talk(desk, visitor, operator, ref, started["token"])
            desk.proxy.lead_to()
            end(desk, ref)


def end(desk: Desk, ref: str) -> None:
    """Closed by a supervisor, who comes back like everybody if the desk is busy mending itself."""
    wait_until(lambda: is_closed(desk, ref), 20, f"{ref} is closed")


def is_closed(desk: Desk, ref: str) -> bool:
    with Line(desk.url, "/ws/desk/", desk.sam) as sam:
        try:
            hello = sam.command("hello", v=1)
            answer = sam.command("conversation.close", conversation=ref) if hello["type"] == "ok" else hello
        except ConnectionClosed:
            return False
    return bool(answer["type"] == "ok" or answer["code"] == "conversation.closed")


def seconds_until(line: Line, body: str, within: float) -> float:
    """How long until this message is shown on a line. Raises TimeoutError."""
    began = time.monotonic()
    line.until(lambda frame: frame["type"] == "entry.posted" and frame["body"] == body, within)
    return time.monotonic() - began
