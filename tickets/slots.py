"""What tickets shows in the desk's and the visitor's pages (chatdesk.slots): each part of it registers here."""

from __future__ import annotations

from chatdesk import slots
from tickets.views.copies import render_alarm
from tickets.views.returning import parts

slots.fill("chat.kept", parts.kept)
slots.fill("chat.ending", parts.ending)
slots.fill("chat.offline", parts.offline)
slots.fill("desk.top", render_alarm)
