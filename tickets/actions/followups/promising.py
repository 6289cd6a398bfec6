"""Making a promise: what is to be answered, until when, by whom, and on which channel the visitor wants it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from accounts.sealing import seal
from chatdesk.contact import check_address
from chatdesk.hiding import hidden
from chatdesk.models import Conversation
from chatdesk.permissions import conversation_for_operator
from chatdesk.protocol import Code, Refused
from chatdesk.realtime import publish
from routing.locks import deciding
from routing.models import Group, State
from tickets.actions import correspondents
from tickets.actions.maskrules import rules_for
from tickets.actions.tickets import ensure
from tickets.actions.tickets.changing import may_own
from tickets.lines import one_line
from tickets.masking import mask_text
from tickets.models import Correspondent, FollowUp

Channel = FollowUp.Channel
LONGEST_QUESTION = 1000
LONGEST_CONTACT = 254
LONGEST_REASON = 200
LONGEST_KEEPING = timedelta(days=365)
PHONE = re.compile(r"(?=(?:\D*\d){3})\+?[\d\s()/.-]{5,30}")  # three figures at least: no number is all dots


@dataclass(frozen=True)
class Contact:
    """Where the visitor wants to be reached, for this purpose alone, and that they agreed. `keep_until`: aware."""

    address: str = ""
    reason: str = ""
    keep_until: datetime | None = None
    has_consented: bool = False


@dataclass(frozen=True)
class Promise:
    """`due`: aware. `keeper`: a person, or a group of whom anybody may keep it."""

    question: str
    channel: str
    due: datetime
    keeper: User | Group
    contact: Contact


def promise(user: User, ref: str, made: Promise) -> FollowUp:
    """Promise the visitor of a conversation an answer; the conversation is a ticket from then on.

    A group that it is handed to has the conversation from now on. Raises Refused: `conversation.unknown`,
    `auth.denied`, `form.incomplete` (with what is missing), `state.conflict` for who could not see the conversation.
    """
    with deciding() as now:
        conversation = conversation_for_operator(user, ref, "take")
        question = _checked(made, now)
        _entrust(conversation, made.keeper)
        ensure(conversation)
        contact = _contact_facts(conversation, made, now)
        follow_up = FollowUp.objects.create(
            conversation=conversation,
            question=_masked(conversation, question),
            promised_for=made.due,
            asked_by=user,
            user=made.keeper if isinstance(made.keeper, User) else None,
            group=made.keeper if isinstance(made.keeper, Group) else None,
            live_request=conversation.request if conversation.request.state != State.CLOSED else None,
            **contact,
        )
        after = {"promise": follow_up.pk, "channel": made.channel, "keeper": str(made.keeper), "due": made.due}
        record("promise.make", actor=user, on=conversation, after=after)
        return follow_up


def _masked(conversation: Conversation, question: str) -> str:
    """The contact belongs into its own field, where it is sealed: in the question it is masked like everywhere."""
    rules = replace(rules_for(conversation, None), masks_phones=True)
    return mask_text(hidden(question).text, rules).text[:LONGEST_QUESTION]


def _checked(made: Promise, now: datetime) -> str:
    question = one_line(made.question)
    if not question or len(question) > LONGEST_QUESTION:
        raise _incomplete(_("Please say in at most %(n)s characters what is to be answered.") % {"n": LONGEST_QUESTION})
    if made.due <= now:
        raise _incomplete(_("Please promise a time that is still to come."))
    if made.channel not in Channel.values:
        raise _incomplete(_("Please choose how the visitor wants the answer."))
    if made.channel != Channel.PAGE:
        _check_contact(made, now)
    return question


def _check_contact(made: Promise, now: datetime) -> None:
    contact = made.contact
    if made.channel == Channel.MAIL:
        check_address(contact.address.strip())
    elif not PHONE.fullmatch(contact.address.strip()):
        raise _incomplete(_("This telephone number doesn't look right."))
    if not 3 <= len(one_line(contact.reason)) <= LONGEST_REASON:
        raise _incomplete(_("Please say in a few words what the contact is kept for."))
    if contact.keep_until is None or not made.due <= contact.keep_until <= now + LONGEST_KEEPING:
        raise _incomplete(_("The contact is kept at least until the answer is due, and a year at most."))
    if not contact.has_consented:
        raise _incomplete(_("Without the visitor's consent no contact can be kept."))


def _contact_facts(conversation: Conversation, made: Promise, now: datetime) -> dict[str, Any]:
    """Nothing of the contact where the answer waits on the page, whatever was written into the form."""
    if made.channel == Channel.PAGE:
        return {"channel": Channel.PAGE}
    address = made.contact.address.strip()[:LONGEST_CONTACT]
    return {
        "channel": made.channel,
        "sealed_contact": seal(address),
        "reason": hidden(one_line(made.contact.reason)).text[:LONGEST_REASON],
        "consented_at": now,
        "delete_at": made.contact.keep_until,
        "correspondent": _reach(conversation, address) if made.channel == Channel.MAIL else None,
    }


def _reach(conversation: Conversation, address: str) -> Correspondent | None:
    """Answers go there from now on. Whoever writes by mail already is reached where they write from."""
    by_mail = Correspondent.objects.filter(conversation=conversation, side=Correspondent.Side.VISITOR, revoked_at=None)
    if by_mail.exists():
        return None
    made = correspondents.of_visitor(conversation, address)
    # What was said before the promise was read in the chat: it is no answer.
    Correspondent.objects.filter(pk=made.pk).update(sent_seq=conversation.last_seq, revoked_at=None)
    return made


def _entrust(conversation: Conversation, keeper: User | Group) -> None:
    """Who is to answer must see what was asked."""
    if isinstance(keeper, User):
        if not may_own(keeper, conversation):
            words = _("%(name)s may not see this conversation. Hand it to their group instead.")
            raise Refused(Code.CONFLICT, words % {"name": keeper.display_name})
    elif keeper.pk != conversation.group_id:
        Conversation.objects.filter(pk=conversation.pk).update(**conversation.moved_to(keeper.pk))
        conversation.group = keeper
        publish("state", conversation.pk)


def _incomplete(words: str) -> Refused:
    return Refused(Code.FORM, words)
