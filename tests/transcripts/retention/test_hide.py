"""What is out of sight is found by nobody at the desk and not by its visitor; where a chat has been is never lost."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from django.utils.translation import gettext_lazy

from chatdesk.actions.conversations import transfer
from chatdesk.actions.files.storing import place_of
from chatdesk.actions.reopening import reopen
from chatdesk.models import Conversation, File, Kind
from chatdesk.permissions import VISITOR_COOKIE, conversation_for_operator, conversation_for_visitor
from chatdesk.protocol import Refused
from chatdesk.querysets import everything
from tests.factories import Cast, make_admin, make_conversation, make_entry, make_supervisor


@pytest.fixture
def hidden(cast: Cast) -> Conversation:
    chat = make_conversation(cast.sales_button, cast.vera, closed=True, hidden_at=timezone.now(), name="Vera")
    make_entry(chat, "Is the blue one torn?")
    return chat


def test_nobody_at_the_desk_finds_it(cast: Cast, hidden: Conversation) -> None:
    sam = make_supervisor()
    with pytest.raises(Refused, match="no such conversation"):
        conversation_for_operator(sam, hidden.ref)
    assert list(everything(sam)) == []
    Conversation.objects.update(hidden_at=None)
    assert conversation_for_operator(sam, hidden.ref) == hidden
    assert list(everything(sam)) == [hidden]


def test_the_records_of_the_settings_leave_it_out(cast: Cast, hidden: Conversation) -> None:
    client = Client()
    client.force_login(make_admin())
    pages = ["conversation", "entry"]
    assert not [page for page in pages if hidden.mark in client.get(f"/admin/chatdesk/{page}/").content.decode()]
    Conversation.objects.update(hidden_at=None)
    assert hidden.mark in client.get("/admin/chatdesk/conversation/").content.decode()


def test_its_visitor_does_not_find_it(cast: Cast, hidden: Conversation) -> None:
    with pytest.raises(Refused):
        conversation_for_visitor(cast.vera.visitor, hidden.ref)
    client = Client()
    client.cookies[VISITOR_COOKIE] = cast.vera.token
    assert "blue one" not in client.get("/chat/sales/").content.decode()
    Conversation.objects.update(hidden_at=None)
    assert "blue one" in client.get("/chat/sales/").content.decode()


def test_its_files_are_handed_to_nobody(cast: Cast, hidden: Conversation) -> None:
    file = File.objects.create(
        conversation=hidden, state=File.State.STORED, name="a.png", media_type="image/png", size=3, sha256="", width=1
    )
    default_storage.save(place_of(file.key), ContentFile(b"abc"))
    make_entry(hidden, "a.png", kind=Kind.FILE, file=file)
    bearer = {"authorization": f"Bearer {cast.vera.token}"}
    assert Client().get(f"/files/{file.key}/", headers=bearer).status_code == 404
    Conversation.objects.update(hidden_at=None)
    found = Client().get(f"/files/{file.key}/", headers=bearer)
    assert found.status_code == 200
    found.close()


def test_a_new_entry_brings_it_back(hidden: Conversation) -> None:
    assert reopen(hidden, gettext_lazy("It goes on."))
    assert Conversation.objects.get().hidden_at is None


def test_c05_a_transfer_keeps_where_the_chat_has_been(cast: Cast) -> None:
    chat = make_conversation(cast.sales_button, cast.vera, cast.alice)
    transfer(cast.alice, chat.ref, group="support")
    chat.refresh_from_db()
    assert chat.group == cast.support
    assert chat.earlier_groups == [cast.sales.pk]
    assert chat.moved_to(cast.sales.pk) == {
        "group_id": cast.sales.pk,
        "earlier_groups": [cast.sales.pk, cast.support.pk],
    }
