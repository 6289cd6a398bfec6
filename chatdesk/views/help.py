"""The help: contents, pages, and a search over all of them. Open to everybody: who can't sign in needs it most."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from chatdesk.guide import PERSONS, Book, book, search
from chatdesk.guide.page import Facts
from chatdesk.sitelimits import site_settings
from routing.actions import LEASE

LONGEST_QUESTION = 100


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("q", "").strip()[:LONGEST_QUESTION]
    pages, told = own_book(), facts()
    hits = search(pages, asked, told) if asked else []
    return render(request, "help/contents.html", {"shelves": shelves(pages, told), "asked": asked, "hits": hits})


@require_safe
def help_person(request: HttpRequest, person: str) -> HttpResponse:
    """Short for the part of the contents that is theirs."""
    if person not in {each.key for each in PERSONS}:
        raise Http404
    return redirect(f"{reverse('help')}#{person}")


@require_safe
def help_topic(request: HttpRequest, person: str, key: str) -> HttpResponse:
    pages = own_book()
    page = pages.find(person, key)
    if page is None:
        raise Http404
    told = facts()
    before, after = pages.beside(page)
    lead, rest = page.html(told)
    shown = {"page": page, "lead": lead, "rest": rest, "before": before, "after": after}
    return render(request, "help/page.html", {**shown, "shelves": shelves(pages, told)})


def own_book() -> Book:
    """In the reader's language."""
    return book((get_language() or "en").split("-")[0])


def shelves(pages: Book, told: Facts) -> list[dict[str, object]]:
    """The contents: each person with their pages, as (page, lead)."""
    return [{"person": who, "pages": [(page, page.lead(told)) for page in pages.of(who.key)]} for who in PERSONS]


def facts() -> Facts:
    """What pages of the help say about this desk, as text."""
    site = site_settings()
    return {
        "message_limit": number_format(site.message_limit, force_grouping=True),
        "file_limit_mb": str(site.file_limit_mb),
        "accept_seconds": str(site.accept_seconds),
        "lease_seconds": str(int(LEASE.total_seconds())),
    }
