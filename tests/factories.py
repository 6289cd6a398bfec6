"""The cast of the tests, and short ways to make what they need. Rows only: no action runs, nothing is published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any, get_args

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.models import Scope, User, UserType
from accounts.permissions import Verb
from chatdesk.models import Button, Conversation, Entry, Kind, Participant, SiteSettings, Visitor
from chatdesk.models.visitor import new_token, token_hash
from chatdesk.sitelimits import forget
from chatdesk.usual import user_type
from routing.models import Group, Hours, Interval, Membership, Policy, Presence, Request, State, Status
from routing.times import read_spans

PASSWORD = "correct horse battery staple"


@dataclass(frozen=True)
class Guest:
    """A visitor with the token that only the visitor's browser knows."""

    visitor: Visitor
    token: str


@dataclass(frozen=True)
class Cast:
    """alice and bob operate (Sales, Support), charlie may see nothing, vera and walt visit."""

    alice: User
    bob: User
    charlie: User
    vera: Guest
    walt: Guest
    sales: Group
    support: Group
    sales_button: Button
    support_button: Button
    default_button: Button


def make_cast() -> Cast:
    sales, support = make_group("sales"), make_group("support")
    alice, bob, charlie = make_operator("alice", sales), make_operator("bob", support), make_outsider("charlie")
    return Cast(
        alice=alice,
        bob=bob,
        charlie=charlie,
        vera=make_guest(),
        walt=make_guest(),
        sales=sales,
        support=support,
        sales_button=make_button("sales", sales),
        support_button=make_button("support", support),
        default_button=make_button("default"),
    )


# --- people ----------------------------------------------------------------------------------------------------------


@cache
def password_hash() -> str:
    return make_password(PASSWORD)


def make_user(name: str, kind: UserType | None = None, **facts: Any) -> User:
    """`name`@desk.example, who signs in with PASSWORD."""
    user = User(email=f"{name}@desk.example", display_name=name.capitalize(), user_type=kind, **facts)
    user.password = password_hash()
    user.save()
    return user


def make_operator(name: str, *groups: Group, limit: int = 4, priority: int = 0) -> User:
    user = make_user(name, user_type("Operator"))
    for group in groups:
        make_membership(group, user, limit=limit, priority=priority)
    return user


def make_supervisor(name: str = "sam") -> User:
    return make_user(name, user_type("Supervisor"))


def allow_watching_unseen() -> None:
    """Supervisors may, and the site's notice tells visitors that it is done."""
    user_type("Supervisor")
    UserType.objects.filter(name="Supervisor").update(monitors_silently=True)
    SiteSettings.objects.update_or_create(pk=1, defaults={"policy_text": "Colleagues may listen."})
    forget()


def make_admin(name: str = "ada") -> User:
    return make_user(name, user_type("Admin"))


def make_compliance(name: str = "cora") -> User:
    return make_user(name, user_type("Compliance"))


def make_outsider(name: str = "charlie") -> User:
    """May sign in and see nothing."""
    nothing: dict[str, Any] = dict.fromkeys(get_args(Verb), Scope.NONE)
    kind, _made = UserType.objects.get_or_create(name="Outsider", defaults={"opens_dashboard": False, **nothing})
    return make_user(name, kind)


def make_guest(**facts: Any) -> Guest:
    token = new_token()
    return Guest(Visitor.objects.create(token_hash=token_hash(token), **facts), token)


# --- routing ---------------------------------------------------------------------------------------------------------


def make_group(slug: str, *, manual: bool = False, **facts: Any) -> Group:
    if manual:
        facts["policy"] = Policy.MANUAL
    return Group.objects.create(slug=slug, name=facts.pop("name", slug.capitalize()), **facts)


def make_hours(name: str = "Office", *, zone: str = "UTC", opens: str = "", days: range = range(7)) -> Hours:
    """Open at `opens` on each of the days, such as 09:00-17:00; without it, never."""
    hours = Hours.objects.create(name=name, zone=zone)
    Interval.objects.bulk_create(
        Interval(hours=hours, weekday=day, start=start, end=end) for day in days for start, end in read_spans(opens)
    )
    return hours


def make_membership(group: Group, user: User, *, limit: int = 4, priority: int = 0) -> Membership:
    return Membership.objects.create(group=group, user=user, chat_limit=limit, priority=priority)


def make_present(user: User, status: Status = Status.AVAILABLE, seconds: float = 40) -> Presence:
    """Here for `seconds` more; negative for a lease that has ended and that no sweep has found yet."""
    lease = {"status": status, "is_here": True, "lease_until": timezone.now() + timedelta(seconds=seconds)}
    return Presence.objects.update_or_create(user=user, defaults=lease)[0]


def make_request(group: Group, operator: User | None = None, *, closed: bool = False, **facts: Any) -> Request:
    """Waiting; held by `operator` if there is one; or closed."""
    now = timezone.now()
    if closed:
        facts.setdefault("closed_at", now)
    if operator:
        facts.setdefault("taken_at", now)
        facts.setdefault("waited_seconds", 0)
    state = State.CLOSED if closed else State.ACTIVE if operator else State.WAITING
    return Request.objects.create(group=group, operator=operator, state=state, **facts)


# --- chat ------------------------------------------------------------------------------------------------------------


def make_button(slug: str, group: Group | None = None, **facts: Any) -> Button:
    return Button.objects.create(slug=slug, title=facts.pop("title", slug.capitalize()), group=group, **facts)


def make_conversation(
    button: Button,
    guest: Guest | None = None,
    operator: User | None = None,
    *,
    group: Group | None = None,
    closed: bool = False,
    **facts: Any,
) -> Conversation:
    """Waiting in the button's group (or `group`), held by `operator`, or closed; without entries."""
    chosen = group or button.group
    if chosen is None:
        raise ValueError("a button that lets the visitor choose needs a group here")
    facts.setdefault("start_id", new_token())
    conversation = Conversation.objects.create(
        visitor=(guest or make_guest()).visitor,
        button=button,
        group=chosen,
        request=make_request(chosen, operator, closed=closed),
        closed_at=timezone.now() if closed else None,
        **facts,
    )
    make_participant(conversation)
    if operator:
        make_participant(conversation, operator)
    return conversation


def make_participant(conversation: Conversation, user: User | None = None) -> Participant:
    name = user.display_name if user else conversation.name
    return Participant.objects.get_or_create(conversation=conversation, user=user, defaults={"name": name})[0]


def make_entry(
    conversation: Conversation, body: str = "Hello", author: User | None = None, kind: Kind = Kind.MESSAGE, **facts: Any
) -> Entry:
    """The next numbered entry, by the visitor unless `author` is given."""
    conversation.last_seq += 1
    conversation.last_at = facts.setdefault("at", timezone.now())
    conversation.save(update_fields=["last_seq", "last_at"])
    facts.setdefault("participant", make_participant(conversation, author))
    return Entry.objects.create(conversation=conversation, seq=conversation.last_seq, kind=kind, body=body, **facts)


def make_entries(conversation: Conversation, count: int) -> list[Entry]:
    return [make_entry(conversation, f"Message {number}") for number in range(1, count + 1)]
