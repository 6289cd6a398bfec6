"""What tickets adds to the desk's own rules: who sees addresses, whose they are, and what a transcript holds."""

from __future__ import annotations

from chatdesk import contact, exporting, permissions
from tickets.actions.contacts import told, visitor_address
from tickets.permissions import open_to

permissions.narrow("contact", open_to)
contact.add_source(visitor_address)
exporting.add_teller(told)
