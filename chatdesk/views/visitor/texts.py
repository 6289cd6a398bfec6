"""The visitor page's words, for its script and for its templates. Between ‹ and › stands what is shown in bold."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

STATES = {
    "online": _("Somebody is here to answer"),
    "busy": _("All busy right now"),
    "offline": _("Nobody is here right now"),
    "masked": _("Closed right now"),
}
PROMISES = {
    "promise_here": _("Write below; somebody answers here."),
    "promise_kept": _("Write all the same: your message is kept, and answered when somebody is back."),
    "promise_closed": _("Leave a message all the same: we read it when we open."),
}
PROMISED = {"online": "promise_here", "busy": "promise_here", "offline": "promise_kept", "masked": "promise_closed"}
OPENING = {
    "opens_minutes": _("We open in about %(n)s minutes."),
    "opens_hour": _("We open in about an hour."),
    "opens_hours": _("We open in about %(n)s hours."),
    "opens_later": _("We open later today, at %(time)s, your time."),
    "opens_tomorrow": _("We open tomorrow at %(time)s, your time."),
    "opens_day": _("We open %(day)s at %(time)s, your time."),
}
GROUP_STATES = {
    "online": _("somebody is here"),
    "busy": _("all busy right now"),
    "offline": _("nobody is here right now"),
    "masked": _("closed right now"),
}
WAITING = {
    "received": _("We have your message."),
    "next": _("You are ‹next› in the queue."),
    "position": _("You are ‹number %(n)s› in the queue."),
    "wait": _("Somebody will be with you in ‹%(time)s›."),
    "nobody_here": _("Nobody is here right now. Your message is kept, and will be read when somebody is back."),
    "closed_here": _("We are closed right now. Your message is kept, and read when we open."),
    "about_a_minute": _("about a minute"),
    "about_minutes": _("about %(low)s to %(high)s minutes"),
}
KEPT = {
    "kept": _("Your message is kept."),
    "by_mail": _("We write to you by mail when there is an answer here."),
    "come_back": _("Somebody will answer it here: come back to this page to read it."),
}
CHOICES = {
    "choice_wait": _("Nobody has been free so far. What would you like to do?"),
    "choice_nobody": _("You need not wait here. What would you like to do?"),
    "choice_message": _("Would you rather talk to somebody now?"),
    "keep_waiting": _("Keep waiting"),
    "wait_again": _("Wait for somebody"),
}
MARKS = {
    "sending": _("Sending…"),
    "late": _("Not sent yet; it goes out by itself"),
    "sent": _("Sent"),
    "delivered": _("Delivered"),
    "read": _("Read"),
    "not_sent": _("Not sent: %(reason)s"),
    "retry": _("Try again"),
    "edit": _("Edit"),
    "remove": _("Remove"),
    "cancel": _("Cancel"),
    "too_long": _("Too long by %(n)s characters."),
}
LINE = {
    "line_lost": _("The connection is lost. Trying again; what you write is kept."),
    "line_back": _("Connected again."),
    "line_stopped": _("The desk ended the connection."),
    "line_forbidden": _("The desk refuses this page the connection."),
    "line_down": _("the connection is lost"),
    "try_now": _("Try now"),
    "reload": _("Load the page again"),
}
FILES = {
    "uploading": _("Sending %(name)s"),
    "file_waiting": _("Waiting to be sent"),
    "file_checking": _("Checking…"),
    "file_too_large": _("it is larger than %(size)s"),
    "file_empty": _("it is empty"),
    "file_refused": _("it was refused"),
    "file_unreachable": _("The file can't be fetched just now. Please try again."),
}
TYPING = {
    "is_typing": _("%(name)s is writing…"),
    "seen_later": _("After your first message the desk sees what you type."),
    "seen_by": _("%(name)s can see what you type, before you send it."),
    "seen_by_desk": _("The desk can see what you type, before you send it."),
    "indicated_later": _("After your first message the desk sees that you type."),
    "indicated_by": _("%(name)s can see that you type, not what."),
    "indicated_by_desk": _("The desk can see that you type, not what."),
    "unseen": _("Nobody sees what you type until you send it."),
    "write_privately": _("Write privately"),
    "show_again": _("Show it again"),
}
HEAD = {
    "busy_place": _("All busy; you would be number %(n)s"),
    "online_wait": _("Usually answers in %(time)s"),
    "operator_of": _("%(name)s, %(title)s"),
    "with_you": _("Is with you now"),
    "on_hold": _("Is looking something up for you"),
    "kept_short": _("Your message is kept"),
    "in_queue": _("You are in the queue"),
    "ended": _("Ended"),
    "title_unread": _("(%(n)s) %(title)s"),
}


def script_texts() -> dict[str, Promise]:
    """Everything the script may have to say, by name."""
    groups = {f"group_{state}": words for state, words in GROUP_STATES.items()}
    before = {**STATES, **PROMISES, **OPENING, **groups}
    return {**before, **WAITING, **KEPT, **CHOICES, **MARKS, **LINE, **FILES, **TYPING, **HEAD}
