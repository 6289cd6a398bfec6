"""One conversation's sockets in this process, and where each of them stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from msgspec.structs import replace

from chatdesk.protocol import EntryPosted, NotePosted, frame


class Listener(Protocol):
    """What a room needs of a socket."""

    def push(self, text: str) -> None: ...

    def forget_seat(self, conversation_id: int) -> None: ...


@dataclass(slots=True)
class Item:
    """A committed entry on its way to sockets, encoded once for its author and once for everybody else."""

    seq: int
    participant_id: int | None
    text: str
    text_for_author: str

    @classmethod
    def of(cls, event: EntryPosted, participant_id: int | None, client_id: str | None) -> Item:
        text = frame(event)
        if client_id is None:
            return cls(event.seq, participant_id, text, text)
        return cls(event.seq, participant_id, text, frame(replace(event, client_id=client_id)))


@dataclass(eq=False, slots=True)
class Member:
    """A socket in a room. `seq` is the last entry it was given; None while it is catching up."""

    listener: Listener
    side: str  # visitor or operator
    participant_id: int | None
    is_beside: bool = False  # holds the chat, is a guest in it or watches it
    seq: int | None = None
    last_state: str = ""
    last_people: str = ""

    def hears(self, whom: str | None) -> bool:
        """`whom`: a side; or of the desk `beside`, who is there for this chat, or `aside`, who only looks on."""
        if whom in ("beside", "aside"):
            return self.side == "operator" and self.is_beside == (whom == "beside")
        return whom is None or self.side == whom


@dataclass(slots=True)
class Marks:
    """How far one side has got: high-water numbers, which only rise."""

    delivered: int = 0
    read: int = 0

    def raise_to(self, delivered: int, read: int) -> bool:
        """True if that changed anything."""
        before = (self.delivered, self.read)
        self.read = max(self.read, read)
        self.delivered = max(self.delivered, delivered, self.read)
        return before != (self.delivered, self.read)


@dataclass(eq=False, slots=True)
class Room:
    conversation_id: int
    ref: str
    head: int
    members: list[Member] = field(default_factory=list)
    marks: dict[str, Marks] = field(default_factory=lambda: {"visitor": Marks(), "operator": Marks()})
    waiting: bool = False
    last_note: int = 0

    def deliver(self, items: Sequence[Item]) -> bool:
        """Hand consecutive entries to every member that is up to date. False if some member misses one before."""
        whole = True
        for member in self.members:
            for item in items:
                if member.seq is None or item.seq <= member.seq:
                    continue
                if item.seq != member.seq + 1:
                    whole = False
                    break
                member.seq = item.seq
                mine = item.participant_id is not None and item.participant_id == member.participant_id
                member.listener.push(item.text_for_author if mine else item.text)
        if items:
            self.head = max(self.head, items[-1].seq)
        return whole

    def tell_notes(self, notes: Sequence[NotePosted]) -> None:
        """To the desk alone, and each once."""
        for note in notes:
            if note.seq > self.last_note:
                self.last_note = note.seq
                self.tell(frame(note), "operator")

    def has(self, side: str) -> bool:
        return any(member.side == side for member in self.members)

    def oldest_missing(self) -> int:
        """The number after which the slowest live member needs entries."""
        return min((member.seq for member in self.members if member.seq is not None), default=self.head)

    def show_state(self, text: str) -> None:
        """Tell a changed state to those who don't know it yet."""
        for member in self.members:
            if member.last_state != text:
                member.last_state = text
                member.listener.push(text)

    def show_people(self, text: str) -> None:
        """Tell the desk alone, and those of it who don't know it yet."""
        for member in self.members:
            if member.side == "operator" and member.last_people != text:
                member.last_people = text
                member.listener.push(text)

    def tell(self, text: str, whom: str | None = None, *, but: Listener | None = None) -> None:
        """`whom` as for Member.hears; None: everybody."""
        for member in self.members:
            if member.hears(whom) and member.listener is not but:
                member.listener.push(text)
