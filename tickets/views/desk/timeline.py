"""The timeline of a ticket in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.models import Held, Ticket, TicketEvent

MOST_LINES = 30
WORDS: dict[str, Promise] = {
    "made": gettext_lazy("made a ticket of it"),
    "state": gettext_lazy("state: %(after)s"),
    "owner": gettext_lazy("owner: %(after)s"),
    "priority": gettext_lazy("priority: %(after)s"),
    "due_at": gettext_lazy("due: %(after)s"),
    "subject": gettext_lazy("subject: %(after)s"),
    "tags": gettext_lazy("tags: %(after)s"),
    "merged_into": gettext_lazy("merged into #%(after)s"),
    "merged": gettext_lazy("#%(after)s was merged into this"),
    "split": gettext_lazy("split off #%(after)s"),
    "split_from": gettext_lazy("split from #%(after)s"),
    "mail_refused": gettext_lazy("a mail to an address that is no longer valid was refused"),
    "mail_held": gettext_lazy("a mail waits for a person: %(after)s"),
    "mail_looped": gettext_lazy("a mail of the desk came back by somebody's mailbox and was set aside"),
    "mail_off": gettext_lazy("mail to somebody here came back twice: nothing more is mailed to them"),
    "mail_on": gettext_lazy("somebody whose mail came back has written: they get mail again"),
}


@dataclass(frozen=True)
class Line:
    at: datetime
    who: str
    words: str


def lines_of(ticket: Ticket) -> list[Line]:
    """What was changed, the newest first."""
    events = ticket.events.select_related("actor").order_by("-pk")[:MOST_LINES]
    return [
        Line(event.at, event.actor.display_name if event.actor else _("The desk"), _words(event)) for event in events
    ]


def _words(event: TicketEvent) -> str:
    pattern = str(WORDS.get(event.what, event.what))
    return pattern % {"before": event.before, "after": _value(event.what, event.after)} if "%(" in pattern else pattern


def _value(what: str, value: str) -> str:
    """As people read it."""
    if what == "mail_held":
        return str(dict(Held.Reason.choices).get(value, value))
    if what == "state":
        return str(dict(Ticket.State.choices).get(value, value))
    if what == "priority" and value.isdecimal():
        return str(dict(Ticket.Priority.choices).get(int(value), value))
    if what == "due_at":
        return value.replace("T", " ").replace("+00:00", " UTC") or _("none")
    return value or _("none")
