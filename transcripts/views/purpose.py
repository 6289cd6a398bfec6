"""What do you read for? Asked before the first page, and whenever somebody turns to another matter."""

from __future__ import annotations

from urllib.parse import unquote

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from transcripts.actions import purposes
from transcripts.models import Matter
from transcripts.views.door import reader_of

FEWEST_CHARS = 5


class PurposeForm(forms.Form):
    matter = forms.ModelChoiceField(
        Matter.objects.filter(closed_at=None),
        required=False,
        label=gettext_lazy("Matter"),
        empty_label=gettext_lazy("none"),
    )
    reason = forms.CharField(max_length=300, required=False, label=gettext_lazy("Reason, in words"))

    def clean(self) -> None:
        words = " ".join(self.cleaned_data.get("reason", "").split())
        if not self.cleaned_data.get("matter") and len(words) < FEWEST_CHARS:
            raise forms.ValidationError(_("Choose a matter, or say in a few words what you are looking for."))


@never_cache
@require_http_methods(["GET", "POST"])
def purpose(request: HttpRequest) -> HttpResponse:
    user = reader_of(request)
    if isinstance(user, HttpResponse):
        return user
    form = PurposeForm(request.POST or None)
    key = request.session.session_key
    if request.method == "POST" and form.is_valid() and key:
        purposes.say(user, key, form.cleaned_data["matter"], form.cleaned_data["reason"])
        return HttpResponseRedirect(_next(request))
    facts = {"form": form, "next": _next(request), "current": purposes.of_session(user, key)}
    return render(request, "transcripts/purpose.html", facts, status=422 if form.errors else 200)


def _next(request: HttpRequest) -> str:
    """Where they wanted to go, if that is a page of the compliance desk."""
    wanted, home = request.POST.get("next") or request.GET.get("next", ""), reverse("transcripts:search")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith(home)
    is_ours &= ".." not in unquote(wanted.partition("?")[0])  # a browser would walk up, and out
    return wanted if is_ours and not wanted.startswith(reverse("transcripts:purpose")) else home
