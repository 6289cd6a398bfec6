"""People of the desk joining conversations, many in the time of one: the assigner may give a thousand in one pass."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chatdesk.actions.entries import closed
from chatdesk.actions.ledger import Post, commit
from chatdesk.language import for_everybody
from chatdesk.models import Conversation, Kind, Participant
from chatdesk.realtime import publish_all

Joining = tuple[Conversation, User]
Key = tuple[int, int]
BESIDE = (Participant.Role.GUEST, Participant.Role.MONITOR)


def join_all(joining: Sequence[Joining]) -> None:
    """Each person answers in that conversation from now on, and its visitor is told. Raises Refused for a closed one.

    Of somebody who is in the conversation already, a guest, the visitor hears what is new.
    """
    parts = _parts(joining)
    hosts = [part.pk for part in parts.values()]
    posts = [_post(parts[conversation.pk, user.pk], user) for conversation, user in joining]
    Participant.objects.filter(pk__in=hosts).update(role=Participant.Role.HOST, is_silent=False)
    written = commit(posts)
    if None in written:
        raise closed()
    heads = zip(posts, written, strict=True)
    publish_all([["head", post.conversation_id, entry.seq] for post, entry in heads if entry is not None])


def part_all(conversation_id: int) -> None:
    """It has ended: nobody is beside in it any more, and their windows hear so."""
    beside = Participant.objects.filter(conversation=conversation_id, role__in=BESIDE)
    users = list(beside.values_list("user_id", flat=True))
    beside.update(role="", is_silent=False)
    publish_all([["assigned", conversation_id, user_id] for user_id in users])


def _post(part: Participant, user: User) -> Post:
    was_guest = part.role == Participant.Role.GUEST
    words = _("%(name)s answers from here on.") if was_guest else _("%(name)s joined the conversation.")
    return Post(part.conversation_id, part.pk, Kind.JOIN, for_everybody(words, name=user.display_name))


def _parts(joining: Sequence[Joining]) -> dict[Key, Participant]:
    """Their parts, those made that are missing."""
    parts = _known(joining)
    new = [
        Participant(conversation=conversation, user=user, name=user.display_name)
        for conversation, user in joining
        if (conversation.pk, user.pk) not in parts
    ]
    made = Participant.objects.bulk_create(new)
    return parts | {(part.conversation_id, part.user_id or 0): part for part in made}


def _known(joining: Sequence[Joining]) -> dict[Key, Participant]:
    found = Participant.objects.filter(
        conversation__in={conversation.pk for conversation, _user in joining},
        user__in={user.pk for _conversation, user in joining},
    )
    wanted = {(conversation.pk, user.pk) for conversation, user in joining}
    keyed = {(part.conversation_id, part.user_id or 0): part for part in found}
    return {key: part for key, part in keyed.items() if key in wanted}
