"""The people and the conversations of the table, as rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from chatdesk.actions.files.storing import place_of
from chatdesk.models import Conversation, File, Kind
from chatdesk.permissions import VISITOR_COOKIE
from tests.factories import (
    Guest,
    make_admin,
    make_button,
    make_compliance,
    make_conversation,
    make_entry,
    make_group,
    make_guest,
    make_operator,
    make_outsider,
    make_supervisor,
    make_user,
)
from tests.matrix.table import CHATS, Chat, Role

DOCUMENT = b"%PDF-1.4 a document"


@dataclass(frozen=True)
class Stage:
    people: dict[str, User]
    guests: dict[str, Guest]
    buttons: dict[str, Any]

    def conversation(self, chat: Chat) -> Conversation:
        """A new one, as the table has it, with one entry."""
        made = make_conversation(
            self.buttons[chat.group],
            self.guests["vera"],
            self.people[chat.holder] if chat.holder else None,
            closed=chat.closed,
            email="vera@example.org",
        )
        make_entry(made, "a secret of vera's")
        return made

    def browser(self, role: Role) -> Client:
        """As this person comes in: signed in, with a visitor's cookie, or with nothing."""
        browser = Client()
        if role.name in self.people:
            browser.force_login(self.people[role.name], backend="accounts.backends.UserTypeBackend")
        elif role.name in self.guests:
            browser.cookies[VISITOR_COOKIE] = self.guests[role.name].token
        return browser


def make_stage() -> Stage:
    groups = {name: make_group(name) for name in ("sales", "support")}
    people = {
        "charlie": make_outsider(),
        "alice": make_operator("alice", groups["sales"]),
        "ann": make_operator("ann", groups["sales"]),
        "bob": make_operator("bob", groups["support"]),
        "sam": make_supervisor(),
        "ada": make_admin(),
        "cora": make_compliance(),
        "root": make_user("root", is_superuser=True),
    }
    guests = {name: make_guest() for name in ("vera", "walt")}
    return Stage(people, guests, {name: make_button(name, group) for name, group in groups.items()})


def every_chat(stage: Stage) -> list[tuple[Chat, Conversation]]:
    return [(chat, stage.conversation(chat)) for chat in CHATS]


def file_of(conversation: Conversation, *, picture: bool) -> File:
    """A stored file that the visitor sent. Each conversation has one of a kind."""
    media_type, width = ("image/webp", 1) if picture else ("application/pdf", None)
    found = File.objects.filter(conversation=conversation, media_type=media_type).first()
    if found:
        return found
    facts: dict[str, Any] = {"name": "a", "size": len(DOCUMENT), "sha256": "0" * 64, "state": File.State.STORED}
    file = File.objects.create(conversation=conversation, media_type=media_type, width=width, height=width, **facts)
    default_storage.save(place_of(file.key), SimpleUploadedFile("a", DOCUMENT))
    make_entry(conversation, "", kind=Kind.FILE, file=file)
    return file
