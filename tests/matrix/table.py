"""Who may do what to which conversation: one table and one function. Every transport is held to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Reach = Literal["none", "own", "groups", "all"]
Answer = Literal["shut", "unknown", "denied", "yes"]

# shut: the door is closed to this person, whatever lies behind it. unknown: there is no such conversation, as far as
# they can tell. denied: they may see it, and not do that. yes: whatever the state of the conversation then allows.

NOTHING: dict[str, Reach] = dict.fromkeys(
    ("see", "answer", "take", "transfer", "close", "store", "export", "monitor", "contact", "whisper"), "none"
)
EVERYTHING: dict[str, Reach] = dict.fromkeys(NOTHING, "all")
TYPES: dict[str, dict[str, Reach]] = {
    "nobody": NOTHING,
    "outsider": NOTHING,
    "operator": {
        **NOTHING,
        "see": "groups",
        "answer": "own",
        "take": "groups",
        "transfer": "own",
        "close": "own",
        "store": "own",
        "contact": "own",
    },
    "supervisor": {**EVERYTHING, "answer": "own", "export": "none"},
    "admin": EVERYTHING,
    "compliance": {**NOTHING, "see": "all", "store": "all", "export": "all", "contact": "all"},
    "superuser": EVERYTHING,
}
MODULES: dict[str, set[str]] = {
    "nobody": set(),
    "outsider": set(),
    "operator": {"dashboard"},
    "supervisor": {"dashboard"},
    "admin": {"dashboard", "admin"},
    "compliance": {"transcripts"},
    "superuser": {"dashboard", "admin"},
}


@dataclass(frozen=True)
class Role:
    """Somebody: what they are, and the department they are a member of."""

    name: str
    kind: str
    group: str = ""


ROLES = [
    Role("stranger", "nobody"),
    Role("vera", "nobody"),  # the visitor of every conversation here
    Role("walt", "nobody"),  # another visitor
    Role("charlie", "outsider"),
    Role("alice", "operator", "sales"),
    Role("ann", "operator", "sales"),
    Role("bob", "operator", "support"),
    Role("sam", "supervisor"),
    Role("ada", "admin"),
    Role("cora", "compliance"),
    Role("root", "superuser"),
]


@dataclass(frozen=True)
class Chat:
    """A conversation: its department, who holds or held it, and whether it has ended."""

    name: str
    group: str
    holder: str = ""
    closed: bool = False


CHATS = [
    Chat("waiting", "sales"),
    Chat("alice's", "sales", "alice"),
    Chat("ann's", "sales", "ann"),
    Chat("bob's", "support", "bob"),
    Chat("alice's, ended", "sales", "alice", closed=True),
]


def expected(role: Role, verb: str, chat: Chat, modules: frozenset[str]) -> Answer:
    """The answer of every door that does `verb` and that one of `modules` opens (none named: open to all)."""
    if modules and not modules & MODULES[role.kind]:
        return "shut"
    if not reaches(role, "see", chat):
        return "unknown"
    return "yes" if reaches(role, verb, chat) else "denied"


def reaches(role: Role, verb: str, chat: Chat) -> bool:
    own = role.name == chat.holder
    within = {"none": False, "own": own, "groups": own or role.group == chat.group, "all": True}
    return within[TYPES[role.kind][verb]]
