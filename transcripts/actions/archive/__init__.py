"""Closed conversations for a demo: seeded, so the same numbers are the same stories each time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time

from django.utils import timezone

from accounts.models import User
from chatdesk.models import Button, Conversation
from chatdesk.usual import user_type
from routing.models import Group, Membership
from transcripts.actions.archive.inventing import begun, invent
from transcripts.actions.archive.storing import Stage, store

CHUNK = 1000
MARK = "demo-archive-"
GROUPS = {"sales": "Sales", "support": "Support", "billing": "Billing"}
PEOPLE = {
    "sales": ("Alice", "Dora", "Emil"),
    "support": ("Bob", "Frida", "Gustav"),
    "billing": ("Hanna", "Igor", "Jürgen"),
}


def make(count: int) -> Iterator[int]:
    """`count` more of them, on top of those that are there; yields how many are done, after each thousand."""
    stage = set_up()
    until = datetime.combine(timezone.now().date(), time(), UTC)
    first = Conversation.objects.filter(start_id__startswith=MARK).count()
    people = max(map(len, stage.people))
    # As they would have come: lists show what was stored last first.
    numbers = sorted(range(first, first + count), key=lambda number: begun(number, until))
    for start in range(0, count, CHUNK):
        chunk = numbers[start : start + CHUNK]
        store([invent(number, until, len(stage.groups), people) for number in chunk], stage)
        yield start + len(chunk)


def set_up() -> Stage:
    """The groups, buttons and people, made where they are missing. Those made here have no password."""
    groups = [Group.objects.get_or_create(slug=slug, defaults={"name": name})[0] for slug, name in GROUPS.items()]
    buttons = [_button(group) for group in groups]
    return Stage(groups, buttons, [[_person(name, group) for name in PEOPLE[group.slug]] for group in groups])


def _button(group: Group) -> Button:
    facts = {"title": group.name, "group": group}
    return Button.objects.get_or_create(slug=group.slug, defaults=facts)[0]


def _person(name: str, group: Group) -> User:
    email = f"{name.lower().replace('ü', 'ue')}@desk.example"
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User(email=email, display_name=name, user_type=user_type("Operator"))
        user.set_unusable_password()
        user.save()
    Membership.objects.get_or_create(group=group, user=user)
    return user
