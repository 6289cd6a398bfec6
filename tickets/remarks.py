"""The words in Letter.remarks, and what they say to people at the desk."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ID_USED_AGAIN = "id_used_again"
FORGED_REFERENCE = "forged_reference"
SAME_SENDER = "same_sender"
UNREADABLE = "unreadable"
TOO_LARGE = "too_large"
ENCRYPTED = "encrypted"
PARTS_REMOVED = "parts_removed"
CUT = "cut"
ANSWERS_ELSEWHERE = "answers_elsewhere"
FILES_HELD = "files_held"
OTHERS_IGNORED = "others_ignored"
FLOOD = "flood"
LOGGED = "logged"
HIDDEN = "hidden"

WORDS: dict[str, Promise] = {
    ID_USED_AGAIN: _("Another mail came under the same Message-ID, with other content."),
    FORGED_REFERENCE: _("It claims to answer a conversation that its sender is not part of."),
    SAME_SENDER: _("The same sender has another open conversation."),
    UNREADABLE: _("This mail could not be read. Its original is kept."),
    TOO_LARGE: _("This mail was too large to be taken in."),
    ENCRYPTED: _("This mail is encrypted. It is kept, and its sender was asked to send it another way."),
    PARTS_REMOVED: _("Signatures or keys that came with it are not passed on."),
    CUT: _("The text was longer than a message can be; the rest is folded."),
    ANSWERS_ELSEWHERE: _("Its sender wants answers at another address, which is not used."),
    FILES_HELD: _("Some of its files wait for a person."),
    OTHERS_IGNORED: _("Other recipients it names get nothing from here."),
    LOGGED: _("It was sent elsewhere and logged here: nobody gets it again."),
    HIDDEN: _("Numbers or words that are never stored here were taken out of it, also out of the mail as it came."),
    FLOOD: _("Many mails came from this sender in a short time: they are kept together here."),
}
