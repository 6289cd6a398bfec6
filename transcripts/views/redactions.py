"""The log of redactions: all marks, those of a matter, what an export covered; and taking a mark back."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from chatdesk.protocol import Refused
from transcripts.actions import custody
from transcripts.actions.redacting import using
from transcripts.actions.redacting.making import withdraw as take_back
from transcripts.forms.redaction import field_word
from transcripts.models import Matter, Record, Redaction
from transcripts.views.door import Reader, compliance, compliance_form
from transcripts.views.exports import export_or_404

PAGE = 100


@compliance
def page(request: HttpRequest, reader: Reader) -> HttpResponse:
    """The newest first; of a matter, of one act, and before a number."""
    matter, before = (_number(request.GET.get(name, "")) for name in ("matter", "before"))
    act = request.GET.get("act", "")[:22]
    rows = Redaction.objects.select_related("conversation", "reason", "made_by", "withdrawn_by", "matter")
    rows = rows.annotate(used=Count("uses__export", distinct=True))
    chosen = Q(matter=matter) if matter else Q()
    if act and "\x00" not in act:
        chosen &= Q(act=act)
    shown = list(rows.filter(chosen & (Q(pk__lt=before) if before else Q())).order_by("-pk")[: PAGE + 1])
    facts = {
        "tab": "redactions",
        "rows": _with_words(shown[:PAGE]),
        "more": shown[PAGE - 1].pk if len(shown) > PAGE else None,
        "matters": Matter.objects.filter(redactions__isnull=False).distinct(),
        "matter": matter,
        "act": act,
        "acts": _of_many({row.act for row in shown}),
    }
    return render(request, "transcripts/redactions/page.html", facts)


def _with_words(rows: Sequence[Redaction]) -> list[tuple[Redaction, str]]:
    places = [(row.conversation_id, row.number) for row in rows if row.number]
    kinds = dict(Record.objects.filter(pk__in=places).values_list("pk", "kind"))
    return [(row, field_word(row.field, kinds.get((row.conversation_id, row.number), ""))) for row in rows]


def _of_many(acts: Collection[str]) -> set[str]:
    """Those by which several marks were made."""
    rows = Redaction.objects.filter(act__in=acts).order_by().values("act").annotate(marks=Count("pk"))
    return set(rows.filter(marks__gt=1).values_list("act", flat=True))


@require_POST
@compliance_form
def withdraw(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Take back one mark (`mark`), or all that were made with it (`act`); then back to the log."""
    number, act = _number(request.POST.get("mark", "")), request.POST.get("act", "")[:22].replace("\x00", "")
    rows = Redaction.objects.filter(act=act) if act else Redaction.objects.filter(pk=number)
    try:
        taken = take_back(reader.user, reader.purpose, list(rows.values_list("pk", flat=True)))
        said = ngettext("%(n)s redaction was withdrawn.", "%(n)s redactions were withdrawn.", taken)
        messages.success(request, said % {"n": taken})
    except Refused as refused:
        messages.error(request, refused.detail)
    first = rows.select_related("conversation").first()
    if act or first is None:
        return redirect("transcripts:redactions")
    return redirect("transcripts:reading", first.conversation.ref)


@compliance
def of_export(request: HttpRequest, reader: Reader, ref: str) -> HttpResponseBase:
    """What an export covered, as CSV: places, lengths and reasons, no words."""
    export = export_or_404(ref)
    custody.note(reader.user, "redact.table", export, reader.purpose)
    headers = {"Content-Disposition": f'attachment; filename="redactions-{export.ref[:6]}.csv"'}
    rows = using.table(using.rows_kept(export))
    return StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8", headers=headers)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
