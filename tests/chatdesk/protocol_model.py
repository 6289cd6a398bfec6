"""What the contract promises, in a few lines: conversations as lists, and what each command must answer."""

from __future__ import annotations

from dataclasses import dataclass, field

DENIED, CLOSED, CONFLICT = "auth.denied", "conversation.closed", "state.conflict"


class Refusal(Exception):
    """The model's answer to a command that must be refused, with its code."""


@dataclass
class Thread:
    """One conversation as it ought to be. `entries` are (kind, text); only texts of messages are compared."""

    ref: str
    owner: str = ""  # nobody: it waits
    closed: bool = False
    entries: list[tuple[str, str]] = field(default_factory=list)
    said: dict[tuple[str, str], int] = field(default_factory=dict)  # (author, client id) -> number

    @property
    def last(self) -> int:
        return len(self.entries)

    @property
    def state(self) -> str:
        return "closed" if self.closed else "active" if self.owner else "waiting"

    def _add(self, kind: str, text: str = "") -> int:
        self.entries.append((kind, text))
        return self.last

    def post(self, author: str, client_id: str, body: str) -> int:
        """The number it stands at; said before, it stands where it stood, closed or not."""
        before = self.said.get((author, client_id))
        if before is None:
            if self.closed:
                raise Refusal(CLOSED)
            before = self.said[author, client_id] = self._add("message", body)
        return before

    def post_by_operator(self, who: str, client_id: str, body: str) -> int:
        self._only_owner(who)
        return self.post(who, client_id, body)

    def take(self, who: str) -> None:
        if self.closed:
            raise Refusal(CLOSED)
        if self.owner and self.owner != who:
            raise Refusal(CONFLICT)
        if not self.owner:
            self._hand_to(who)

    def transfer(self, who: str, to: str, *, is_here: bool) -> None:
        """`to`: a person's name, or empty for a group."""
        self._only_owner(who)
        if self.closed:
            raise Refusal(CLOSED)
        if not to:
            self._add("transfer")
            self.owner = ""
        elif to != who:
            if not is_here:
                raise Refusal(CONFLICT)
            self._add("leave")
            self._hand_to(to)

    def close(self, who: str) -> None:
        """By its visitor (no name) or by an operator."""
        if who:
            self._only_owner(who)
        if self.closed:
            raise Refusal(CLOSED)
        self._add("close")
        self.closed = True

    def _hand_to(self, who: str) -> None:
        self._add("join")
        self.owner = who

    def _only_owner(self, who: str) -> None:
        if self.owner != who:
            raise Refusal(DENIED)


@dataclass
class Screen:
    """What a client shows of a conversation: repeats are dropped, and nothing may ever be missing between."""

    shown: list[tuple[str, str]] = field(default_factory=list)
    holes: list[str] = field(default_factory=list)

    @property
    def last(self) -> int:
        return len(self.shown)

    def hear(self, seq: int, kind: str, body: str) -> None:
        if seq == self.last + 1:
            self.shown.append((kind, body if kind == "message" else ""))
        elif seq > self.last:
            self.holes.append(f"{seq} came after {self.last}")
        elif kind == "message" and self.shown[seq - 1] != (kind, body):
            self.holes.append(f"{seq} was {self.shown[seq - 1]} and is {body}")
