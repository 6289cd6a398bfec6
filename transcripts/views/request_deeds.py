"""What people do with a request: one address for each request, and the field `act` says what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chatdesk.protocol import Code, Refused
from transcripts.actions.exporting.asking import NotPossible
from transcripts.actions.requesting import answering, choosing, erasing, looking, opening, packing, proving, restricting
from transcripts.forms.requests import GoesByForm
from transcripts.views.door import Reader, compliance_form
from transcripts.views.requests import request_or_404

Deed = Callable[[HttpRequest, Reader, int], str]


@compliance_form
def act(request: HttpRequest, reader: Reader, number: int) -> HttpResponse:
    """One of DEEDS; what came of it is said on the request's page."""
    found = request_or_404(number)
    if request.method == "POST":
        deed = DEEDS.get(request.POST.get("act", ""))
        if deed is None:
            raise Http404
        try:
            messages.success(request, deed(request, reader, found.pk))
        except Refused as refused:
            messages.error(request, refused.detail)
        except NotPossible as refused:
            messages.error(request, str(refused))
    return redirect("transcripts:request", found.pk)


def _text(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "")[:2000]


def _number(text: str) -> int:
    """A number that a row may have; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _day(request: HttpRequest, name: str) -> date:
    try:
        found = parse_date(_text(request, name))
    except ValueError:
        found = None
    if found is None:
        raise Refused(Code.FORM, _("Please choose a day."))
    return found


def _prove(request: HttpRequest, reader: Reader, number: int) -> str:
    proving.prove(reader.user, reader.purpose, number, _text(request, "how"), _text(request, "note"))
    return _("It is clear now who asks.")


def _look(request: HttpRequest, reader: Reader, number: int) -> str:
    return _found(looking.look(reader.user, reader.purpose, number))


def _more(request: HttpRequest, reader: Reader, number: int) -> str:
    form = GoesByForm(request.POST)
    if not form.is_valid():
        raise Refused(Code.FORM, " ".join(str(each) for errors in form.errors.values() for each in errors))
    return _found(opening.go_by(reader.user, reader.purpose, number, form.given()))


def _found(new: int) -> str:
    words = ngettext("%(n)s more conversation was found.", "%(n)s more conversations were found.", new)
    return words % {"n": new} if new else _("Nothing more was found.")


def _choose(request: HttpRequest, reader: Reader, number: int) -> str:
    """Ticks, and with `confirm` the word that this is all."""
    chosen = {_number(each) for each in request.POST.getlist("item")}
    choosing.choose(reader.user, reader.purpose, number, chosen, _text(request, "reason"))
    if "confirm" not in request.POST:
        return _("Kept.")
    if not choosing.confirm(reader.user, reader.purpose, number):
        raise Refused(Code.CONFLICT, _("A last look found something more. Please look at it first."))
    return _("The scope is confirmed.")


def _pack(request: HttpRequest, reader: Reader, number: int) -> str:
    packing.pack(reader.user, reader.purpose, number)
    return _("The copy is being made.")


def _erase(request: HttpRequest, reader: Reader, number: int) -> str:
    if not request.POST.get("sure"):
        raise Refused(Code.FORM, _("Please confirm that it can't be brought back."))
    done = erasing.erase(reader.user, reader.purpose, number)
    said = _("Being erased: %(erasing)s. Restricted, because it has to be kept: %(restricted)s. Still open: %(open)s.")
    return said % {"erasing": done.erasing, "restricted": done.restricted, "open": done.open}


def _restrict(request: HttpRequest, reader: Reader, number: int) -> str:
    day = _day(request, "review_on")
    done = restricting.restrict(reader.user, reader.purpose, number, _text(request, "code"), day)
    return ngettext("%(n)s conversation is restricted.", "%(n)s conversations are restricted.", done) % {"n": done}


def _lift(request: HttpRequest, reader: Reader, number: int) -> str:
    item = _number(_text(request, "item"))
    restricting.lift(reader.user, reader.purpose, number, item, _text(request, "reason"))
    return _("It is found again as before.")


def _review(request: HttpRequest, reader: Reader, number: int) -> str:
    item = _number(_text(request, "item"))
    restricting.review(reader.user, reader.purpose, number, item, _day(request, "review_on"))
    return _("It stays restricted.")


def _answer(request: HttpRequest, reader: Reader, number: int) -> str:
    answering.answer(reader.user, reader.purpose, number, _text(request, "through"))
    return _("Answered. It stands in the log.")


def _refuse(request: HttpRequest, reader: Reader, number: int) -> str:
    facts = {"reason": _text(request, "reason"), "through": _text(request, "through")}
    answering.refuse(reader.user, reader.purpose, number, _text(request, "outcome"), **facts)
    return _("Answered. It stands in the log.")


def _extend(request: HttpRequest, reader: Reader, number: int) -> str:
    answering.extend(reader.user, reader.purpose, number, _text(request, "reason"))
    return _("It has two months more. Hand the person the letter that says why, before the first is over.")


DEEDS: dict[str, Deed] = {
    "prove": _prove,
    "look": _look,
    "more": _more,
    "choose": _choose,
    "pack": _pack,
    "erase": _erase,
    "restrict": _restrict,
    "lift": _lift,
    "review": _review,
    "answer": _answer,
    "refuse": _refuse,
    "extend": _extend,
}
