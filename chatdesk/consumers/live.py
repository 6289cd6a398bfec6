"""A socket in a conversation's room: entering, posting, reading and leaving."""

from __future__ import annotations

from chatdesk.actions.entries import post_said
from chatdesk.actions.ledger import Post, Written
from chatdesk.actions.writer import writer
from chatdesk.consumers.seats import Seat
from chatdesk.dbthreads import in_thread
from chatdesk.hiding import hidden_live
from chatdesk.models import Kind
from chatdesk.protocol import Author, EntryRead, frame
from chatdesk.realtime import hub
from chatdesk.realtime.room import Listener, Member
from chatdesk.sensitive.splits import may_continue


class Live:
    def __init__(self, listener: Listener, side: str, seat: Seat) -> None:
        self.seat = seat
        self.conversation_id = seat.place.conversation_id
        self._listener = listener
        self._member = Member(listener, side, seat.participant_id, seat.is_beside)
        place = seat.place
        self._room = hub.join(self._member, self.conversation_id, place.ref, place.head, place.last_note)
        for marked, (delivered, read) in place.marks.items():
            self._room.marks[marked].raise_to(delivered, read)

    @property
    def ref(self) -> str:
        return self.seat.place.ref

    @property
    def side(self) -> str:
        return self._member.side

    async def enter(self, after: int) -> int:
        """Send what came after `after`, then be live; answers the last number. Also tells how far the others got."""
        last_seq = await hub.reader.catch_up(self._room, self._member, after)
        other = "operator" if self.side == "visitor" else "visitor"
        marks = self._room.marks[other]
        if marks.delivered:
            self._listener.push(
                frame(EntryRead(conversation=self.ref, reader=other, seq=marks.read, delivered=marks.delivered))
            )
        return last_seq

    async def catch_up_notes(self, after: int) -> None:
        """Send the notes after `after`: for people at the desk."""
        if self.side == "operator":
            await hub.notes.catch_up(self._room, self._member, after)

    async def post(self, body: str, client_id: str, author: Author) -> Written:
        """Commit a message whose form was checked. Raises Refused (closed, busy)."""
        said = await hidden_live(body)
        post = Post(self.conversation_id, self._member.participant_id, Kind.MESSAGE.value, said.text, client_id)
        if said.hidden or may_continue(said.text):
            return await in_thread(post_said, post, said)
        return await writer.post(post, self.ref, author)

    def sit(self, seat: Seat) -> None:
        """A newer word on what this socket may do here."""
        self.seat = seat
        self._member.participant_id = seat.participant_id
        self._member.is_beside = seat.is_beside

    def read(self, seq: int) -> None:
        hub.marks.read(self._room, self.side, self._member.participant_id, seq)

    def tell(self, whom: str, text: str) -> None:
        hub.tell_typing(self.conversation_id, whom, text, but=self._listener)

    def leave(self) -> None:
        hub.leave(self._room, self._member)
