"""The demo cast: one person for every door, two groups, three buttons. For `make run`; never for a real desk."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from chatdesk.models import Button
from chatdesk.signals import demo_made
from chatdesk.usual import user_type
from chatdesk.usual_messages import make_usual_messages
from routing.models import Group, Membership

OWN_MACHINE = "http://127.0.0.1:*\nhttp://localhost:*"


@dataclass(frozen=True)
class Role:
    email: str
    name: str
    user_type: str
    group: str = ""


@dataclass(frozen=True)
class DemoPerson:
    """Somebody to sign in as. `password` is None for a person of an earlier run, whose password was kept."""

    email: str
    role: str
    password: str | None


CAST = (
    Role("ada@desk.example", "Ada", "Admin"),
    Role("alice@desk.example", "Alice", "Operator", group="sales"),
    Role("bob@desk.example", "Bob", "Operator", group="support"),
    Role("sam@desk.example", "Sam", "Supervisor"),
    Role("cora@desk.example", "Cora", "Compliance"),
    Role("colin@desk.example", "Colin", "Compliance"),  # what lets records go, or out in numbers, asks two people
)
GROUPS = {"sales": "Sales", "support": "Support"}
BUTTONS = {
    "default": ("Chat with us", "Write to us. Choose who should answer, or just start.", None),
    "sales": ("Sales", "Prices, orders and delivery: ask us.", "sales"),
    "support": ("Support", "Something does not work? Tell us what happened.", "support"),
}


@transaction.atomic
def seed(password: str | None = None) -> list[DemoPerson]:
    """Make what is missing of the cast, everybody with `password` or with a random one each.

    Safe to repeat: people keep their passwords, and groups and buttons are made with the first person only, so that
    what an admin changed or deleted since stays so.
    """
    first_time = not User.objects.filter(email__in=[role.email for role in CAST]).exists()
    people = [_person(role, password) for role in CAST]
    if first_time:
        _groups()
        _buttons()
        demo_made.send(Role)
    return people


def _person(role: Role, password: str | None) -> DemoPerson:
    title = f"{role.user_type}, {GROUPS[role.group]}" if role.group else role.user_type
    if User.objects.filter(email=role.email).exists():
        return DemoPerson(role.email, title, None)
    chosen = password or secrets.token_urlsafe(12)
    User.objects.create_user(role.email, chosen, display_name=role.name, user_type=user_type(role.user_type))
    return DemoPerson(role.email, title, chosen)


def _groups() -> None:
    for slug, name in GROUPS.items():
        make_usual_messages(Group.objects.get_or_create(slug=slug, defaults={"name": name})[0])
    for role in CAST:
        if role.group:
            Membership.objects.get_or_create(
                group=Group.objects.get(slug=role.group), user=User.objects.get(email=role.email)
            )


def _buttons() -> None:
    for slug, (title, greeting, group) in BUTTONS.items():
        facts = {
            "title": title,
            "greeting": greeting,
            "group": Group.objects.get(slug=group) if group else None,
            "allowed_sites": OWN_MACHINE,
        }
        Button.objects.get_or_create(slug=slug, defaults=facts)
