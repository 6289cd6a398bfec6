from tickets.views.desk.answering import answer, answers, take_back
from tickets.views.desk.badges import badges, resend
from tickets.views.desk.changes import change, make, merge, split
from tickets.views.desk.held import decide, held, original
from tickets.views.desk.letter import letter_html
from tickets.views.desk.lists import promises, tickets_page
from tickets.views.desk.news import dismiss, news
from tickets.views.desk.own_mail import own_mail, own_server, remove_own_server
from tickets.views.desk.promising import end_promise, promise, reveal_promise
from tickets.views.desk.side import side

__all__ = [
    "answer",
    "answers",
    "badges",
    "change",
    "decide",
    "dismiss",
    "end_promise",
    "held",
    "letter_html",
    "make",
    "merge",
    "news",
    "original",
    "own_mail",
    "own_server",
    "promise",
    "promises",
    "remove_own_server",
    "resend",
    "reveal_promise",
    "side",
    "split",
    "take_back",
    "tickets_page",
]
