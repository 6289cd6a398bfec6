"""For whom the help is written."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Person:
    """A kind of reader; `key` is the folder of their pages and a part of their addresses."""

    key: str
    title: str | Promise
    hint: str | Promise


PERSONS = (
    Person("visitor", _("You write to us"), _("Before, during and after a chat.")),
    Person("operator", _("You answer at the desk"), _("Several chats at once, and none of them lost.")),
    Person("supervisor", _("You look after the desk"), _("To see what happens, and to help while it does.")),
    Person("admin", _("You set the desk up"), _("People, departments, hours, buttons and rules.")),
    Person("compliance", _("You answer for the records"), _("Who did what, and how that is proved.")),
)
