"""Beginning, taking, handing on and ending conversations."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from chatdesk.actions.entries import check_body, checked_body, closed, post_entry
from chatdesk.actions.joining import part_all
from chatdesk.actions.notes import LONGEST_NOTE, store_note
from chatdesk.actions.saying import form_without_hidden, tell_hidden
from chatdesk.actions.waiting.chain import say_goodbye
from chatdesk.contact import check_address
from chatdesk.language import for_everybody
from chatdesk.models import Button, Conversation, FieldRule, Kind, Participant, Visitor
from chatdesk.models.visitor import new_token, token_hash
from chatdesk.permissions import check_answers, conversation_for_operator, may_be_asked
from chatdesk.protocol import Code, Refused
from chatdesk.realtime import publish
from chatdesk.sensitive.results import What
from chatdesk.signals import address_left, conversation_closed
from chatdesk.sitelimits import site_settings
from chatdesk.states import RANK, offered_groups
from routing import errors as routing_errors
from routing.actions import queue, taking
from routing.availability import group_states
from routing.locks import deciding
from routing.models import Group, Outcome, Request, State
from routing.querysets import full_queues

FIELDS = ("name", "email", "question")
CONTEXT = ("page", "referrer")
ANSWER_TO = "reply_to"  # not part of any button's form: an address for the answer alone, which no row here keeps
LONGEST = {"name": 80, "email": 254, "question": 500, "page": 500, "referrer": 500, "reply_to": 254}
UNGUESSABLE = 32  # characters of a client id that nobody else can have by chance
Farewell = Callable[[Conversation, datetime], object]
REPLAY_FOR = timedelta(minutes=10)


@dataclass(frozen=True)
class Started:
    conversation: Conversation
    participant: Participant
    token: str
    seq: int


def start(
    button: Button,
    visitor: Visitor | None,
    client_id: str,
    body: str,
    *,
    group_slug: str | None = None,
    fields: dict[str, str] | None = None,
) -> Started:
    """A visitor's first message: it makes the conversation, takes its place in the queue, and is entry 1.

    The same start again (the same visitor and client id) answers the same conversation. A visitor whose first answer
    was lost has no token yet: an unguessable client id, repeated within ten minutes and before the token was ever
    used, gets a new token. Where nobody else can wait, it is kept as a message. Raises Refused (`form.incomplete`,
    `frame.invalid`, `entry.*`).
    """
    with deciding():  # one at a time, so that two tabs can't make two chats
        again = _started_before(visitor, client_id)
        if again is not None:
            return again
        _refuse_second(button, visitor)
        form, unkept = _checked_form(button, fields or {})
        address = form.pop(ANSWER_TO, "")
        group = _chosen_group(button, group_slug)
        check_body(body, site_settings().message_limit)
        first = FirstMessage(button, visitor, client_id, body, form, unkept)
        try:
            routed(lambda: queue.enqueue(group, first.store, language=get_language() or ""))
        except routing_errors.QueueFull:
            _keep_as_message(group, first)
        if address:
            address_left.send(None, conversation=first.started.conversation, address=address)
        return first.started


def _keep_as_message(group: Group, first: FirstMessage) -> None:
    """Where nobody else can wait, what was written is still not lost."""
    queue.leave(group, first.store, language=get_language() or "")
    words = gettext_lazy("So many people wait just now that this is kept as a message. Somebody will answer it here.")
    post_entry(first.started.conversation, None, for_everybody(words), kind=Kind.NOTICE)


@dataclass
class FirstMessage:
    """What belongs to a new request, stored before anybody can be given it."""

    button: Button
    visitor: Visitor | None
    client_id: str
    body: str
    form: dict[str, str]
    unkept: frozenset[What]  # of the form
    started: Started = field(init=False)

    def store(self, request: Request) -> None:
        token = "" if self.visitor else new_token()
        visitor = self.visitor or Visitor.objects.create(token_hash=token_hash(token))
        conversation = Conversation.objects.create(
            visitor=visitor,
            button=self.button,
            group=request.group,
            request=request,
            start_id=self.client_id,
            **self.form,
        )
        participant = Participant.objects.create(conversation=conversation, name=conversation.name)
        entry = post_entry(conversation, participant, self.body, self.client_id)
        tell_hidden(conversation.pk, self.unkept)
        self.started = Started(conversation, participant, token, entry.seq)
        publish("state", conversation.pk)
        if request.group.is_manual and request.state == State.WAITING:
            publish("offered", conversation.pk)


def _refuse_second(button: Button, visitor: Visitor | None) -> None:
    """One open conversation for a visitor and button: two tabs must not make two chats."""
    if visitor and Conversation.objects.filter(visitor=visitor, button=button, closed_at=None).exists():
        raise Refused(Code.CONFLICT, _("You have an open conversation here already."))


def _started_before(visitor: Visitor | None, client_id: str) -> Started | None:
    earlier = Conversation.objects.select_related("visitor").filter(start_id=client_id)
    if visitor is not None:
        conversation = earlier.filter(visitor=visitor).first()
        return _as_started(conversation, "") if conversation else None
    if len(client_id) < UNGUESSABLE:
        return None
    unused = earlier.filter(visitor__token_used=False, created_at__gt=timezone.now() - REPLAY_FOR)
    conversation = unused.first()
    if conversation is None:
        return None
    token = new_token()
    Visitor.objects.filter(pk=conversation.visitor_id).update(token_hash=token_hash(token))
    return _as_started(conversation, token)


def _as_started(conversation: Conversation, token: str) -> Started:
    return Started(conversation, conversation.participants.get(user=None), token, 1)


def _checked_form(button: Button, fields: dict[str, str]) -> tuple[dict[str, str], frozenset[What]]:
    unknown = set(fields) - set(FIELDS) - set(CONTEXT) - {ANSWER_TO}
    if unknown:
        raise Refused(Code.INVALID, _("Unknown fields: %(names)s.") % {"names": ", ".join(sorted(unknown))})
    form = {key: value.strip().replace("\x00", "") for key, value in fields.items()}
    for name in FIELDS:
        rule = getattr(button, f"{name}_field")
        if rule == FieldRule.OFF:
            form.pop(name, None)
        elif rule == FieldRule.REQUIRED and not form.get(name):
            raise Refused(Code.FORM, _("Please fill in: %(name)s.") % {"name": _field_label(button, name)})
    for name in ("email", ANSWER_TO):
        if form.get(name):
            check_address(form[name])
    kept, unkept = form_without_hidden(form, ("email", ANSWER_TO))
    return {key: value[: LONGEST[key]] for key, value in kept.items()}, unkept


def _field_label(button: Button, name: str) -> str:
    return {"name": _("name"), "email": _("e-mail"), "question": button.question_label}[name]


def _chosen_group(button: Button, slug: str | None) -> Group:
    """The group the visitor chose, else the first that has somebody there and lets people wait, else the first."""
    groups = offered_groups(button)
    if slug:
        chosen = [group for group in groups if group.slug == slug]
        if not chosen:
            raise Refused(Code.INVALID, _("This button does not lead to that group."))
        return chosen[0]
    if not groups:
        raise Refused(Code.CONFLICT, _("Nobody can be reached through this button yet."))
    if len(groups) > 1 and button.group_field == FieldRule.REQUIRED:
        raise Refused(Code.FORM, _("Please choose whom to talk to."))
    states, full = group_states(groups), full_queues(groups)
    return min(groups, key=lambda group: (group.pk in full, RANK[states[group.pk]]))


# --- by people at the desk ---


def take(user: User, ref: str) -> Conversation:
    """Pick a waiting chat up. Raises Refused `state.conflict` if somebody else has it, or the person has enough."""
    with deciding():
        conversation = conversation_for_operator(user, ref, "take")
        check_answers(user)
        held_already = conversation.standing == "active" and conversation.request.operator_id == user.pk
        if conversation.standing == "message":
            link, language = partial(_route_anew, conversation), conversation.request.language
            routed(lambda: taking.take_up(conversation.group, user, link, language=language))
        else:
            routed(lambda: taking.take(conversation.request_id, user))
        if not held_already:
            record("chat.take", actor=user, on=conversation)
        return conversation


def begin(user: User, conversation_id: int) -> bool:
    """Who writes in a chat that was only offered has accepted it. False if there was nothing to accept."""
    with deciding():
        request_id = Conversation.objects.values_list("request_id", flat=True).get(pk=conversation_id)
        return taking.accept(request_id, user.pk)


def _route_anew(conversation: Conversation, request: Request) -> None:
    """What was left as a message is a live chat again, by another request."""
    Conversation.objects.filter(pk=conversation.pk).update(request=request)


def transfer(
    user: User, ref: str, group: str | None = None, operator: int | None = None, *, note: str = ""
) -> Conversation:
    """Hand a chat to a group or to a person who is there, with a note for who gets it.

    Raises Refused `state.conflict` when nobody would have it.
    """
    if (group is None) == (operator is None):
        raise Refused(Code.INVALID, _("Name a group or a person to transfer to."))
    with deciding():
        conversation = conversation_for_operator(user, ref, "transfer")
        target_group = Group.objects.filter(slug=group, is_active=True).first() if group else None
        target_user = _answering(operator) if operator else None
        if target_group is None and target_user is None:
            raise Refused(Code.CONFLICT, _("There is no such group or person to transfer to."))
        if note.strip():
            store_note(conversation.pk, user, checked_body(note, LONGEST_NOTE), f"transfer-{secrets.token_urlsafe(16)}")
        routed(lambda: taking.transfer(conversation.request_id, user, group=target_group, operator=target_user))
        record("chat.transfer", actor=user, on=conversation, after={"to": str(target_group or target_user)})
        return conversation


def _answering(user_id: int) -> User | None:
    person = User.objects.select_related("user_type").filter(pk=user_id).first()
    return person if person and may_be_asked(person) else None


def close_by_operator(user: User, ref: str) -> Conversation:
    """End a conversation. Ending it twice is `conversation.closed`."""
    conversation = conversation_for_operator(user, ref, "close")
    words = for_everybody(gettext_lazy("%(name)s ended the conversation."), name=user.display_name)
    with deciding():
        part = operator_part(conversation, user)
        _close(conversation, part, words, outcome=Outcome.SERVED, before=say_goodbye)
        record("chat.close", actor=user, on=conversation)
    return conversation


def close_beside(conversation: Conversation, user: User, words: str) -> None:
    """End it as part of another deed, whose permission was checked; `words` are read by the visitor too."""
    with deciding():
        _close(conversation, operator_part(conversation, user), words, outcome=Outcome.SERVED)
        record("chat.close", actor=user, on=conversation)


def close_by_visitor(conversation_id: int) -> None:
    """End the visitor's own conversation. Ending it twice is `conversation.closed`."""
    conversation = Conversation.objects.get(pk=conversation_id)
    part = conversation.participants.get(user=None)
    left = conversation.standing == "waiting"
    words = (
        gettext_lazy("The visitor left while waiting.") if left else gettext_lazy("The visitor ended the conversation.")
    )
    _close(conversation, part, for_everybody(words))


def _close(
    conversation: Conversation,
    part: Participant,
    words: str,
    *,
    outcome: Outcome | None = None,
    before: Farewell | None = None,
) -> None:
    """`before` writes what comes before the entry of the end."""
    with deciding() as now:
        conversation.refresh_from_db(fields=["closed_at", "request"])
        if conversation.closed_at is not None:
            raise closed()
        queue.end(conversation.request_id, outcome)  # a message that was left has ended there already
        if before:
            before(conversation, now)
        post_entry(conversation, part, words, kind=Kind.CLOSE)
        Conversation.objects.filter(pk=conversation.pk).update(closed_at=now)
        part_all(conversation.pk)
        conversation_closed.send(None, conversation=conversation)
        publish("state", conversation.pk)


def operator_part(conversation: Conversation, user: User) -> Participant:
    """The person's part in a conversation, made when they first come in."""
    part, _made = Participant.objects.get_or_create(
        conversation=conversation, user=user, defaults={"name": user.display_name}
    )
    return part


def routed(step: Callable[[], object]) -> None:
    """Let routing decide. Raises Refused, in words, for what it would not do."""
    try:
        step()
    except routing_errors.AlreadyTaken as taken:
        name = taken.operator.display_name
        raise Refused(Code.CONFLICT, _("%(name)s already has this conversation.") % {"name": name}) from taken
    except routing_errors.Full as full:
        raise Refused(Code.CONFLICT, _("No free place: the chat limit is reached.")) from full
    except routing_errors.NotWaiting as gone:
        raise closed() from gone
    except routing_errors.Unavailable as away:
        raise Refused(Code.CONFLICT, _("Nobody there can take this conversation just now.")) from away
