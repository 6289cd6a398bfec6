"""Fetch and authorise in one call. What may not be seen does not exist; what may be seen but not done is denied."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import reduce
from operator import and_

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import Scope, User
from accounts.permissions import Verb, may, opens
from chatdesk.models import Conversation, Participant, Visitor
from chatdesk.models.visitor import token_hash
from chatdesk.protocol import Code, Refused

VISITOR_COOKIE = "chat"
BEARER = "Bearer "
Able = dict[Verb, bool]
GUESTS_MAY: tuple[Verb, ...] = ("see", "answer")
Narrowing = Callable[[User], Q]  # of Conversation

_narrowings: dict[Verb, list[Narrowing]] = defaultdict(list)


def narrow(verb: Verb, rule: Narrowing) -> None:
    """For an app further right, when it is ready: a permission reaches only what its `rule` leaves to a person too."""
    if rule not in _narrowings[verb]:
        _narrowings[verb].append(rule)


def in_scope(user: User, scope: Scope) -> Q:
    """The conversations that a scope reaches for a person."""
    if scope == Scope.ALL:
        return Q()
    own = Q(request__operator=user)
    if scope == Scope.OWN:
        return own
    if scope == Scope.GROUPS:
        # The groups by name and not by a join: it would show a conversation once for each member of its group.
        return own | Q(group__in=list(user.memberships.values_list("group_id", flat=True)))
    return Q(pk__in=())


def reached(user: User, verb: Verb) -> Q:
    """Conversations in which this person may `verb`: none whose time is up.

    A guest sees and answers where they were let in, until its end.
    """
    return _reached(user, verb) & Q(hidden_at=None)


def _reached(user: User, verb: Verb) -> Q:
    scope = may(user, verb)
    if scope == Scope.NONE or verb not in GUESTS_MAY:
        return reduce(and_, (rule(user) for rule in _narrowings[verb]), in_scope(user, scope))
    guest = Participant.objects.filter(user=user, role=Participant.Role.GUEST, conversation__closed_at=None)
    let_in = guest.values("conversation_id")
    return in_scope(user, scope) | Q(pk__in=let_in) if scope != Scope.ALL else Q()


def may_be_asked(person: User) -> bool:
    """Whether this person's type lets them answer chats at the desk at all: nobody else is offered any."""
    return opens(person, "dashboard") and may(person, "answer") != Scope.NONE


def check_answers(person: User) -> None:
    """Raises Refused `auth.denied` for who can't write to visitors: no chat is to end with them."""
    if not may_be_asked(person):
        raise Refused(Code.AUTH_DENIED, _("Your account does not answer chats."))


def conversation_for_operator(user: User, ref: str, verb: Verb = "see") -> Conversation:
    """The conversation, if this person may `verb` it.

    Raises Refused: `conversation.unknown` if they may not see it or there is none, `auth.denied` if they may only see.
    """
    conversations = Conversation.objects.select_related(
        "request__operator", "request__group", "button", "group", "visitor", "mail_notice"
    )
    seen = conversations.filter(reached(user, "see"), ref=ref).first()
    if seen is None:
        raise Refused(Code.UNKNOWN, _("There is no such conversation."))
    if verb != "see" and not may_do(user, seen, verb):
        raise Refused(Code.AUTH_DENIED, _("You may read this conversation, but not do that."))
    return seen


def may_do(user: User, conversation: Conversation, verb: Verb) -> bool:
    """Whether a permission of this person reaches a conversation that they see."""
    return deeds(user, conversation, verb)[verb]


def deeds(user: User, conversation: Conversation, *verbs: Verb) -> Able:
    """The same for several permissions, in one query."""
    this = Conversation.objects.filter(pk=OuterRef("pk"))
    within = [Exists(this.filter(reached(user, verb))) for verb in verbs]
    found = Conversation.objects.filter(pk=conversation.pk).values_list(*within).get()
    return dict(zip(verbs, found, strict=True))


def conversation_for_visitor(visitor: Visitor, ref: str | None = None) -> Conversation:
    """The visitor's own conversation: the newest, or the one named. Raises Refused `conversation.unknown`."""
    own = Conversation.objects.select_related("request", "button", "group").filter(visitor=visitor, hidden_at=None)
    conversation = (own.filter(ref=ref) if ref else own).order_by("-pk").first()
    if conversation is None:
        raise Refused(Code.UNKNOWN, _("There is no such conversation."))
    return conversation


def visitor_of_token(token: str) -> Visitor | None:
    """Whose token this is. Only its hash is looked up, so that timing tells nothing."""
    return Visitor.objects.filter(token_hash=token_hash(token)).first() if token else None


def visitor_of_request(request: HttpRequest) -> Visitor | None:
    """The visitor behind a page: by `Authorization: Bearer`, else by the cookie that the page without script uses."""
    header = request.headers.get("Authorization", "")
    if header.startswith(BEARER):
        return visitor_of_token(header.removeprefix(BEARER).strip())
    return visitor_of_token(request.COOKIES.get(VISITOR_COOKIE, ""))
