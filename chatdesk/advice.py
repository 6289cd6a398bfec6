"""What keeps visitors from being answered, as far as the settings show it, each with the page that cures it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from chatdesk.models import Button
from routing.models import Group
from routing.querysets import able_members


@dataclass(frozen=True)
class Advice:
    text: str
    url: str


Adviser = Callable[[], Iterable[Advice]]

_advisers: list[Adviser] = []


def add_adviser(adviser: Adviser) -> None:
    """For an app further right, when it is ready: what it knows is said first."""
    if adviser not in _advisers:
        _advisers.append(adviser)


def advice() -> list[Advice]:
    """Problems an admin should know of, worst first; empty when there are none."""
    others = (each for adviser in _advisers for each in adviser())
    return [*others, *_no_doors(), *_dead_ends(), *_empty_groups()]


def _no_doors() -> Iterator[Advice]:
    if not Button.objects.filter(is_active=True).exists():
        text = _("No button is active, so visitors have no way in: make one, or switch one on.")
        yield Advice(text, reverse("admin:chatdesk_button_changelist"))


def _dead_ends() -> Iterator[Advice]:
    for button in Button.objects.filter(is_active=True, group__is_active=False).select_related("group"):
        text = _("The button “%(button)s” leads to %(group)s, which is switched off: choose another, or switch it on.")
        yield Advice(text % {"button": button, "group": button.group}, _change("chatdesk_button", button.pk))
    if not Group.objects.filter(is_active=True).exists():
        text = _("No routing group is active: make one, or switch one on.")
        yield Advice(text, reverse("admin:routing_group_changelist"))


def _empty_groups() -> Iterator[Advice]:
    able = able_members().filter(group=OuterRef("pk"))
    for group in Group.objects.filter(~Exists(able), is_active=True):
        text = _(
            "Nobody can answer for %(group)s: add a member who may work at the desk, with a chat limit of 1 or more."
        )
        yield Advice(text % {"group": group}, _change("routing_group", group.pk))


def _change(model: str, key: int) -> str:
    return reverse(f"admin:{model}_change", args=[key])
