"""Notes on the desk's pages: among what was said, in their own look; and who else is there."""

from __future__ import annotations

import re

import pytest

from accounts.models import Scope, User, UserType
from chatdesk.actions.notes import store_note
from chatdesk.models import Conversation, Note, SiteSettings
from chatdesk.sitelimits import forget
from tests.chatdesk.desk_doors import address, fragment, html, numbers, refs
from tests.factories import Cast, make_conversation, make_entries, make_operator, make_participant, make_present

Order = list[tuple[str, int]]


def order(text: str) -> Order:
    """Entries and notes, in the order of the page."""
    return [(kind, int(number)) for kind, number in re.findall(r'data-(seq|note)="(\d+)"', text)]


def noted(conversation: Conversation, author: User, body: str, kind: Note.Kind = Note.Kind.NOTE) -> Note:
    return store_note(conversation.pk, author, body, body, kind)


def beside(conversation: Conversation, user: User, role: str, *, silent: bool = False) -> None:
    """At their desk, and in the conversation."""
    make_present(user)
    part = make_participant(conversation, user)
    part.role, part.is_silent = role, silent
    part.save()


def acts(text: str) -> list[str]:
    return re.findall(r'data-act="(\w+)"', text)


def test_a_note_stands_behind_the_entry_it_came_after(cast: Cast) -> None:
    conversation = make_conversation(cast.sales_button, operator=cast.alice)
    noted(conversation, cast.alice, "Before anything")
    make_entries(conversation, 2)
    noted(conversation, cast.alice, "After two")
    noted(conversation, cast.alice, "And one more")
    make_entries(conversation, 1)
    text = html(fragment(cast.alice, address(conversation)))
    assert order(text) == [("note", 1), ("seq", 1), ("seq", 2), ("note", 2), ("note", 3), ("seq", 3)]
    assert 'data-notes="3"' in text


def test_each_note_is_on_one_page_of_the_history(cast: Cast) -> None:
    conversation = make_conversation(cast.sales_button, operator=cast.alice)
    for _ in range(4):
        noted(conversation, cast.alice, f"After {conversation.last_seq}")
        make_entries(conversation, 30)
    pages = [html(fragment(cast.alice, address(conversation)))]
    while numbers(pages[-1])[0] > 1:
        pages.append(html(fragment(cast.alice, address(conversation, f"entries/?before={numbers(pages[-1])[0]}"))))
    found = [line for page in reversed(pages) for line in order(page)]
    assert [number for kind, number in found if kind == "note"] == [1, 2, 3, 4]
    assert [found[place + 1] for place, line in enumerate(found) if line[0] == "note"] == [
        ("seq", 1), ("seq", 31), ("seq", 61), ("seq", 91)
    ]  # fmt: skip


def test_a_whisper_says_so_and_its_text_can_be_used(cast: Cast, sam: User) -> None:
    conversation = make_conversation(cast.sales_button, operator=cast.alice)
    noted(conversation, cast.alice, "A note")
    assert "note-use" not in html(fragment(cast.alice, address(conversation)))
    noted(conversation, sam, "Try this", Note.Kind.WHISPER)
    text = html(fragment(cast.alice, address(conversation)))
    assert "Whisper" in text
    assert text.count("note-use") == 1


def test_a_note_is_text(cast: Cast) -> None:
    conversation = make_conversation(cast.sales_button, operator=cast.alice)
    noted(conversation, cast.alice, "<b onclick=x>\u202eevil")
    text = html(fragment(cast.alice, address(conversation)))
    assert "&lt;b onclick=x&gt;[U+202E]evil" in text


def test_the_head_says_who_is_a_guest_and_who_watches(cast: Cast, sam: User) -> None:
    conversation = make_conversation(cast.sales_button, operator=cast.alice)
    beside(conversation, cast.bob, "guest")
    beside(conversation, sam, "monitor")
    text = html(fragment(cast.alice, address(conversation, "?part=frame")))
    assert "Bob is a guest" in text
    assert "Sam is watching" in text
    assert "You are watching. The operator sees that." in html(fragment(sam, address(conversation)))


def test_who_watches_unseen_is_not_shown(cast: Cast, sam: User) -> None:
    conversation = make_conversation(cast.sales_button, operator=cast.alice)
    beside(conversation, sam, "monitor", silent=True)
    assert "Sam is watching" in html(fragment(cast.alice, address(conversation)))  # while visitors are not told of it
    SiteSettings.objects.update_or_create(pk=1, defaults={"policy_text": "Supervisors may read along."})
    forget()
    assert "Sam" not in html(fragment(cast.alice, address(conversation)))
    assert "You are watching, unseen." in html(fragment(sam, address(conversation)))
    forget()


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("", ["watch", "join", "takeover"]),
        ("monitor", ["join", "takeover", "leave"]),
        ("guest", ["takeover", "leave"]),
    ],
)
def test_what_a_supervisor_may_do_depends_on_the_role(cast: Cast, sam: User, role: str, expected: list[str]) -> None:
    conversation = make_conversation(cast.sales_button, operator=cast.alice)
    if role:
        beside(conversation, sam, role)
    supervising = {"watch", "join", "takeover", "leave"}
    assert [act for act in acts(html(fragment(sam, address(conversation)))) if act in supervising] == expected
    assert supervising.isdisjoint(acts(html(fragment(cast.alice, address(conversation)))))


def test_whispering_is_offered_to_who_whispers(cast: Cast, sam: User) -> None:
    conversation = make_conversation(cast.sales_button, operator=cast.alice)
    assert 'data-whisper="yes"' in html(fragment(sam, address(conversation)))
    assert 'data-whisper="no"' in html(fragment(cast.alice, address(conversation)))
    UserType.objects.update(whispers=False)
    assert 'data-whisper="no"' in html(fragment(sam, address(conversation)))


def test_a_guest_finds_the_chat_among_their_own_and_answers(cast: Cast) -> None:
    conversation = make_conversation(cast.sales_button, operator=cast.alice)
    beside(conversation, cast.bob, "guest")
    text = html(fragment(cast.bob, "/desk/lists/mine/"))
    assert refs(text) == [conversation.ref]
    assert "guest · " in text
    opened = html(fragment(cast.bob, address(conversation)))
    assert 'data-answer="yes"' in opened
    assert acts(opened) == ["leave"]


def test_a_guest_of_before_finds_nothing(cast: Cast) -> None:
    conversation = make_conversation(cast.sales_button, operator=cast.alice)
    beside(conversation, cast.bob, "")
    assert refs(html(fragment(cast.bob, "/desk/lists/mine/"))) == []
    assert fragment(cast.bob, address(conversation)).status_code == 404


def test_a_chat_is_listed_once_however_many_are_in_it(cast: Cast) -> None:
    conversation = make_conversation(cast.sales_button, operator=cast.alice)
    for name in ("eve", "fay"):
        beside(conversation, make_operator(name, cast.sales), "guest")
    for tab in ("mine", "groups"):
        assert refs(html(fragment(cast.alice, f"/desk/lists/{tab}/"))) == [conversation.ref]


def test_who_can_not_answer_is_offered_to_watch_and_not_to_step_in(cast: Cast, sam: User) -> None:
    conversation = make_conversation(cast.sales_button, operator=cast.alice)
    UserType.objects.filter(name="Supervisor").update(answer=Scope.NONE)
    shown = acts(html(fragment(User.objects.get(pk=sam.pk), address(conversation))))
    assert "watch" in shown
    assert {"join", "takeover"}.isdisjoint(shown)
