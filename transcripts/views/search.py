"""The search: one line with words and filters, then what it found, the newest conversations first."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from chatdesk.models import Conversation
from transcripts import slots
from transcripts.actions import searching
from transcripts.actions.finding import PAGE, find, hits_on, shown
from transcripts.models import AskedSearch, Matter
from transcripts.query import Query
from transcripts.views.door import Reader, compliance, compliance_form
from transcripts.views.searchform import WORDS_OF_PLACES, SearchForm
from transcripts.words import Unclear

RECENT = 8
LARGEST = 2**63 - 1


@compliance_form
def page(request: HttpRequest, reader: Reader) -> HttpResponse:
    """The empty form; sent, it leads to what was found, whose address holds a number and no words."""
    form, fault = SearchForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            asked = searching.ask(reader.user, reader.purpose, form.line())
            return redirect("transcripts:found", asked.pk)
        except Unclear as unclear:
            fault = str(unclear)
    recent = AskedSearch.objects.filter(purpose__user=reader.user).order_by("-pk")[:RECENT]
    facts = {"tab": "search", "form": form, "fault": fault, "recent": recent}
    return render(request, "transcripts/search.html", facts, status=422 if fault or form.errors else 200)


@compliance
def found(request: HttpRequest, reader: Reader, number: int) -> HttpResponse:
    """A page of what a search found. Raises Http404 for another person's search."""
    asked = searching.asked_by(reader.user, min(number, LARGEST))
    if asked is None:
        raise Http404
    after = request.GET.get("after", "")
    facts = _results(asked, int(after) if after.isascii() and after.isdigit() and len(after) < 19 else None)
    searching.previewed(reader.user, reader.purpose, asked, [row["conversation"] for row in facts["rows"]])
    form = SearchForm(initial={"q": asked.query})
    matters = Matter.objects.filter(closed_at=None)
    facts |= {"tab": "search", "asked": asked, "form": form, "reader": reader, "matters": matters}
    return render(request, "transcripts/found.html", {**facts, "matter": reader.purpose.matter})


def _results(asked: AskedSearch, after: int | None) -> dict[str, Any]:
    query = Query.parse(asked.query)
    page, more = _page(asked, query, after)
    ids = [each.pk for each in page]
    hits, marks = hits_on(ids, query), slots.on_rows(ids)
    rows = [
        {
            "conversation": each,
            "hits": [(WORDS_OF_PLACES[hit.place], hit) for hit in hits.get(each.pk, [])],
            "marks": marks.get(each.pk, ""),
        }
        for each in page
    ]
    return {"query": query, "rows": rows, "more": more, "is_first": after is None}


def _page(asked: AskedSearch, query: Query, after: int | None) -> tuple[list[Conversation], int | None]:
    """With where the next one begins. The first is what was found when it was counted; those after are asked anew."""
    if after is None:
        return shown(asked.first[:PAGE]), asked.first[PAGE - 1] if len(asked.first) > PAGE else None
    found = find(query).conversations(after, PAGE + 1)
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None
