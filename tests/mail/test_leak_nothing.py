"""A thousand mails by chance, from V through the whole intake and out to O, and O's answers back: nothing leaks,
nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.accounts.people import signed_in
from tests.mail.generated import file_parts, mails
from tests.mail.people import O, V
from tests.mail.world import World
from tickets.models import Held, IncomingMail, Letter

EXAMPLES, THERE, BACK = 50, 15, 5
# No shrinking: each example begins where the one before ended, as days of a correspondence do.
DAYS = settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
                suppress_health_check=[*HealthCheck])  # fmt: skip


@dataclass
class Found:
    """What is told at the end of all days."""

    leaks: list[str] = field(default_factory=list)
    lost: list[bytes] = field(default_factory=list)
    count: int = 0


def quoting(raw: bytes, answer: bytes) -> bytes:
    """An answer as O's program writes it: below it all that came, and who sent it to whom."""
    came = message_from_bytes(raw)
    above, _, _ = answer.partition(b"--=_frontier--")
    head = f"\r\n\r\nOn Sunday, {came['From']} wrote to {O.mailbox}:\r\n".encode()
    quoted = b"\r\n".join(b"> " + line for line in raw.splitlines()[:60])
    part = b"--=_frontier\r\nContent-Type: text/plain; charset=utf-8\r\n" + head + quoted + b"\r\n"
    return above + part + b"--=_frontier--\r\n"


def is_settled(mail: IncomingMail) -> bool:
    """It is in the conversation, or waits for a person: never nowhere."""
    if mail.state != IncomingMail.State.DONE:
        return False
    return Letter.objects.filter(incoming=mail).exists() or Held.objects.filter(incoming=mail).exists()


def page(world: World) -> str:
    """What O sees of it at the desk."""
    answer = signed_in(world.operator).get(f"/desk/conversations/{world.conversation.ref}/")
    assert answer.status_code == 200
    return answer.content.decode()


def a_day(world: World, found: Found, there: list[bytes], back: list[bytes]) -> None:
    world.sink.taken.clear()
    for raw in there:
        world.later(minutes=2)
        found.lost += [] if is_settled(world.receives(raw, world.t_v)) else [raw]
    world.out()
    last = world.to(O)[-1:]
    for raw in back:
        world.later(minutes=2)
        answer = quoting(last[0], raw) if last else raw
        found.lost += [] if is_settled(world.receives(answer, world.t_o, by=O)) else [answer]
    world.out()
    found.leaks += world.leaks() + world.leaks_in_text(page(world), "O")
    found.count += len(there) + len(back)


@pytest.mark.once
@pytest.mark.timeout(400)
def test_a_thousand_mails_leak_nothing(world: World, record_property: Callable[[str, object], None]) -> None:
    found = Found()
    for person in (V, O):
        file_parts(person)

    @DAYS
    @given(st.lists(mails(V), min_size=THERE, max_size=THERE), st.lists(mails(O), min_size=BACK, max_size=BACK))
    def days(there: list[bytes], back: list[bytes]) -> None:
        a_day(world, found, there, back)

    days()
    world.sink.taken.clear()
    told = f"{found.count} generated mails: {len(set(found.leaks))} leaks, {len(found.lost)} lost"
    record_property("figure", told)
    assert found.count >= EXAMPLES * (THERE + BACK)
    assert found.lost == []
    assert not found.leaks, "\n".join(sorted(set(found.leaks)))
