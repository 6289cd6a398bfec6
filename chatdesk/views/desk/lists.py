"""The lists beside the conversation, a page at a time by key."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chatdesk.querysets import everything, in_groups, messages_for, mine, page_of, waiting_for
from chatdesk.views.desk.door import desk_view
from routing.models import Request, State

TABS = {
    "waiting": _("Waiting"),
    "mine": _("Mine"),
    "messages": _("Messages"),
    "groups": _("My groups"),
    "all": _("All"),
}
LISTS = {"waiting": waiting_for, "mine": mine, "messages": messages_for, "groups": in_groups, "all": everything}
PAGE_ROWS = 30
MOST_ROWS = 150
COUNTED = 99


@desk_view
def conversation_list(request: HttpRequest, user: User, tab: str) -> HttpResponse:
    """One page of a list: `cursor` continues after a page, `rows` asks anew for as many as stand there already."""
    if tab not in LISTS:
        raise Http404
    cursor = request.GET.get("cursor") or None
    context = list_context(user, tab, cursor=cursor, rows=asked_rows(request), open_ref=request.GET.get("open", ""))
    return render(request, "desk/_rows.html" if cursor else "desk/_list.html", context)


def asked_rows(request: HttpRequest) -> int:
    asked = request.GET.get("rows", "")
    return min(max(int(asked), PAGE_ROWS), MOST_ROWS) if asked.isdecimal() and len(asked) < 5 else PAGE_ROWS


def list_context(
    user: User, tab: str, *, cursor: str | None = None, rows: int = PAGE_ROWS, open_ref: str = ""
) -> dict[str, Any]:
    """What a list's templates need."""
    page = page_of(LISTS[tab](user), cursor, rows)
    facts = {"rows": page.rows, "next_cursor": page.next_cursor, "counts": tab_counts(user)}
    return {"tab": tab, "open_ref": open_ref, "names_groups": names_groups(user, tab), **facts}


def names_groups(user: User, tab: str) -> bool:
    """Whether a row has to say whose it is; of a lone group's rows that is known."""
    return tab != "mine" and (tab == "all" or user.memberships.count() != 1)


def tab_counts(user: User) -> dict[str, int]:
    """How many wait for this person, are held by them and were left as messages, counted to a hundred at most."""
    held = Request.objects.filter(operator=user, state=State.ACTIVE)
    left = _counted(messages_for(user))
    return {"waiting": _counted(waiting_for(user)), "mine": held.count(), "messages": left}


def _counted(queryset: Any) -> int:
    return len(queryset.order_by().values_list("pk", flat=True)[: COUNTED + 1])
