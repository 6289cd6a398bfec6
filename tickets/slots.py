"""What tickets shows in the desk's and the visitor's pages (chatdesk.slots): each part of it registers here."""

from __future__ import annotations

from chatdesk import slots
from tickets.views.copies import render_alarm
from tickets.views.desk.answering import render_composer
from tickets.views.desk.badges import render_entries
from tickets.views.desk.lists import render_rail
from tickets.views.desk.news import render_top
from tickets.views.desk.side import render_side
from tickets.views.returning import desk, parts

slots.fill("chat.kept", parts.kept)
slots.fill("chat.ending", parts.ending)
slots.fill("chat.offline", parts.offline)
slots.fill("desk.rail", render_rail)
slots.fill("desk.top", render_alarm)
slots.fill("desk.top", render_top)
slots.fill("desk.side", render_side)
slots.fill("desk.composer", render_composer)
slots.fill_entries(render_entries)
slots.fill("desk.top", desk.render_script)
slots.fill("desk.side", desk.render_side)
slots.fill_entries(desk.render_marks)
