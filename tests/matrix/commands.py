"""Every command of both sockets, classified. A new one has to be put into a class, or the completeness test fails."""

from __future__ import annotations

from typing import Any, get_args

from chatdesk import protocol

# The permission that a command needs, and the least that it has to say besides the conversation.
NEEDS: dict[str, tuple[str, dict[str, Any]]] = {
    "conversation.resume": ("see", {"after": 0}),
    "entry.read": ("see", {"seq": 1}),
    "typing": ("see", {}),
    "note.post": ("see", {"client_id": "n1", "body": "a note"}),
    "conversation.leave": ("see", {}),
    "entry.post": ("answer", {"client_id": "e1", "body": "a word"}),
    "conversation.hold": ("answer", {"on": True}),
    "conversation.take": ("take", {}),
    "conversation.transfer": ("transfer", {"group": "support"}),
    "conversation.invite": ("transfer", {"group": "support"}),
    "invitation.withdraw": ("transfer", {}),
    "conversation.close": ("close", {}),
    "conversation.monitor": ("monitor", {}),
    "conversation.join": ("monitor", {}),
    "conversation.takeover": ("monitor", {}),
    "conversation.whisper": ("whisper", {"client_id": "w1", "body": "a whisper"}),
}
# What names no conversation, or one that only an offer to this very person opens.
OF_ONESELF = {"hello", "presence.set", "presence.touch"}
OFFERED = {"invitation.answer"}

# A visitor's commands name no conversation: the token of the hello is all that opens one.
VISITORS = {
    "hello",
    "conversation.start",
    "entry.post",
    "conversation.resume",
    "entry.read",
    "typing",
    "conversation.close",
    "conversation.choose",
    "rating.post",
}


def tags(union: Any) -> dict[str, Any]:
    """The commands of a socket by the word that names them."""
    return {kind.__struct_config__.tag: kind for kind in get_args(union)}


def desk_commands() -> dict[str, Any]:
    return tags(protocol.DeskCommand)


def visitor_commands() -> dict[str, Any]:
    return tags(protocol.VisitorCommand)
