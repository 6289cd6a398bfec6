"""Exports: the list, asking for one, what has become of it, and what people decide about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from transcripts.actions import searching
from transcripts.actions.buckets.trouble import in_words
from transcripts.actions.exporting import deciding, shipping
from transcripts.actions.exporting.asking import LINES, MEGABYTE, NotPossible, Wanted, ask, format_names
from transcripts.models import Bucket, Delivery, Export, ExportRules, ExportState, Profile, Shipment
from transcripts.models.export import UNDER_WAY
from transcripts.query import Query
from transcripts.views.door import Reader, compliance, compliance_form
from transcripts.words import Unclear

SHOWN = 100
FORMATS = {
    "jsonl": gettext_lazy("JSON Lines: the records themselves, with their proof and files"),
    "pdf": gettext_lazy("PDF/A, to read, print and keep"),
    "html": gettext_lazy("HTML, to read in a browser"),
    "json": gettext_lazy("JSON, a document for each conversation"),
    "csv": gettext_lazy("CSV, raw"),
    "csv-safe": gettext_lazy("CSV for spreadsheets: nothing in it is taken for a formula"),
    "eml": gettext_lazy("mails, one per conversation (EML)"),
    "mbox": gettext_lazy("a mailbox (mbox)"),
    "mattermost": gettext_lazy("Mattermost's compliance CSV"),
    "actiance": gettext_lazy("Actiance XML"),
    "globalrelay": gettext_lazy("Global Relay mails (EML)"),
    "edrm": gettext_lazy("EDRM XML 1.2, with natives and text"),
    "dat": gettext_lazy("Concordance load file (DAT), with natives and text"),
}


def _format_choices() -> list[tuple[str, Any]]:
    return [(name, FORMATS.get(name, name)) for name in sorted(format_names(), key=_rank)]


def _rank(name: str) -> int:
    return list(FORMATS).index(name) if name in FORMATS else len(FORMATS)


class BucketField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Each with its address: whoever asks for an export sees where it would go."""

    def label_from_instance(self, obj: Bucket) -> str:
        return f"{obj} ({obj.address})"


class ExportForm(forms.Form):
    query = forms.CharField(
        required=False,
        max_length=20_000,
        label=gettext_lazy("Search"),
        help_text=gettext_lazy("As on the search page. Nothing: every conversation."),
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
    )
    formats = forms.MultipleChoiceField(
        choices=_format_choices, label=gettext_lazy("Formats"), widget=forms.CheckboxSelectMultiple, initial=[LINES]
    )
    profile = forms.ChoiceField(choices=Profile.choices, label=gettext_lazy("Profile"))
    volume_mb = forms.IntegerField(
        min_value=1,
        max_value=1_000_000,
        label=gettext_lazy("Size of a volume, in MB"),
        help_text=gettext_lazy("A volume ends with the conversation that reaches it."),
    )
    bates_prefix = forms.CharField(
        required=False,
        max_length=20,
        label=gettext_lazy("Bates prefix"),
        help_text=gettext_lazy("Documents are numbered on from the matter's last export with this prefix."),
    )
    stream = forms.CharField(
        required=False,
        max_length=80,
        label=gettext_lazy("Stream"),
        help_text=gettext_lazy("Where it goes, such as “archive”. Needed for exports of only what is new."),
    )
    only_new = forms.BooleanField(
        required=False,
        label=gettext_lazy("Only what is new"),
        help_text=gettext_lazy("Leaves out what exports of this stream have brought whose receipt was confirmed."),
    )

    without_redactions = forms.BooleanField(
        required=False,
        label=gettext_lazy("Without redactions"),
        help_text=gettext_lazy("Also shows what was redacted. A second person has to approve that, always."),
    )
    bucket = BucketField(
        queryset=Bucket.objects.filter(for_exports=True),
        required=False,
        label=gettext_lazy("Also into a bucket"),
        empty_label=gettext_lazy("no: it is fetched here"),
        help_text=gettext_lazy("Finished volumes are brought there, and never over something that is there."),
    )

    def clean_query(self) -> str:
        text: str = self.cleaned_data["query"]
        try:
            Query.parse(text)
        except Unclear as unclear:
            raise forms.ValidationError(str(unclear)) from None
        return text

    def wanted(self, reader: Reader) -> Wanted:
        given = self.cleaned_data
        return Wanted(
            query=given["query"],
            profile=given["profile"],
            formats=given["formats"],
            reason=str(reader.purpose),
            stream=given["stream"],
            only_new=given["only_new"],
            bates_prefix=given["bates_prefix"],
            volume_bytes=given["volume_mb"] * MEGABYTE,
            matter_id=reader.purpose.matter_id,
            with_redactions=not given["without_redactions"],
            bucket_id=given["bucket"].pk if given["bucket"] else None,
        )


@compliance_form
def page(request: HttpRequest, reader: Reader) -> HttpResponse:
    """The newest exports; sent, the form asks for one more. `?asked=`: for what a search of the reader's found."""
    first = {"volume_mb": ExportRules.load().volume_mb, "query": _asked(request, reader)}
    form = ExportForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("transcripts:export", ask(form.wanted(reader), reader.user).ref)
        except NotPossible as refused:
            form.add_error(None, str(refused))
    rows = Export.objects.select_related("requested_by", "matter").order_by("-requested_at")[:SHOWN]
    facts = {"tab": "exports", "form": form, "rows": rows, "approve_above": ExportRules.load().approve_above}
    facts["has_buckets"] = Bucket.objects.filter(for_exports=True).exists()
    return render(request, "transcripts/exports/page.html", facts, status=422 if form.errors else 200)


def _asked(request: HttpRequest, reader: Reader) -> str:
    number = request.GET.get("asked", "")
    known = number.isascii() and number.isdigit() and len(number) < 19
    asked = searching.asked_by(reader.user, int(number)) if known else None
    return asked.query if asked else ""


@compliance
def export(request: HttpRequest, reader: Reader, ref: str) -> HttpResponse:
    """One export: how far it is, what it holds, what was amiss, and its volumes."""
    found = export_or_404(ref)
    return render(request, "transcripts/exports/export.html", {"tab": "exports", **facts_of(found, reader)})


@compliance
def progress(request: HttpRequest, reader: Reader, ref: str) -> HttpResponse:
    """The part of that page that changes while the export is under way."""
    return render(request, "transcripts/exports/_state.html", facts_of(export_or_404(ref), reader))


def export_or_404(ref: str) -> Export:
    if "\x00" in ref:  # PostgreSQL takes none
        raise Http404
    found = Export.objects.select_related("requested_by", "decided_by", "matter").filter(ref=ref).first()
    if found is None:
        raise Http404
    return found


def facts_of(found: Export, reader: Reader) -> dict[str, Any]:
    is_own = found.requested_by_id == reader.user.pk
    done = max(found.working_at, found.position)
    return {
        "export": found,
        "is_own": is_own,
        "may_decide": found.state == ExportState.WAITING and not is_own,
        "is_under_way": found.state in UNDER_WAY,
        "is_held_up": found.state in (ExportState.PAUSED, ExportState.FAILED) or found.wish == "pause",
        "done": done,
        "percent": int(100 * done / found.conversations) if found.conversations else 100 * found.is_finished,
        "parts": found.parts.select_related("shipment").order_by("number"),
        **_delivery(found),
        "warned": found.warning_rows.all()[:SHOWN],
        "profile": Profile(found.profile).label,
        "formats": [FORMATS.get(name, name) for name in found.formats],
        "redacted": found.redactions.count(),
    }


def _delivery(found: Export) -> dict[str, Any]:
    """How its volumes stand on their way into a bucket."""
    delivery = Delivery.objects.filter(export=found).select_related("bucket").first()
    shipments = Shipment.objects.filter(delivery__export=found)
    trouble = shipments.exclude(trouble="").order_by("part__number").first()
    return {
        "delivery": delivery,
        "is_shipping": shipments.filter(state__in=shipping.TO_DO).exists(),
        "may_ship_again": shipments.filter(state__in=(Shipment.State.FAILED, Shipment.State.GIVEN_UP)).exists(),
        "shipping_trouble": in_words(trouble.trouble) if trouble else "",
    }


Deed = Callable[[Export, Reader, HttpRequest], None]


def _refuse(found: Export, reader: Reader, request: HttpRequest) -> None:
    deciding.refuse(found, reader.user, request.POST.get("reason", "")[:500])


def _acknowledge(found: Export, reader: Reader, request: HttpRequest) -> None:
    deciding.acknowledge(found, reader.user, request.POST.get("manifest", "")[:200])


DEEDS: dict[str, Deed] = {
    "approve": lambda found, reader, _request: deciding.approve(found, reader.user),
    "refuse": _refuse,
    "pause": lambda found, reader, _request: deciding.pause(found, reader.user),
    "resume": lambda found, reader, _request: deciding.resume(found, reader.user),
    "cancel": lambda found, reader, _request: deciding.cancel(found, reader.user),
    "acknowledge": _acknowledge,
    "ship": lambda found, _reader, _request: shipping.again(found),
}


@compliance_form
def act(request: HttpRequest, reader: Reader, ref: str) -> HttpResponse:
    """One of DEEDS, named by the field `act`."""
    found = export_or_404(ref)
    if request.method == "POST":
        deed = DEEDS.get(request.POST.get("act", ""))
        if deed is None:
            raise Http404
        try:
            deed(found, reader, request)
            messages.success(request, _("Done."))
        except NotPossible as refused:
            messages.error(request, str(refused))
    return redirect("transcripts:export", found.ref)
