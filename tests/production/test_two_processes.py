"""Two people on two web processes, of two makes, talk as if there were one; and what is killed comes back."""

from __future__ import annotations

import re
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest
import redis

from tests.production.line import Line, operator_line, visitor_line
from tests.services.process import wait_until
from tests.services.production import Production

pytestmark = [pytest.mark.once, pytest.mark.timeout(240)]


@dataclass
class Talk:
    """One conversation: the visitor on the first process (daphne), alice on the second (uvicorn)."""

    visitor: Line
    operator: Line
    conversation: str
    token: str
    start_seq: int


@pytest.fixture
def talk(layout: Production, alice: str) -> Iterator[Talk]:
    with operator_line(layout.urls[1], alice) as operator, visitor_line(layout.urls[0]) as visitor:
        assert operator.command("presence.set", status="available")["type"] == "ok"
        started = visitor.command("conversation.start", client_id=fresh("start"), body="Good morning")
        assert started["type"] == "ok", started
        ref = started["conversation"]
        operator.event("conversation.assigned", conversation=ref)
        yield Talk(visitor, operator, ref, started["token"], started["seq"])
        operator.command("conversation.close", conversation=ref)


def fresh(word: str) -> str:
    return f"{word}-{time.monotonic_ns():x}"


def ask(talk: Talk, body: str) -> int:
    answer = talk.visitor.command("entry.post", client_id=fresh("ask"), body=body)
    assert answer["type"] == "ok", answer
    return int(answer["seq"])


def reply(talk: Talk, body: str) -> int:
    answer = talk.operator.command("entry.post", conversation=talk.conversation, client_id=fresh("re"), body=body)
    assert answer["type"] == "ok", answer
    return int(answer["seq"])


def stored(layout: Production, ref: str) -> list[tuple[int, str]]:
    question = (
        "SELECT e.seq, e.body FROM chatdesk_entry e JOIN chatdesk_conversation c ON c.id = e.conversation_id"
        " WHERE c.ref = %s AND e.body <> '' ORDER BY e.seq"
    )
    with psycopg.connect(layout.postgres.url().replace("postgres://", "postgresql://")) as connection:
        return connection.execute(question, [ref]).fetchall()


def ready(url: str) -> bool:
    try:
        return bool(urllib.request.urlopen(f"{url}/readyz", timeout=10).status == 200)
    except urllib.error.HTTPError:
        return False


def test_both_processes_are_ready(layout: Production) -> None:
    assert [ready(url) for url in layout.urls] == [True, True]


def test_the_sweeps_run_in_a_worker(layout: Production) -> None:
    wait_until(lambda: swept(layout), 60, "a sweep succeeds")
    assert "Traceback" not in layout.worker.output + layout.beat.output


def test_a_question_and_its_answer_cross_over(talk: Talk) -> None:
    asked = ask(talk, "Do you have it in blue?")
    talk.operator.event("entry.posted", seq=asked, body="Do you have it in blue?")
    replied = reply(talk, "Yes, from Monday on.")
    talk.visitor.event("entry.posted", seq=replied, body="Yes, from Monday on.")
    assert replied == asked + 1


def test_many_messages_at_once_keep_one_order_for_both(talk: Talk, layout: Production) -> None:
    for number in range(15):
        talk.visitor.say("entry.post", client_id=fresh("v"), body=f"visitor {number}")
        talk.operator.say("entry.post", conversation=talk.conversation, client_id=fresh("o"), body=f"operator {number}")
    last = ask(talk, "the end")
    talk.operator.event("entry.posted", body="the end")
    numbers = [seq for seq, _body in stored(layout, talk.conversation)]
    assert numbers == sorted(set(numbers))
    talk.operator.until(lambda _frame: len(texts(talk.operator, "operator")) == 15)
    talk.visitor.until(lambda _frame: len(texts(talk.visitor, "operator")) == 15)
    rows = stored(layout, talk.conversation)
    for line in (talk.operator, talk.visitor):
        heard = line.entries()
        assert heard == sorted(heard)
        assert set(heard) <= set(rows)
    assert last <= rows[-1][0]


def texts(line: Line, side: str) -> list[str]:
    return [body for _seq, body in line.entries() if body.startswith(f"{side} ")]


def test_no_message_text_rests_in_redis(talk: Talk, layout: Production) -> None:
    marker = fresh("whispered")
    ask(talk, marker)
    talk.operator.event("entry.posted", body=marker)
    with redis.Redis.from_url(layout.redis.url()) as client:
        kept = {key: client.dump(key) or b"" for key in client.keys("*")}
    assert [key for key, value in kept.items() if marker.encode() in value or marker.encode() in key] == []


def test_a_killed_process_loses_nothing_that_was_acknowledged(talk: Talk, layout: Production) -> None:
    """The visitor's process dies with messages in flight; the visitor goes on at the other one."""
    seen = ask(talk, "before the crash")
    told = {f"in flight {number}": fresh("flight") for number in range(20)}
    for body, client_id in told.items():
        talk.visitor.say("entry.post", client_id=client_id, body=body)
    layout.web[0].kill()
    try:
        with visitor_line(layout.urls[1], token=talk.token, after=seen) as again:
            for body, client_id in told.items():
                assert again.command("entry.post", client_id=client_id, body=body)["type"] == "ok"
            again.command("conversation.resume", after=seen)
            rows = [(seq, body) for seq, body in stored(layout, talk.conversation) if seq > seen]
            assert sorted(body for _seq, body in rows) == sorted(told)
            assert [seq for seq, _body in rows] == [*range(rows[0][0], rows[0][0] + len(rows))]
            assert sorted(set(again.entries())) == rows
            talk.operator.until(lambda _frame: {*rows} <= {*talk.operator.entries()})
    finally:
        layout.restart_web(0)


def test_a_process_asked_to_stop_says_goodbye(layout: Production) -> None:
    """Both makes: `bye` with a moment to wait, close code 4503, exit code 0; and it comes back on its port."""
    for index, url in enumerate(layout.urls):
        with visitor_line(url) as visitor:
            began = time.monotonic()
            code = layout.web[index].stop()
            assert visitor.closed() == 4503
            assert visitor.frames[-1]["type"] == "bye"
            assert 0 <= visitor.frames[-1]["after_ms"] <= 10_000
            assert code == 0
            assert time.monotonic() - began < 20
        layout.restart_web(index)


def test_chats_go_on_while_redis_is_away(talk: Talk, layout: Production) -> None:
    layout.redis.kill()
    try:
        asked = ask(talk, "is anybody there?")
        talk.operator.event("entry.posted", seq=asked)
        replied = reply(talk, "yes, as ever")
        talk.visitor.event("entry.posted", seq=replied)
        assert not ready(layout.urls[0])
    finally:
        layout.redis.start()
    wait_until(lambda: all(map(ready, layout.urls)), 30, "both processes are ready again")
    began = time.monotonic()
    talk.operator.event("entry.posted", seq=ask(talk, "back to normal"))
    assert time.monotonic() - began < 10


def test_nothing_is_acknowledged_that_a_database_crash_could_take_back(talk: Talk, layout: Production) -> None:
    acknowledged = {ask(talk, f"kept {number}"): f"kept {number}" for number in range(5)}
    layout.postgres.crash()
    try:
        refused = talk.visitor.command("entry.post", client_id=fresh("lost"), body="never said")
        assert (refused["type"], refused["retry"]) == ("error", True)
    finally:
        layout.postgres.start()
    wait_until(lambda: all(map(ready, layout.urls)), 30, "both processes are ready again")
    again = talk.visitor.command("entry.post", client_id=fresh("again"), body="said again")
    assert again["type"] == "ok", again
    rows = dict(stored(layout, talk.conversation))
    assert acknowledged.items() <= rows.items()
    assert "never said" not in rows.values()
    talk.operator.event("entry.posted", body="said again")


def test_the_sweeps_run_again_after_all_that(layout: Production) -> None:
    """beat says when, the worker does it: here after the bus and the database were away."""
    said = len(layout.worker.output)
    wait_until(lambda: swept(layout, said), 60, "a sweep succeeds")
    assert layout.worker.running
    assert layout.beat.running


def swept(layout: Production, since: int = 0) -> bool:
    return bool(re.search(r"sweep_leases\[\S+\] succeeded", layout.worker.output[since:]))


def test_the_worker_keeps_up(layout: Production) -> None:
    """Jobs that nobody wants any more expire: an outage leaves no heap behind."""
    with redis.Redis.from_url(layout.redis.url()) as client:
        assert client.llen("celery") < 50
