"""The words that the desk's scripts say. `%(name)s` stands for what a script fills in, as text."""

from __future__ import annotations

from django.utils.translation import gettext as _


def script_texts() -> dict[str, str]:
    """Every sentence of the scripts in the reader's language, by its key."""
    return {**_line(), **_entries(), **_rows(), **_files(), **_alerts(), **_offers()}


def _line() -> dict[str, str]:
    return {
        "line.down": _("The line is down. Trying again; what you write is kept here."),
        "line.restart": _("The desk is restarting. It comes back by itself; what you write is kept here."),
        "line.slow": _("This page fell behind and is catching up."),
        "line.4401": _("You are signed out. What you wrote is kept in this tab."),
        "line.4403": _("Your account does not open the desk."),
        "line.4440": _("Your log-in hours are over. What you wrote is kept in this tab."),
        "line.4441": _("The desk can't be used from this address."),
        "line.4460": _("Your access was withdrawn. Ask who looks after the desk here."),
        "line.stopped": _("The desk ended the connection. Load the page again."),
        "session.ending": _(
            "Your log-in hours end at %(time)s. You get no new chats; those still open then go to colleagues."
        ),
        "line.sign_in": _("Sign in again"),
        "line.reload": _("Load again"),
        "load.failed": _("This could not be loaded. Try again in a moment."),
        "load.gone": _("This conversation can't be opened: it is not yours to see, or does not exist."),
    }


def _entries() -> dict[str, str]:
    return {
        "status.sending": _("sending"),
        "status.late": _("still sending"),
        "status.failed": _("not sent"),
        "status.sent": _("sent"),
        "status.delivered": _("delivered"),
        "status.read": _("read"),
        "answer.left": _("leaves in %(n)s s"),
        "typing.one": _("%(name)s is writing"),
        "typing.many": _("%(names)s are writing"),
        "day.today": _("Today"),
        "day.yesterday": _("Yesterday"),
        "guard.one": _("1 message arrived since you began writing:"),
        "guard.many": _("%(n)s messages arrived since you began writing:"),
        "guard.more": _("and %(n)s more above"),
        "chars.left": _("%(n)s characters too many"),
    }


def _rows() -> dict[str, str]:
    return {
        "row.typing": _("Typing: %(text)s"),
        "row.typing_only": _("Typing…"),
        "row.waits": _("waits %(time)s"),
        "row.unanswered": _("unanswered %(time)s"),
        "row.draft": _("Draft: %(text)s"),
        "time.now": _("now"),
        "time.seconds": _("%(n)s s"),
        "time.minutes": _("%(n)s min"),
        "time.hours": _("%(n)s h"),
        "title.count": _("(%(n)s) %(title)s"),
    }


def _files() -> dict[str, str]:
    return {
        "file.too_large": _("%(name)s: files of at most %(mb)s MB can be sent."),
        "file.empty": _("%(name)s: this file is empty."),
        "file.failed": _("%(name)s: the upload broke off."),
        "file.refused": _("%(name)s: %(detail)s"),
        "file.no_note": _("A file can't go with a note. Write a message to send it to the visitor."),
        "file.cancel": _("Cancel %(name)s"),
        "file.retry": _("Try %(name)s again"),
        "file.dismiss": _("Dismiss"),
    }


def _alerts() -> dict[str, str]:
    return {
        "alert.waiting": _("A chat waits"),
        "alert.assigned": _("A chat for you"),
        "alert.offered": _("A chat for you: take it within %(n)s seconds"),
        "offer.passed": _("You did not take the chat with %(name)s in time. Somebody else is asked now."),
        "alert.message": _("%(name)s wrote"),
        "alert.note": _("%(name)s left a note"),
        "alert.whisper": _("%(name)s whispers"),
        "alert.test": _("This is how the desk calls you."),
        "alert.sound_ok": _("Sound: played. If you heard nothing, look at the volume of this computer."),
        "alert.sound_off": _("Sound: switched off above."),
        "alert.sound_blocked": _("Sound: the browser blocked it. Allow sound for this site."),
        "alert.notice_ok": _("Desktop notice: shown. If you saw nothing, look at “do not disturb” on this computer."),
        "alert.notice_off": _("Desktop notice: switched off above."),
        "alert.notice_ask": _("Desktop notice: not yet allowed. Press “Allow desktop notices”."),
        "alert.notice_denied": _("Desktop notice: blocked in the browser. Allow it for this site in the settings."),
        "alert.notice_none": _("Desktop notice: this browser has none."),
        "presence.failed": _("Your status could not be changed. Try again."),
    }


def _offers() -> dict[str, str]:
    return {
        "offer.warm": _("%(name)s would like to hand you the chat with %(label)s (%(group)s)."),
        "offer.invite": _("%(name)s asks you into the chat with %(label)s (%(group)s)."),
        "offer.warm_given": _("You offered the chat with %(label)s to %(who)s. It is yours until they accept."),
        "offer.invite_given": _("You asked %(who)s into the chat with %(label)s."),
        "offer.left": _("%(n)s s left"),
        "offer.warm_accepted": _("%(who)s has the chat with %(label)s now."),
        "offer.warm_declined": _("%(who)s declined the chat with %(label)s. It stays with you."),
        "offer.warm_expired": _("%(who)s did not answer in time. The chat with %(label)s stays with you."),
        "offer.invite_accepted": _("%(who)s is in the chat with %(label)s now."),
        "offer.invite_declined": _("%(who)s can't come into the chat with %(label)s."),
        "offer.invite_expired": _("%(who)s did not answer in time."),
        "taken.over": _("%(name)s has taken over the chat with %(label)s."),
    }
