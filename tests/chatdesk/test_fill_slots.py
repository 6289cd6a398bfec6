"""Apps further right show things in the desk's and the visitor's pages, which know nothing of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from django.template import Context, Template
from django.test import Client
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from accounts.models import User
from chatdesk import slots
from chatdesk.models import Conversation
from tests.chatdesk.desk_doors import address, fragment, html, page
from tests.factories import Cast, make_conversation, make_entry


@pytest.fixture(autouse=True)
def empty_slots(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the product fills is kept out of these tests, and theirs out of others."""
    monkeypatch.setattr(slots, "_renders", defaultdict(list))
    monkeypatch.setattr(slots.ENTRIES, "_renders", [])


def named(name: str) -> slots.Render:
    def render(context: Mapping[str, Any]) -> str:
        about = getattr(context.get("conversation"), "ref", "") or context.get("state", "")
        return format_html('<i class="filled">{} {}</i>', name, about)

    return render


def test_each_slot_of_the_desk_is_on_its_page(cast: Cast) -> None:
    conversation = make_conversation(cast.sales_button, operator=cast.alice)
    for name in slots.NAMES:
        slots.fill(name, named(name))
    whole = html(page(cast.alice, address(conversation)))
    assert '<i class="filled">desk.rail' in whole
    assert '<i class="filled">desk.top' in whole
    assert f'<i class="filled">desk.side {conversation.ref}</i>' in whole
    assert f'<i class="filled">desk.composer {conversation.ref}</i>' in whole


def test_each_slot_of_the_chat_page_is_on_it(cast: Cast) -> None:
    for name in slots.NAMES:
        slots.fill(name, named(name))
    whole = Client().get("/chat/sales/").content.decode()
    for name in ("chat.head", "chat.offline", "chat.ended"):
        assert f'<i class="filled">{name} new</i>' in whole
    assert "desk." not in whole


def test_an_empty_slot_shows_nothing(cast: Cast) -> None:
    conversation = make_conversation(cast.sales_button, operator=cast.alice)
    slots.fill("desk.side", lambda context: "")
    assert "filled" not in html(page(cast.alice, address(conversation)))


def test_the_same_filling_is_shown_once(cast: Cast) -> None:
    render = named("desk.side")
    slots.fill("desk.side", render)
    slots.fill("desk.side", render)
    assert slots.filled("desk.side", {}).count("filled") == 1


def test_a_slot_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        slots.fill("desk.nowhere", named("x"))


def test_another_app_opens_slots_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots, "NAMES", set(slots.NAMES))
    slots.open_slots("other.side")
    slots.fill("other.side", lambda context: format_html("<i>{}</i>", context["about"]))
    assert Template('{% load entries %}{% slot "other.side" %}').render(Context({"about": "<x>"})) == "<i>&lt;x&gt;</i>"


def test_entries_are_filled_with_one_call_for_all(cast: Cast) -> None:
    conversation = make_conversation(cast.sales_button, operator=cast.alice)
    for words in ("one", "two", "three"):
        make_entry(conversation, words)
    asked: list[tuple[int, ...]] = []

    def render(user: User, about: Conversation, numbers: Sequence[int]) -> Mapping[int, str]:
        asked.append(tuple(numbers))
        return {2: format_html('<b class="badge">{} {}</b>', user.display_name, about.ref)}

    slots.fill_entries(render)
    text = html(fragment(cast.alice, address(conversation)))
    assert asked == [(1, 2, 3)]
    assert text.count('class="badge"') == 1
    second = text.split('data-seq="2"')[1].split("</li>")[0]
    assert f'<b class="badge">Alice {conversation.ref}</b>' in second


def test_older_entries_are_filled_too(cast: Cast) -> None:
    conversation = make_conversation(cast.sales_button, operator=cast.alice)
    for words in ("one", "two", "three"):
        make_entry(conversation, words)
    slots.fill_entries(lambda user, about, numbers: {number: format_html("<b>of {}</b>", number) for number in numbers})
    text = html(fragment(cast.alice, address(conversation, "entries/?before=3")))
    assert "<b>of 2</b>" in text
    assert "<b>of 3</b>" not in text


def test_fillings_stand_in_order_and_what_is_not_safe_is_escaped(cast: Cast) -> None:
    conversation = make_conversation(cast.sales_button, operator=cast.alice)
    make_entry(conversation, "one")
    slots.fill_entries(lambda user, about, numbers: {1: mark_safe("<b>first</b>")})
    slots.fill_entries(lambda user, about, numbers: {1: "<b>second</b>"})
    assert slots.beside_entries(cast.alice, conversation, [1]) == {1: "<b>first</b>&lt;b&gt;second&lt;/b&gt;"}
