"""What a button says of itself: to web pages by its JSON, to open chat pages by the socket, and by the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from chatdesk.consumers.greeting import greet
from chatdesk.models import Button, ButtonText, WhenClosed
from chatdesk.protocol import VisitorHello
from chatdesk.realtime import clock, hub
from chatdesk.realtime.refresher import told_buttons
from chatdesk.states import button_state
from routing.models import Group, Hours, Interval
from tests.chatdesk.test_talk import begun
from tests.factories import Cast, make_conversation, make_hours, make_membership, make_present
from tests.sockets import SocketClient, Sockets

STATE = "/buttons/sales.json"


def closed_until_tomorrow() -> Hours:
    """Hours of another weekday than today's, so that no test can fall into them."""
    tomorrow = (timezone.now() + timedelta(days=1)).weekday()
    return make_hours("Tomorrow", opens="09:00-17:00", days=range(tomorrow, tomorrow + 1))


def close(group: Group) -> datetime:
    """Close the group by hours; answers when it opens."""
    group.hours = closed_until_tomorrow()
    group.save()
    tomorrow = timezone.now() + timedelta(days=1)
    return tomorrow.replace(hour=9, minute=0, second=0, microsecond=0)


def facts(client: Client, language: str = "en") -> dict[str, Any]:
    told: dict[str, Any] = client.get(STATE, headers={"Accept-Language": language}).json()
    return told


# --- closed ----------------------------------------------------------------------------------------------------------


def test_a_closed_button_says_when_it_opens(client: Client, cast: Cast) -> None:
    opens = close(cast.sales)
    make_present(cast.alice)  # who is here out of hours keeps nothing open
    told = facts(client)
    assert (told["state"], told["look"], told["words"]) == ("masked", "masked", "Closed, opens %s, your time")
    assert datetime.fromisoformat(told["opens_at"]) == opens


def test_a_button_that_may_never_open_names_no_time(client: Client, cast: Cast) -> None:
    cast.sales.hours = make_hours("Never")
    cast.sales.save()
    told = facts(client)
    assert (told["words"], "opens_at" in told, "ask_in" in told) == ("Closed right now", False, False)


def test_one_open_group_keeps_a_button_of_several_open(cast: Cast) -> None:
    close(cast.sales)
    assert button_state(cast.default_button).state == "offline"
    make_present(cast.bob)
    state = button_state(cast.default_button)
    assert (state.state, state.groups, state.opens_at) == ("online", {"sales": "masked", "support": "online"}, None)


def test_closed_means_all_of_its_groups(cast: Cast) -> None:
    opens = close(cast.sales)
    cast.support.hours = make_hours("Never")
    cast.support.save()
    state = button_state(cast.default_button)
    assert (state.state, state.opens_at) == ("masked", opens)


@pytest.mark.parametrize(
    ("when_closed", "shown"),
    [
        (WhenClosed.MASK, ("masked", "masked", "Closed, opens %s, your time")),
        (WhenClosed.MESSAGE, ("masked", "offline", "Leave a message; we open %s, your time")),
        (WhenClosed.HIDE, ("hidden", "masked", "Closed, opens %s, your time")),
    ],
)
def test_what_happens_when_closed_is_the_admins_choice(
    client: Client, cast: Cast, when_closed: WhenClosed, shown: tuple[str, str, str]
) -> None:
    close(cast.sales)
    Button.objects.filter(slug="sales").update(when_closed=when_closed)
    told = facts(client)
    assert (told["state"], told["look"], told["words"]) == shown


def test_hidden_means_also_while_nobody_is_there_and_never_longer(client: Client, cast: Cast) -> None:
    Button.objects.filter(slug="sales").update(when_closed=WhenClosed.HIDE)
    assert facts(client)["state"] == "hidden"
    make_present(cast.alice)
    assert facts(client)["state"] == "online"


def test_a_page_is_told_to_ask_again_when_hours_begin(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    opens = close(cast.sales)
    monkeypatch.setattr(timezone, "now", lambda: opens - timedelta(seconds=7, milliseconds=300))
    answer = client.get(STATE)
    assert answer.json()["ask_in"] == 8
    assert answer.headers["Cache-Control"] == "public, max-age=8"  # no cache may tell the old state after the turn


def test_a_far_change_needs_no_timer(client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    opens = close(cast.sales)
    monkeypatch.setattr(timezone, "now", lambda: opens - timedelta(hours=25))
    told = facts(client)
    assert "opens_at" in told
    assert "ask_in" not in told


# --- busy, and words in languages ------------------------------------------------------------------------------------


def test_a_busy_button_says_ones_place(client: Client, cast: Cast) -> None:
    make_present(cast.alice)
    cast.alice.memberships.update(chat_limit=1)
    make_conversation(cast.sales_button, operator=cast.alice)
    make_conversation(cast.sales_button)
    make_conversation(cast.sales_button)
    told = facts(client)
    assert (told["state"], told["words"]) == ("busy", "All busy; you would be number 3")
    page = client.get("/chat/sales/").content.decode()
    assert "All busy; you would be number 3" in page


def test_the_admins_words_belong_to_their_state(cast: Cast) -> None:
    Button.objects.filter(slug="sales").update(closed_text="Back on Monday.", offline_text="At lunch.")
    button = Button.objects.get(slug="sales")
    assert button_state(button).closed_text == "At lunch."
    make_present(cast.alice)
    assert button_state(button).closed_text == ""
    close(cast.sales)
    assert button_state(Button.objects.get(slug="sales")).closed_text == "Back on Monday."


def test_each_open_page_hears_its_own_language(cast: Cast) -> None:
    Button.objects.filter(slug="sales").update(offline_text="At lunch.")
    ButtonText.objects.create(button=cast.sales_button, language="de", offline_text="Mittagspause.")
    told = told_buttons({("sales", "en"), ("sales", "de"), ("sales", "ar"), ("gone", "en")})
    assert {key: state.closed_text for key, state in told.items()} == {
        ("sales", "en"): "At lunch.", ("sales", "de"): "Mittagspause.", ("sales", "ar"): "At lunch.",
    }  # fmt: skip


def test_a_hello_is_answered_in_the_pages_language(cast: Cast) -> None:
    ButtonText.objects.create(button=cast.sales_button, language="de", offline_text="Mittagspause.")
    scope = {"headers": [(b"accept-language", b"de-CH, en;q=0.5")]}
    greeting = greet(VisitorHello(id="1", v=1, button="sales"), scope)
    assert (greeting.language, greeting.answer(0)["closed_text"]) == ("de", "Mittagspause.")


def test_its_state_is_looked_up_in_few_queries(client: Client, cast: Cast, django_assert_max_num_queries: Any) -> None:
    """Each view of each web page that shows it may ask."""
    make_present(cast.alice)
    Group.objects.update(hours=make_hours("Always", opens="00:00-24:00", days=range(7)))
    with django_assert_max_num_queries(12):
        assert facts(client)["state"] == "online"


# --- pushed to open pages --------------------------------------------------------------------------------------------


async def test_the_turn_of_the_hours_is_pushed(cast: Cast, sockets: Sockets, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "MINUTE", 0.3)
    monkeypatch.setattr(clock, "AFTER_THE_TURN", 0.0)
    hours = await Hours.objects.acreate(name="Office", zone="UTC")
    await Interval.objects.acreate(hours=hours, weekday=timezone.now().weekday(), start="00:00", end="00:00")
    await Group.objects.filter(slug="sales").aupdate(hours=hours)
    vera = await sockets.visitor()
    assert vera.heard("ok")[0]["state"] == "offline"
    elsewhere = (timezone.now().weekday() + 3) % 7
    await Interval.objects.filter(hours=hours).aupdate(weekday=elsewhere)  # nobody publishes this: only time tells it
    told = await vera.event("button.state", button="sales", state="masked")
    assert datetime.fromisoformat(told["opens_at"]) > datetime.now(UTC)
    await Interval.objects.filter(hours=hours).aupdate(weekday=timezone.now().weekday())
    assert "opens_at" not in await vera.event("button.state", state="offline")


async def turned(desk: SocketClient) -> int:
    """The minute turns: how often the desk was told of its queues by then."""
    hub.refresher.want_turn()
    assert hub.refresher._task is not None
    await hub.refresher._task
    await desk.command("presence.touch")
    return len(desk.heard("queue.changed"))


async def test_a_turn_is_news_to_the_desk_only_where_something_turned(cast: Cast, sockets: Sockets) -> None:
    alice = await sockets.operator(cast.alice)
    await alice.event("queue.changed")  # she came
    told = await turned(alice)
    assert [await turned(alice), await turned(alice)] == [told, told]
    hours = await Hours.objects.acreate(name="Never", zone="UTC")
    await Group.objects.filter(slug="sales").aupdate(hours=hours)
    assert [await turned(alice), await turned(alice)] == [told + 1, told + 1]


async def test_who_waits_outside_the_hours_is_told_until_when(cast: Cast, sockets: Sockets) -> None:
    hours = await Hours.objects.acreate(name="Office", zone="UTC")
    elsewhere = (timezone.now().weekday() + 3) % 7
    await Interval.objects.acreate(hours=hours, weekday=elsewhere, start="09:00", end="17:00")
    await Group.objects.filter(slug="sales").aupdate(hours=hours)
    vera = await sockets.visitor()
    await begun(vera)
    state = await vera.event("conversation.state", state="waiting", closed=True)
    assert datetime.fromisoformat(state["opens_at"]).weekday() == elsewhere
    assert "wait_seconds" not in state


def test_the_page_without_script_says_it_too(client: Client, cast: Cast) -> None:
    opens = close(cast.sales)
    Button.objects.filter(slug="sales").update(closed_text="We rest.")
    page = client.get("/chat/sales/").content.decode()
    assert 'id="presence" data-state="masked"' in page
    assert f"We open {opens:%A}, {opens:%B} {opens.day}, at 9 a.m. (UTC)." in page
    assert "We rest." in page
    assert "Leave a message all the same: we read it when we open." in page
    client.post("/chat/sales/", {"body": "Until tomorrow"})
    waiting = client.get("/chat/sales/").content.decode()
    assert "We are closed right now. Your message is kept, and read when we open. We open" in waiting


def test_a_member_who_is_full_makes_nobody_wait_for_hours(cast: Cast) -> None:
    make_membership(cast.support, cast.alice)
    make_present(cast.alice)
    close(cast.sales)
    assert button_state(cast.support_button).state == "online"


# --- a queue that takes nobody more -----------------------------------------------------------------------------------


def a_busy_desk(cast: Cast, *, queue_limit: int) -> None:
    """Alice has her one chat, and one person waits."""
    cast.alice.memberships.update(chat_limit=1)
    make_present(cast.alice)
    Group.objects.filter(pk=cast.sales.pk).update(queue_limit=queue_limit)
    make_conversation(cast.sales_button, operator=cast.alice)
    make_conversation(cast.sales_button)


@pytest.mark.parametrize(("limit", "waiting"), [(0, 1), (2, 1), (1, None)])
def test_a_full_queue_promises_no_place(client: Client, cast: Cast, limit: int, waiting: int | None) -> None:
    a_busy_desk(cast, queue_limit=limit)
    state = button_state(Button.objects.get(slug="sales"))
    assert (state.state, state.waiting) == ("busy", waiting)
    assert ("2" in facts(client)["words"]) == (waiting is not None)
