"""The doors of somebody who comes back: by link, by eight words, or in the same browser."""

from tickets.views.returning.desk import box
from tickets.views.returning.door import code, door, words
from tickets.views.returning.file import file
from tickets.views.returning.here import here
from tickets.views.returning.mailing import mail_copy
from tickets.views.returning.own import delete, export
from tickets.views.returning.room import room

__all__ = ["box", "code", "delete", "door", "export", "file", "here", "mail_copy", "room", "words"]
