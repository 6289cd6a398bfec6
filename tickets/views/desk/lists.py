"""The tickets page: what has to be come back to, and what was promised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Scope, User
from accounts.permissions import may
from chatdesk.querysets import PAGE, page_of
from chatdesk.views.desk.door import desk_view, wants_fragment
from tickets.lines import one_line
from tickets.models import Tag, Ticket
from tickets.permissions import oversees
from tickets.querysets import UNSOLVED, WHOSE, Wanted, count_of, held_for, promises_for, tickets_for

COUNTED = 99
MOST_PROMISES = 200
NAMES: dict[str, Promise] = {"mine": _("Mine"), "groups": _("My groups"), "all": _("All")}


@desk_view
def tickets_page(request: HttpRequest, user: User) -> HttpResponse:
    """The list, as a page or, when a filter changes or more is asked for, as a fragment."""
    wanted = _asked(request, user)
    page = page_of(tickets_for(user, wanted, timezone.now()), request.GET.get("cursor"), PAGE)
    context = {
        "wanted": wanted,
        "rows": page.rows,
        "more": _more(request, page.next_cursor),
        "is_filtered": wanted != Wanted(whose=wanted.whose),
        "now": timezone.now(),
    }
    if wants_fragment(request):
        return render(request, "tickets/_rows.html", context)
    return render(request, "tickets/page.html", context | frame(user, "tickets"))


@desk_view
def promises(request: HttpRequest, user: User) -> HttpResponse:
    """What was promised and stands, the overdue first."""
    rows = list(promises_for(user)[:MOST_PROMISES])
    return render(request, "tickets/promises.html", {"rows": rows, "now": timezone.now()} | frame(user, "promises"))


def render_rail(context: Mapping[str, Any]) -> str:
    """For the slot in the desk's rail."""
    return render_to_string("tickets/_rail.html", {}, context.get("request"))


def frame(user: User, tab: str) -> dict[str, Any]:
    """What stands around each of the lists."""
    shown = _whose_of(user)
    return {
        "tab": tab,
        "whose": {name: (NAMES[name], count_of(user, name, COUNTED)) for name in shown},
        "states": [(UNSOLVED, _("not solved")), *Ticket.State.choices, ("any", _("any"))],
        "tags": list(Tag.objects.values_list("name", flat=True)),
        "promised": promises_for(user)[: COUNTED + 1].count(),
        "may_decide": oversees(user),
        "waiting": held_for(user)[: COUNTED + 1].count(),
        "late": promises_for(user).filter(promised_for__lt=timezone.now())[: COUNTED + 1].count(),
    }


def _whose_of(user: User) -> list[str]:
    return [name for name in WHOSE if name != "all" or may(user, "see") == Scope.ALL]


def _asked(request: HttpRequest, user: User) -> Wanted:
    get, shown = request.GET, _whose_of(user)
    whose, state = get.get("whose", ""), get.get("state", UNSOLVED)
    usual = "groups" if user.memberships.exists() or "all" not in shown else "all"
    known = {UNSOLVED, *Ticket.State.values}
    return Wanted(
        whose=whose if whose in shown else usual,
        state=state if state in known else "",
        is_overdue=get.get("overdue") == "yes",
        tag=one_line(get.get("tag", ""))[:40],
        words=one_line(get.get("q", ""))[:100],
    )


def _more(request: HttpRequest, cursor: str | None) -> str:
    """The address of what comes after."""
    if cursor is None:
        return ""
    kept = {name: request.GET[name] for name in ("whose", "state", "overdue", "tag", "q") if name in request.GET}
    return f"?{urlencode(kept | {'cursor': cursor})}"
