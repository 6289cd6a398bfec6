"""What apps further right add to a transcript: at its entry, to who is of the desk, and never to the visitor."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import pytest

from accounts.models import User
from chatdesk import contact, exporting
from chatdesk.exporting import Beside, export, told_to
from chatdesk.models import Conversation
from tests.factories import Cast, make_conversation, make_entries

Tell = Callable[[User, Conversation], Mapping[int, Beside]]


@pytest.fixture(autouse=True)
def nothing_registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the product registers is kept out of these tests, and theirs out of others."""
    monkeypatch.setattr(exporting, "_tellers", [])
    monkeypatch.setattr(contact, "_sources", [])


@pytest.fixture
def chat(cast: Cast) -> Conversation:
    chat = make_conversation(cast.sales_button, operator=cast.alice, name="Vera")
    make_entries(chat, 2)
    return chat


def teller(name: str, *numbers: int) -> Tell:
    def tell(user: User, conversation: Conversation) -> Mapping[int, Beside]:
        return {number: Beside(name, {"to": str(user)}, (f"{name} of {number}",)) for number in numbers}

    return tell


def by_seq(written: str) -> dict[int, dict[str, object]]:
    return {entry["seq"]: entry for entry in json.loads(written)["entries"]}


def test_it_stands_with_its_entry_in_each_form(cast: Cast, chat: Conversation) -> None:
    exporting.add_teller(teller("mail", 2))
    forms = {form: export(chat, form, with_contact=True, by=cast.alice).text for form in exporting.FORMS}
    entries = by_seq(forms["json"])
    assert entries[2]["mail"] == {"to": str(cast.alice)}
    assert "mail" not in entries[1]
    assert forms["text"].splitlines()[-1] == "    mail of 2"
    assert forms["html"].count("mail of 2") == 1


def test_a_visitors_own_transcript_tells_nothing_of_it(cast: Cast, chat: Conversation) -> None:
    exporting.add_teller(teller("seal", 1, 2))
    for form in exporting.FORMS:
        assert "seal" not in export(chat, form, with_contact=True).text


def test_several_stand_together_in_their_order_and_each_once(cast: Cast, chat: Conversation) -> None:
    first, second = teller("mail", 1), teller("seal", 1, 2)
    for tell in (first, second, first):
        exporting.add_teller(tell)
    found = told_to(cast.alice, chat)
    assert {seq: [beside.name for beside in besides] for seq, besides in found.items()} == {
        1: ["mail", "seal"],
        2: ["seal"],
    }


def test_of_an_entry_that_is_not_there_nothing_is_written(cast: Cast, chat: Conversation) -> None:
    exporting.add_teller(teller("mail", 99))
    assert "mail of 99" not in export(chat, "text", with_contact=True, by=cast.alice).text


def test_another_form_is_an_error_before_anything_is_read(cast: Cast, chat: Conversation) -> None:
    with pytest.raises(KeyError):
        export(chat, "exe", with_contact=True, by=cast.alice)


@pytest.mark.parametrize(("with_contact", "shown"), [(True, "known@example.org"), (False, "k•••@e•••.org")])
def test_an_address_that_another_app_knows_is_the_desks_alone(
    cast: Cast, chat: Conversation, with_contact: bool, shown: str
) -> None:
    contact.add_source(lambda conversation: "")
    contact.add_source(lambda conversation: "known@example.org")
    contact.add_source(lambda conversation: "later@example.org")
    for_desk = json.loads(export(chat, "json", with_contact=with_contact, by=cast.alice).text)
    for_visitor = json.loads(export(chat, "json", with_contact=with_contact).text)
    assert for_desk["visitor"]["email"] == shown
    assert for_visitor["visitor"]["email"] == ""


def test_what_they_gave_in_the_chat_comes_first(cast: Cast, chat: Conversation) -> None:
    contact.add_source(lambda conversation: "known@example.org")
    chat.email = "given@example.org"
    assert contact.address_of(chat) == "given@example.org"


def test_a_file_is_named_so_that_every_system_keeps_it(cast: Cast, chat: Conversation) -> None:
    for form, (suffix, _kind) in exporting.FORMS.items():
        name = export(chat, form, with_contact=False).name
        assert name.isascii()
        assert name.endswith(f".{suffix}")
        assert not set(name) & set('/\\:*?"<>| ')
