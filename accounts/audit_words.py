"""The actions of the audit log, in words for people. What `record()` is called with stands here."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "sign_in": _("signed in"),
    "sign_in.refused": _("was refused at the sign-in"),
    "sign_out": _("signed out"),
    "factor.add": _("added a second factor"),
    "factor.remove": _("removed a second factor"),
    "session.end": _("ended a session"),
    "access.opened": _("opened a way in from the console"),
    "setting.add": _("added a setting"),
    "setting.change": _("changed a setting"),
    "setting.delete": _("deleted a setting"),
    "chat.take": _("took a chat"),
    "chat.transfer": _("handed a chat on"),
    "chat.close": _("closed a chat"),
    "chat.invite": _("invited into a chat"),
    "chat.join": _("joined a chat"),
    "chat.leave": _("left a chat"),
    "chat.monitor": _("monitored a chat"),
    "chat.whisper": _("whispered in a chat"),
    "chat.takeover": _("took a chat over"),
    "chat.export": _("exported a transcript"),
    "file.download": _("downloaded a file"),
    "chat.erase": _("deleted a conversation at the visitor's wish"),
    "pickup.send": _("sent a return link"),
    "pickup.renew": _("made a new return link"),
    "pickup.revoke": _("withdrew a return link"),
    "pickup.code": _("changed whether a return link asks for a code"),
    "chat.reopen": _("took an ended chat up again"),
    "contact.reveal": _("looked at contact data"),
    "ticket.make": _("made a ticket of a chat"),
    "ticket.change": _("changed a ticket"),
    "ticket.merge": _("merged two tickets"),
    "ticket.split": _("split a ticket"),
    "promise.make": _("promised an answer"),
    "promise.keep": _("kept a promise"),
    "promise.withdraw": _("withdrew a promise"),
    "promise.forget": _("forgot the contact of a promise"),
    "mail.own": _("changed the own mail"),
    "mail.key": _("made a key for signing mail"),
    "mail.original": _("read the original of a mail"),
    "held.released": _("let something held go"),
    "held.refused": _("refused something held"),
    "mail.resend": _("sent a mail again"),
    "mail.revoke": _("withdrew a participant's mail address"),
    "directory.sync": _("synchronised the directory"),
}


def in_words(action: str) -> str:
    """The action for people; an unknown one as it was written."""
    return str(ACTIONS.get(action, action))
