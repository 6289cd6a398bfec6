"""How long records are kept: policies, what waits for a second person, what was put away, what was destroyed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from chatdesk.protocol import Refused
from routing.models import Group
from transcripts.actions import custody, quarantine
from transcripts.actions.destroying.certificates import certificate
from transcripts.actions.retaining import clock, policies, proposing
from transcripts.actions.retaining.forecasting import forecast
from transcripts.actions.retaining.waiting import ALIVE
from transcripts.forms.retention import PolicyForm, RestoreForm
from transcripts.models import Disposition, Proposal, RetentionPolicy, Tombstone
from transcripts.retention import classes, presets
from transcripts.views.door import Reader, compliance, compliance_form

SHOWN = 50


@compliance
def page(request: HttpRequest, reader: Reader) -> HttpResponse:
    put_away = Disposition.objects.filter(state__in=ALIVE)
    proposals = _open_proposals()
    facts = {
        "tab": "retention",
        "clock": clock.stopped(),
        "proposals": [_shown(each, reader) for each in proposals],
        "first_begins_at": _first_begins_at(proposals),
        "policies": [_named(each) for each in RetentionPolicy.objects.select_related("group")],
        "presets": presets.PRESETS,
        "put_away": [(each, _class_name(each.data)) for each in put_away[:SHOWN]],
        "put_away_count": put_away.count(),
        "stones": Tombstone.objects.all()[:SHOWN],
        "stone_count": Tombstone.objects.count(),
    }
    return render(request, "transcripts/retention/page.html", facts)


@compliance
def dry_run(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Counts all that could be due, so it is asked for and not shown each time."""
    found = forecast(clock.database_now())
    parts = [(_class_name(key), count) for key, count in {**found.parts, **found.desk}.items()]
    facts = {"tab": "retention", "found": found, "parts": parts}
    return render(request, "transcripts/retention/forecast.html", facts)


@compliance_form
def policy(request: HttpRequest, reader: Reader, number: int | None = None) -> HttpResponseBase:
    """Make one, or change it. `?preset=` fills a new one in."""
    found = get_object_or_404(RetentionPolicy, pk=number) if number else None
    form = PolicyForm(request.POST or None, instance=found, preset=request.GET.get("preset", ""))
    if request.method == "POST" and form.is_valid():
        try:
            asked = policies.save_policy(reader.user, form.save(commit=False), form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error(None, refused.detail)
        else:
            messages.success(request, _waits(asked) if asked else _("The policy is in force."))
            return redirect("transcripts:retention")
    facts = {"tab": "retention", "form": form, "policy": found}
    return render(request, "transcripts/retention/policy.html", facts)


@compliance_form
def policy_delete(request: HttpRequest, reader: Reader, number: int) -> HttpResponseBase:
    found = get_object_or_404(RetentionPolicy, pk=number)
    return _deed(request, lambda: _waits(policies.delete_policy(reader.user, found, request.POST.get("reason", ""))))


@compliance_form
def decide(request: HttpRequest, reader: Reader, number: int) -> HttpResponseBase:
    """Agree to what somebody else asked for, or stop it."""
    if "agree" in request.POST:
        return _deed(request, lambda: _begins(proposing.approve(reader.user, number)))
    return _deed(request, lambda: _stopped(proposing.withdraw(reader.user, number)))


@compliance_form
def confirm_clock(request: HttpRequest, reader: Reader) -> HttpResponseBase:
    def believe() -> str:
        clock.believe(reader.user)
        return _("The clock counts again.")

    return _deed(request, believe)


@compliance_form
def put_away(request: HttpRequest, reader: Reader, number: int) -> HttpResponseBase:
    """One that was put away: why, until when, and the way back."""
    found = get_object_or_404(Disposition.objects.select_related("conversation__group"), pk=number)
    form = RestoreForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            quarantine.restore(reader.user, found.pk, form.cleaned_data["reason"], form.cleaned_data["days"])
        except Refused as refused:
            form.add_error(None, refused.detail)
        else:
            messages.success(request, _("It is back, as it was."))
            return redirect("transcripts:retention")
    facts = {"tab": "retention", "found": found, "form": form, "what": _class_name(found.data)}
    facts["can_come_back"] = found.state == Disposition.State.QUARANTINED
    return render(request, "transcripts/retention/put_away.html", facts)


@compliance
def certificate_csv(request: HttpRequest, reader: Reader) -> HttpResponseBase:
    """What was destroyed between two days (`from`, `to`, both included, UTC); without them, everything."""
    since, until = _day(request.GET.get("from", "")), _day(request.GET.get("to", ""))
    stones = Tombstone.objects.order_by("destroyed_at", "pk")
    stones = stones.filter(destroyed_at__date__gte=since) if since else stones
    stones = stones.filter(destroyed_at__date__lte=until) if until else stones
    custody.note(reader.user, "certificate", None, reader.purpose, conversations=stones.count())
    response = StreamingHttpResponse(certificate(stones.iterator()), content_type="text/csv; charset=utf-8")
    day = f"{timezone.now():%Y-%m-%d}"
    response["Content-Disposition"] = f'attachment; filename="certificate-of-destruction-{day}.csv"'
    return response


def _day(text: str) -> date | None:
    """None for what is no date, and for one that never was, such as the 30th of February."""
    try:
        return parse_date(text)
    except ValueError:
        return None


def _deed(request: HttpRequest, deed: Callable[[], str]) -> HttpResponse:
    """Do what was sent, say how it went, and show the page."""
    if request.method == "POST":
        try:
            messages.success(request, deed())
        except Refused as refused:
            messages.error(request, refused.detail)
    return redirect("transcripts:retention")


def _waits(asked: Proposal) -> str:
    words = _("This lets records go earlier. It is number %(number)s and waits for somebody else to agree.")
    return words % {"number": asked.pk}


def _begins(approved: Proposal) -> str:
    return _("Agreed. It begins in a day, and can be stopped until then.")


def _stopped(proposal: Proposal) -> str:
    return _("Stopped. Records stay as long as before.")


def _open_proposals() -> list[Proposal]:
    waiting = (Proposal.State.WAITING, Proposal.State.DELAYED)
    return list(Proposal.objects.filter(state__in=waiting).select_related("author", "decider"))


def _first_begins_at(proposals: Sequence[Proposal]) -> datetime | None:
    """When the first policy that is agreed to comes into force."""
    agreed = (each.effective_at for each in proposals if each.verb == policies.SAVE)
    return min(filter(None, agreed), default=None)


def _shown(proposal: Proposal, reader: Reader) -> dict[str, Any]:
    return {
        "it": proposal,
        "what": proposing.name_of(proposal),
        "changes": _changes(proposal.before or {}, proposal.after or {}),
        "forecast": proposal.forecast,
        "foretold": proposing.foretold(proposal),
        "waits": proposal.state == Proposal.State.WAITING,
        "is_own": proposal.author_id == reader.user.pk,
    }


def _changes(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """The fields that differ, by the names that the form gives them."""
    labels = {field.attname: str(field.verbose_name) for field in RetentionPolicy._meta.concrete_fields}
    names = [name for name in labels if name in policies.FIELDS and _says(before, name) != _says(after, name)]
    return [(labels[name], _says(before, name), _says(after, name)) for name in names]


def _says(facts: dict[str, Any], name: str) -> str:
    """One field of a policy as people read it; nothing for what it does not say."""
    value = facts.get(name)
    if name == "group_id" and facts:
        return str(Group.objects.filter(pk=value or 0).first() or _("all groups"))
    if not value:
        return ""
    words = {"data": _class_name, "kind": _kind_name, "anchor": _anchor_name, "export_first": _yes}
    return words[name](value) if name in words else str(value)


def _yes(_value: object) -> str:
    return _("yes")


def _kind_name(key: str) -> str:
    return next((str(kind.name) for kind in classes.all_kinds() if kind.key == key), key)


def _anchor_name(key: str) -> str:
    return str(dict(RetentionPolicy.Anchor.choices).get(key, key))


def _named(policy: RetentionPolicy) -> dict[str, Any]:
    return {"it": policy, "what": _class_name(policy.data), "kind": _kind_name(policy.kind)}


def _class_name(key: str) -> str:
    data = classes.class_of(key)
    return str(data.name) if data else key
