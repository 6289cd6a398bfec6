"""The few reasons why a file is not taken, in words for the person who sent it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from chatdesk.protocol import Code, Refused


def wrong_type() -> Refused:
    return Refused(Code.FILE_TYPE, _("Files of this kind are not taken here."))


def not_allowed(kinds: list[str]) -> Refused:
    taken = ", ".join(kind.upper() for kind in kinds)
    return Refused(Code.FILE_TYPE, _("Files of this kind are not taken here. Taken are: %(kinds)s.") % {"kinds": taken})


def unreadable() -> Refused:
    return Refused(Code.FILE_UNREADABLE, _("This file is damaged, or not what it seems to be."))


def too_much_inside() -> Refused:
    return Refused(Code.FILE_UNREADABLE, _("There is more packed into this file than can be checked."))


def locked() -> Refused:
    return Refused(Code.FILE_UNREADABLE, _("This file is locked by a password, so it can't be checked."))


def picture_too_large() -> Refused:
    return Refused(Code.FILE_UNREADABLE, _("This picture has too many pixels. Send a smaller one."))


def empty() -> Refused:
    return Refused(Code.FILE_EMPTY, _("This file is empty."))


def too_large(megabytes: int) -> Refused:
    return Refused(Code.FILE_TOO_LARGE, _("A file may have at most %(n)s MB.") % {"n": megabytes})
