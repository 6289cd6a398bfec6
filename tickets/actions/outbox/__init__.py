"""What is to leave by mail: rows, committed with their cause, long before a server is spoken to."""

from tickets.actions.outbox.answers import answer, change_answer, post_due_answers, take_back
from tickets.actions.outbox.approving import approve, send_released, turn_down
from tickets.actions.outbox.queueing import MailOff, acknowledge, is_on, queue
from tickets.actions.outbox.reach import writer_of
from tickets.actions.outbox.relaying import queue_due
from tickets.actions.outbox.transcripts import mail_transcript

__all__ = [
    "MailOff",
    "acknowledge",
    "answer",
    "approve",
    "change_answer",
    "is_on",
    "mail_transcript",
    "post_due_answers",
    "queue",
    "queue_due",
    "send_released",
    "take_back",
    "turn_down",
    "writer_of",
]
