"""A conversation that begins with a mail: among the group's messages, to be answered by whoever comes."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.rows import answers, stored
from chatdesk.models import Button, Conversation, Participant, Visitor
from chatdesk.models.visitor import new_token, token_hash
from chatdesk.protocol import Code, Refused
from routing.actions import queue
from routing.models import Group, Request
from tickets.memory import remembered
from tickets.models import ForwardingAddress

BEGUN = "SELECT id FROM chatdesk_conversation WHERE start_id = %s ORDER BY id LIMIT 1"


@dataclass
class Newcomer:
    """Who writes, and where to. `start_id` makes the same mail the same conversation. Its first entry tells of it."""

    address: ForwardingAddress
    start_id: str
    name: str
    conversation: Conversation = field(init=False)
    participant: Participant | None = None  # theirs, if the conversation was made just now

    def store(self, request: Request) -> None:
        visitor = stored(Visitor(token_hash=token_hash(new_token())))
        begun = Conversation(
            visitor=visitor,
            button=button_of(self.address),
            group=request.group,
            request=request,
            start_id=self.start_id,
            name=self.name[:80],
        )
        self.conversation = stored(begun)
        self.participant = stored(Participant(conversation=begun, name=begun.name))


def begin(newcomer: Newcomer) -> Conversation:
    """The conversation that this mail makes, or made before. Call it while `deciding`: a mail makes no two."""
    earlier = answers(BEGUN, [newcomer.start_id])
    if earlier:
        return Conversation.objects.get(pk=earlier[0][0])
    queue.leave(newcomer.address.group, newcomer.store)
    return newcomer.conversation


def button_of(address: ForwardingAddress) -> Button:
    """Its own button; else the first that leads to its group; else the one of /chat/. Raises Refused without any."""
    button = remembered((_button_of, address.pk), lambda: _button_of(address))
    if button is None:
        raise Refused(Code.CONFLICT, _("There is no button yet that a conversation could belong to."))
    return button


def _button_of(address: ForwardingAddress) -> Button | None:
    return address.button or _leading_to(address.group) or Button.objects.order_by("pk").first()


def _leading_to(group: Group) -> Button | None:
    leading = Button.objects.filter(Q(group=group) | Q(choices=group)).order_by("-is_active", "pk").first()
    return leading or Button.objects.filter(slug="default").first()
