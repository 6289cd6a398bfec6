"""Whether the people behind open sockets may still be here, by the same rules as every page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NamedTuple, get_args

from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.actions.sign_ins import KEY, end_sign_in
from accounts.decision import Decision
from accounts.gate import decide, no_new_chats_after, with_rules
from accounts.models import Scope, SignIn, User
from accounts.permissions import Verb, may, opens
from chatdesk.protocol import Close
from routing.actions.presence import leave
from routing.actions.standing import give_none_after
from routing.models import Membership

CODES = {"hours": Close.OUTSIDE_HOURS, "address": Close.ADDRESS, "inactive": Close.WITHDRAWN}
OF_ALL_SESSIONS = (Close.OUTSIDE_HOURS, Close.WITHDRAWN)


class Holder(NamedTuple):
    """Who holds a socket: the session it was opened with, whose it is, and from where."""

    session_key: str
    user_id: int
    address: str


@dataclass(frozen=True)
class Rights:
    """What the rooms that a socket may be in depend on; when it changes, each is asked again."""

    scopes: tuple[Scope, ...] = ()
    groups: frozenset[str] = frozenset()

    @property
    def group_slugs(self) -> frozenset[str] | None:
        """Of which groups the person hears; None: of all."""
        return None if self.scopes[:1] == (Scope.ALL,) else self.groups


@dataclass(frozen=True)
class Ruling:
    """What holds for a socket now: the code it is closed with, if it is; what the rules said; and how far rights go."""

    close: Close | None = None
    decision: Decision | None = None
    rights: Rights = Rights()
    sign_in: SignIn | None = None


def rulings(holders: Collection[Holder]) -> dict[Holder, Ruling]:
    """For each of them, in a handful of queries for all."""
    keys = {holder.session_key for holder in holders}
    sessions = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    kept: dict[str, dict[str, Any]] = {session.pk: session.get_decoded() for session in sessions}
    users = User.objects.select_related("user_type").in_bulk({holder.user_id for holder in holders})
    sign_ins = SignIn.objects.in_bulk({data[KEY] for data in kept.values() if KEY in data})
    with_rules(users.values())
    groups = _groups(users)
    found = {}
    for holder in holders:
        user, data = users.get(holder.user_id), kept.get(holder.session_key, {})
        rights = _rights(user, groups[user.pk]) if user else Rights()
        found[holder] = _ruling(holder, user, data, sign_ins.get(data.get(KEY, 0)), rights)
    return found


def show_out(holder: Holder, ruling: Ruling) -> None:
    """The session ends, and the chats that its person held go to others, unless another session of theirs goes on."""
    if ruling.sign_in is not None:
        end_sign_in(ruling.sign_in, reason=ruling.decision.code if ruling.decision else "withdrawn")
    if ruling.close in OF_ALL_SESSIONS or not SignIn.objects.filter(user_id=holder.user_id).exists():
        leave(holder.user_id)


def tell_routing(holder: Holder, decision: Decision | None) -> None:
    """Nobody is given a chat shortly before the log-in window ends."""
    give_none_after(holder.user_id, no_new_chats_after(decision) if decision else None)


def _ruling(holder: Holder, user: User | None, data: dict[str, Any], sign_in: SignIn | None, rights: Rights) -> Ruling:
    if user is None or not user.is_active or not opens(user, "dashboard"):
        return Ruling(Close.WITHDRAWN, sign_in=sign_in)
    # A session made with another password than today's is worth nothing (django.contrib.auth.get_user).
    proof = data.get(HASH_SESSION_KEY, "")
    mine = sign_in if sign_in and sign_in.user_id == user.pk else None
    if mine and not constant_time_compare(proof, user.get_session_auth_hash()):
        mine = None
    decision = decide(user, holder.address, session=mine)
    if not decision.allowed:  # said even if the session was ended meanwhile for the same reason
        return Ruling(CODES.get(decision.code, Close.NOT_SIGNED_IN), decision, rights, mine)
    return Ruling(None if mine else Close.NOT_SIGNED_IN, decision, rights, mine)


def _groups(users: Collection[int]) -> defaultdict[int, set[str]]:
    groups: defaultdict[int, set[str]] = defaultdict(set)
    for user_id, slug in Membership.objects.filter(user__in=users).values_list("user_id", "group__slug"):
        groups[user_id].add(slug)
    return groups


def _rights(user: User, groups: set[str]) -> Rights:
    return Rights(tuple(may(user, verb) for verb in get_args(Verb)), frozenset(groups))
