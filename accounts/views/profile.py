from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actions.photos import PHOTOS, set_photo
from accounts.audit import record
from accounts.audit_facts import facts_of_change
from accounts.forms.profile import NameForm, PhotoForm
from accounts.photos import MAX_BYTES
from accounts.views.fresh import myself


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    form = NameForm(request.POST or None, instance=myself(request))
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            user = form.save()
            if form.has_changed():
                facts = facts_of_change(form, ())
                record("setting.change", on=user, before=facts.before, after=facts.after)
        messages.success(request, _("Your name is changed."))
        return redirect("accounts:profile")
    return _page(request, form, PhotoForm())


@never_cache
@login_required
@require_POST
def photo_upload(request: HttpRequest) -> HttpResponse:
    form = PhotoForm(request.POST, request.FILES)
    if form.is_valid() and _kept(request, form):
        messages.success(request, _("Your photo is changed."))
        return redirect("accounts:profile")
    return _page(request, NameForm(instance=myself(request)), form, status=400)


@never_cache
@login_required
@require_POST
def photo_remove(request: HttpRequest) -> HttpResponse:
    PHOTOS.remove(myself(request))
    messages.success(request, _("Your photo is removed."))
    return redirect("accounts:profile")


def _kept(request: HttpRequest, form: PhotoForm) -> bool:
    try:
        set_photo(myself(request), form.cleaned_data["photo"].read(MAX_BYTES + 1))
    except ValidationError as refused:
        form.add_error("photo", refused)
        return False
    return True


def _page(request: HttpRequest, name: NameForm, photo: PhotoForm, status: int = 200) -> HttpResponse:
    return render(request, "accounts/profile.html", {"form": name, "photo_form": photo}, status=status)
