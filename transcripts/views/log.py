"""The site's log, to be read and handed out: entries, signed heads and where they went, keys."""

from __future__ import annotations

import json
import tempfile
from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from transcripts.actions import custody, heads, logbook, logbundle, logproofs, posting, signing
from transcripts.logwords import WORDS, word_of
from transcripts.models import LogHead, LogKey, LogLeaf
from transcripts.proof.keys import leads_to
from transcripts.views.door import Reader, compliance, compliance_form

PER_PAGE = 50
HEADS = 10


@compliance
def page(request: HttpRequest, reader: Reader) -> HttpResponse:
    kind = request.GET.get("kind", "")
    rows = LogLeaf.objects.filter(kind=kind) if kind in WORDS else LogLeaf.objects.all()
    found = Paginator(rows.order_by("-index"), PER_PAGE).get_page(request.GET.get("page"))
    newest = LogHead.objects.order_by("pk").last()
    facts = {
        "tab": "log",
        "found": found,
        "rows": [_row(leaf) for leaf in found],
        "kinds": sorted(((each, word_of(each)) for each in WORDS), key=lambda pair: pair[1]),
        "kind": kind,
        "size": logbook.size(),
        "newest": newest,
        "fault": heads.fault_of_log(newest),
        "heads": LogHead.objects.order_by("-pk").prefetch_related("posts")[:HEADS],
        "keys": _keys(),
    }
    return render(request, "transcripts/log/page.html", facts)


def _row(leaf: LogLeaf) -> dict[str, Any]:
    body = json.loads(leaf.data)["body"]
    told = [(name, value) for name, value in body.items() if name != "conversation"]
    return {"leaf": leaf, "word": word_of(leaf.kind), "told": told}


def _keys() -> list[dict[str, Any]]:
    """Each key, and whether the one before it vouches for it."""
    known = signing.public_keys()
    return [
        {"row": row, "is_vouched": bool(row.previous) and leads_to(row.previous, row.key, known)}
        for row in LogKey.objects.order_by("-pk")
    ]


@compliance
def proof(request: HttpRequest, reader: Reader, index: int) -> HttpResponse:
    """What proves one entry, to be kept or handed on."""
    leaf = get_object_or_404(LogLeaf, index=index)
    try:
        raw = logproofs.proof_of(leaf)
    except heads.LogBroken:
        return _broken(request)
    custody.note(reader.user, "log.proof", leaf, reader.purpose)
    name = f'attachment; filename="entry-{leaf.index}.json"'
    return HttpResponse(raw, content_type="application/json", headers={"Content-Disposition": name})


@compliance
def whole(request: HttpRequest, reader: Reader) -> HttpResponseBase:
    """The log as a bundle."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    try:
        size = logbundle.write(file)
    except heads.LogBroken:
        file.close()
        return _broken(request)
    custody.note(reader.user, "log.download", None, reader.purpose, entries=size)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename="log.zip")


@compliance
def head(request: HttpRequest, reader: Reader, number: int) -> HttpResponse:
    """One signed head as a file, to be kept outside."""
    row = get_object_or_404(LogHead, pk=number)
    name = f'attachment; filename="head-{row.pk}-{row.size}.json"'
    return HttpResponse(row.data, content_type="application/json", headers={"Content-Disposition": name})


@require_POST
@compliance_form
def again(request: HttpRequest, reader: Reader, number: int) -> HttpResponse:
    """Try once more to take a head out."""
    posting.again(get_object_or_404(LogHead, pk=number))
    return redirect("transcripts:log")


@require_POST
@compliance_form
def change_key(request: HttpRequest, reader: Reader) -> HttpResponse:
    signing.change_key(reader.user)
    return redirect("transcripts:log")


def _broken(request: HttpRequest) -> HttpResponse:
    said = _("The log is not the one that was signed: nothing can be proved until somebody has looked into it.")
    return HttpResponse(said, status=409, content_type="text/plain; charset=utf-8")
