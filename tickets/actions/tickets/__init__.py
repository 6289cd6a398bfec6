"""Conversations that somebody has to come back to."""

from tickets.actions.tickets.changing import assign, prioritise, rename, set_due, set_state, tag
from tickets.actions.tickets.merging import merge
from tickets.actions.tickets.opening import begin, ensure, ensure_left, make, resolve, ticket_for
from tickets.actions.tickets.splitting import split
from tickets.actions.tickets.tending import follow_what_was_said

__all__ = [
    "assign",
    "begin",
    "ensure",
    "ensure_left",
    "follow_what_was_said",
    "make",
    "merge",
    "prioritise",
    "rename",
    "resolve",
    "set_due",
    "set_state",
    "split",
    "tag",
    "ticket_for",
]
