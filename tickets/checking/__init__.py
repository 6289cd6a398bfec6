"""Trying the ways in and out, and saying plainly what is wrong. Nothing of it changes anything."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from tickets.actions import selftest
from tickets.actions.copies import troubles
from tickets.actions.names import ask as ask_names
from tickets.checking.findings import Finding, Grade, good, still_open, wrong
from tickets.checking.names import Lookup, check_names
from tickets.checking.ways import check_ways_in, check_ways_out
from tickets.models import MailSettings

__all__ = ["Finding", "Grade", "check_mail", "check_names"]

STANDINGS = {"passed": good, "failed": wrong, "lost": wrong, "waiting": still_open, "never": still_open}


def check_mail(ask: Lookup = ask_names) -> list[Finding]:
    """Everything that correspondence by mail needs, one finding each. Takes a few seconds for each server."""
    own = MailSettings.load()
    if not own.relay_domain:
        words = _("No relay domain is set: this desk takes no part in mail. Set it in the mail settings.")
        return [wrong(_("Relay domain"), words)]
    return [*_standing(own), *_copies(), *check_ways_out(), *check_ways_in(), *check_names(own, ask)]


def _copies() -> Iterator[Finding]:
    abouts = {"archive": _("Copies to the archive"), "crm": _("Copies to the CRM")}
    for trouble in troubles():
        about = f"{abouts.get(trouble.purpose, trouble.purpose)} ({trouble.group})"
        words = _("None of the last %(n)s got through, since %(day)s. Is the address right?")
        yield wrong(about, words % {"n": trouble.count, "day": f"{trouble.since:%Y-%m-%d}"})


def _standing(own: MailSettings) -> Iterator[Finding]:
    trial = selftest.latest()
    yield STANDINGS[trial.state](_("Self-test"), trial.words)
    if own.is_sending:
        yield good(_("Sending"), _("It is switched on."))
    else:
        yield wrong(_("Sending"), _("It is off: nothing but the self-test leaves. A passed self-test switches it on."))
