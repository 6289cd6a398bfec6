"""Every URL of the product, classified. A new one has to be put into a class, or the completeness test fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

DESK = frozenset({"dashboard"})
RECORDS = frozenset({"dashboard", "transcripts"})
ANYBODY = frozenset[str]()


@dataclass(frozen=True)
class Door:
    """One way to do `verb` to a conversation over HTTP. `{ref}` and `{key}` stand for what is named."""

    route: str
    path: str
    verb: str
    modules: frozenset[str]
    method: str = "get"
    facts: dict[str, Any] = field(default_factory=dict)
    fragment: bool = False


ONE = "desk/conversations/<str:ref>/"
PATH = "/desk/conversations/{ref}/"
CONVERSATION_DOORS = [
    Door(ONE, PATH, "see", DESK),
    Door(ONE, PATH, "see", DESK, fragment=True),
    Door(ONE, PATH + "?part=frame", "see", DESK, fragment=True),
    Door(ONE + "entries/", PATH + "entries/?before=9", "see", DESK, fragment=True),
    Door(ONE + "targets/", PATH + "targets/", "transfer", DESK, fragment=True),
    Door(ONE + "contact/", PATH + "contact/", "contact", DESK, "post", {"reason": "to answer by mail"}, fragment=True),
    Door(ONE + "export/", PATH + "export/?form=text", "export", RECORDS),
    Door(ONE + "export/", PATH + "export/?form=html", "export", RECORDS),
    Door(ONE + "export/", PATH + "export/?form=json", "export", RECORDS),
    Door(ONE + "box/", PATH + "box/", "answer", DESK, "post", {"action": "make"}, fragment=True),
    Door(ONE + "files/", PATH + "files/", "answer", DESK, "post"),
    Door(ONE + "ticket/", PATH + "ticket/", "see", DESK, fragment=True),
    Door(ONE + "ticket/make/", PATH + "ticket/make/", "take", DESK, "post", fragment=True),
    Door(ONE + "ticket/change/", PATH + "ticket/change/", "take", DESK, "post", {"field": "state"}, fragment=True),
    Door(ONE + "ticket/merge/", PATH + "ticket/merge/", "take", DESK, "post", {"number": "1"}, fragment=True),
    Door(ONE + "ticket/split/", PATH + "ticket/split/", "take", DESK, "post", {"seq": "1"}, fragment=True),
    Door(ONE + "promises/", PATH + "promises/", "take", DESK, fragment=True),
    Door(ONE + "promises/", PATH + "promises/", "take", DESK, "post", {"question": "when?"}, fragment=True),
    Door(ONE + "promises/<int:number>/end/", PATH + "promises/1/end/", "take", DESK, "post", fragment=True),
    Door(ONE + "promises/<int:number>/contact/", PATH + "promises/1/contact/", "contact", DESK, "post", fragment=True),
    Door(ONE + "answers/", PATH + "answers/", "see", DESK, fragment=True),
    Door(ONE + "answers/new/", PATH + "answers/new/", "answer", DESK, "post", {"body": "a word", "client_id": "a1"}),
    Door(ONE + "answers/<int:number>/back/", PATH + "answers/1/back/", "see", DESK, "post"),
    Door(ONE + "badges/", PATH + "badges/", "see", DESK, fragment=True),
    Door(ONE + "mails/<int:number>/again/", PATH + "mails/1/again/", "answer", DESK, "post", fragment=True),
    Door(ONE + "letters/<int:seq>/", PATH + "letters/1/", "see", RECORDS),
    Door("files/<slug:key>/", "/files/{document}/", "store", ANYBODY),
    Door("files/<slug:key>/", "/files/{picture}/", "see", ANYBODY),
]

# Pages of the desk that show what the person may see, and name no conversation.
DESK_PAGES = {
    "desk/": "/desk/",
    "desk/lists/<slug:tab>/": "/desk/lists/all/",
    "desk/tickets/": "/desk/tickets/",
    "desk/tickets/promises/": "/desk/tickets/promises/",
    "desk/tickets/news/": "/desk/tickets/news/",
    "desk/held/": "/desk/held/",
    "desk/mail/": "/desk/mail/",
}
# Of oneself alone: what came meanwhile was seen; the own mail.
DESK_DEEDS = {"desk/tickets/news/dismiss/", "desk/mail/server/", "desk/mail/server/remove/"}

# By the number of what is held or came by mail: for who may see contact data (tests/mail/test_decide_held.py).
BY_NUMBER = {"desk/held/<int:number>/", "desk/mails/<int:number>/"}

# For whoever is signed in: their own account.
OWN_ACCOUNT = {
    "accounts/password/",
    "accounts/profile/",
    "accounts/profile/photo/",
    "accounts/profile/photo/remove/",
    "accounts/second-factor/",
    "accounts/sessions/",
    "accounts/sessions/<int:pk>/end/",
    "accounts/sessions/end/",
    "accounts/second-factor/app/",
    "accounts/second-factor/app/remove/",
    "accounts/second-factor/codes/",
    "accounts/second-factor/passkeys/begin/",
    "accounts/second-factor/passkeys/",
    "accounts/second-factor/passkeys/<int:pk>/remove/",
    "accounts/confirm/",
    "admin/password_change/",
    "admin/password_change/done/",
}

# For everybody: nothing there depends on who asks, or a secret in the address or the form opens it.
PUBLIC = {
    "",
    "help/",
    "help/<slug:person>/",
    "help/<slug:person>/<slug:key>/",
    "healthz",
    "readyz",
    "metrics",
    "verify/",
    "widget.js",
    "chat/",
    "chat/<slug:slug>/",
    "chat/files/",
    "chat/<slug:slug>/files/",
    "buttons/<slug:slug>.json",
    "buttons/<slug:slug>/known/",
    "buttons/logo/<slug:key>/",
    "accounts/login/",
    "accounts/opening/<str:token>/",
    "accounts/logout/",
    "accounts/sign-in/second/",
    "accounts/sign-in/second/passkey/begin/",
    "accounts/sign-in/second/passkey/",
    "accounts/sign-in/passkey/begin/",
    "accounts/sign-in/passkey/",
    "accounts/password/reset/",
    "accounts/password/reset/sent/",
    "accounts/password/set/<uidb64>/<token>/",
    "accounts/photo/<slug:key>/",
    "first-run/<str:token>/",
    "return/",
    "return/code/",
    "return/here/<slug:slug>/",
    "return/conversations/<str:ref>/",
    "return/conversations/<str:ref>/export/",
    "return/conversations/<str:ref>/mail/",
    "return/conversations/<str:ref>/delete/",
    "return/files/<slug:key>/",
    "return/<str:token>/",
    "mail/webhooks/<slug:provider>/",
    "admin/login/",
    "admin/logout/",
}

# Names a conversation and is opened by a pass of its visitor: no user type matters (tests/tickets/test_pick_up.py).
OWN = "return/conversations/<str:ref>/"
BY_PASS = {OWN, OWN + "export/", OWN + "mail/", OWN + "delete/"}

COMPLIANCE = "transcripts/"  # all below it: for compliance staff alone (tests/transcripts/find/test_enter.py)
SETTINGS = "admin/"  # all the rest below it is Django admin's own, for who opens the settings


def routes() -> Iterator[tuple[str, URLPattern]]:
    """Every URL pattern of the product, its route written out from the root."""
    yield from _below(get_resolver(), "")


def _below(resolver: URLResolver, before: str) -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern
        else:
            yield from _below(pattern, route)


def classes_of(route: str) -> list[str]:
    """The classes that a route stands in; exactly one is right."""
    named = {
        "conversation": route in {door.route for door in CONVERSATION_DOORS},
        "desk": route in DESK_PAGES or route in DESK_DEEDS or route in BY_NUMBER,
        "own": route in OWN_ACCOUNT,
        "public": route in PUBLIC,
        "compliance": route.startswith(COMPLIANCE),
    }
    found = [name for name, stands in named.items() if stands]
    return found or (["settings"] if route.startswith(SETTINGS) else [])
