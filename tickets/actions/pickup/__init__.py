"""What waits for a visitor who left: one box a conversation, behind a link or eight words, without any address."""

from tickets.actions.pickup.answering import answer
from tickets.actions.pickup.boxes import Box, Standing, box_of, living_box, look_at
from tickets.actions.pickup.codes import check_code, code_of, send_code, visitor_by_mail
from tickets.actions.pickup.expiring import expire_boxes
from tickets.actions.pickup.managing import ask_code, leave_address, renew_link, revoke_link, send_link, take_up_again
from tickets.actions.pickup.opening import Caller, collect, knock, open_by_secret, open_by_words, refused, saved

__all__ = [
    "Box",
    "Caller",
    "Standing",
    "answer",
    "ask_code",
    "box_of",
    "check_code",
    "code_of",
    "collect",
    "expire_boxes",
    "knock",
    "leave_address",
    "living_box",
    "look_at",
    "open_by_secret",
    "open_by_words",
    "refused",
    "renew_link",
    "revoke_link",
    "saved",
    "send_code",
    "send_link",
    "take_up_again",
    "visitor_by_mail",
]
