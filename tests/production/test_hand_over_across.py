"""Notes, offers and guests between two web processes, and an offer that a worker ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import redis

from tests.production.line import Line, operator_line, sign_in, visitor_line
from tests.production.test_two_processes import fresh
from tests.services.production import Production

pytestmark = [pytest.mark.once, pytest.mark.timeout(240)]


@dataclass
class Two:
    """alice holds a chat on one process; bob, on the other, may be asked into it."""

    alice: Line
    bob: Line
    visitor: Line
    ref: str
    bobs_number: int

    def asks(self, who: Line, kind: str, **fields: object) -> None:
        answer = who.command(kind, conversation=self.ref, **fields)
        assert answer["type"] == "ok", answer

    def offers(self, kind: str, **fields: object) -> None:
        """alice asks bob, who hears of it."""
        self.asks(self.alice, kind, operator=self.bobs_number, **fields)
        self.bob.event("invitation.offered", conversation=self.ref)


@pytest.fixture(scope="module")
def bob(layout: Production) -> str:
    return sign_in(layout.urls[0], "bob@desk.example", layout.password)


@pytest.fixture
def two(layout: Production, alice: str, bob: str) -> Iterator[Two]:
    first, second = layout.urls
    with (
        operator_line(second, alice) as one,
        operator_line(first, bob) as other,
        visitor_line(first) as visitor,
    ):
        for line in (one, other):
            assert line.command("presence.set", status="available")["type"] == "ok"
        started = visitor.command("conversation.start", client_id=fresh("start"), body="Good morning")
        assert started["type"] == "ok", started
        ref = started["conversation"]
        one.event("conversation.assigned", conversation=ref)
        hello = next(frame for frame in other.frames if frame["type"] == "ok" and "user" in frame)
        yield Two(one, other, visitor, ref, hello["user"]["id"])
        visitor.command("conversation.close")


def test_a_guest_on_another_process_hears_entries_and_notes(two: Two, layout: Production) -> None:
    marker = fresh("okapi")
    two.offers("conversation.invite", note=f"{marker} asked")
    two.asks(two.bob, "invitation.answer", accept=True)
    two.alice.event("invitation.ended", conversation=two.ref, outcome="accepted")
    two.bob.event("conversation.assigned", conversation=two.ref, role="guest")
    two.asks(two.alice, "note.post", client_id=fresh("n"), body=f"{marker} by alice")
    two.bob.event("note.posted", conversation=two.ref, body=f"{marker} by alice")
    two.asks(two.bob, "note.post", client_id=fresh("n"), body=f"{marker} by bob")
    two.alice.event("note.posted", conversation=two.ref, body=f"{marker} by bob")
    two.asks(two.bob, "entry.post", client_id=fresh("b"), body="Bob here")
    two.visitor.event("entry.posted", body="Bob here")
    two.alice.event("entry.posted", body="Bob here")
    assert marker not in str(two.visitor.frames)
    with redis.Redis.from_url(layout.redis.url()) as client:
        kept = {key: client.dump(key) or b"" for key in client.keys("*")}
    assert [key for key, value in kept.items() if marker.encode() in value or marker.encode() in key] == []


def test_a_warm_transfer_crosses_over(two: Two) -> None:
    two.offers("conversation.transfer", warm=True)
    two.asks(two.bob, "invitation.answer", accept=True)
    two.alice.event("invitation.ended", conversation=two.ref, outcome="accepted")
    two.bob.event("conversation.assigned", conversation=two.ref, role="host")
    two.asks(two.bob, "entry.post", client_id=fresh("b"), body="Now with me")
    two.visitor.event("entry.posted", body="Now with me")
    refused = two.alice.command("entry.post", conversation=two.ref, client_id=fresh("a"), body="Wait")
    assert refused["code"] in ("auth.denied", "conversation.unknown")


def test_an_offer_that_nobody_answers_ends_by_itself(two: Two) -> None:
    """Beat and worker find it; both sides are told, and the chat never left its giver."""
    two.offers("conversation.transfer", warm=True, within=5)
    for line in (two.alice, two.bob):
        line.event("invitation.ended", conversation=two.ref, outcome="expired")
    two.asks(two.alice, "entry.post", client_id=fresh("a"), body="Still with me")
    two.visitor.event("entry.posted", body="Still with me")
