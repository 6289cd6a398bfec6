from __future__ import annotations

from typing import Any

from axes.utils import reset as unlock
from django.contrib import messages
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.contrib.auth.views import PasswordChangeView, PasswordResetConfirmView
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView

from accounts.actions.password_mails import ask_reset
from accounts.actions.sign_ins import end_sign_ins, follow
from accounts.audit import record
from accounts.forms.passwords import NewPasswordForm, OwnPasswordForm, ResetForm
from accounts.models import User
from accounts.querysets import password_kept_in
from accounts.signals import access_changed


class ChangePassword(PasswordChangeView):
    """Ends every other session of this person: their hash no longer fits."""

    template_name = "accounts/password.html"
    form_class = OwnPasswordForm
    success_url = reverse_lazy("accounts:profile")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if isinstance(request.user, User) and (directory := password_kept_in(request.user)):
            return render(request, "accounts/password_elsewhere.html", {"directory": directory})
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.request}

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        with transaction.atomic():
            response = super().form_valid(form)
            record("setting.change", actor=form.user, on=form.user, after={"password": "changed"})
            follow(self.request.session)
            end_sign_ins(form.user, but=self.request.session.session_key, reason="new password")
        messages.success(self.request, _("Your password is changed, and you are signed out everywhere else."))
        access_changed.send(sender=type(self), user_id=form.user.pk)
        return response


class AskReset(FormView):  # type: ignore[type-arg]
    """Says the same whoever asks: who works here is nobody's business."""

    template_name = "accounts/reset.html"
    form_class = ResetForm
    success_url = reverse_lazy("accounts:reset_sent")

    def form_valid(self, form: ResetForm) -> HttpResponse:
        ask_reset(form.cleaned_data["email"])
        return super().form_valid(form)


class ResetSent(TemplateView):
    template_name = "accounts/reset_sent.html"


class SetPassword(PasswordResetConfirmView):
    """Behind the link of a mail. The mailbox is proof enough to end the lock of too many tries as well."""

    template_name = "accounts/password_set.html"
    form_class = NewPasswordForm
    success_url = reverse_lazy("accounts:login")

    def get_user(self, uidb64: str) -> User | None:
        """Nobody for whose password is kept in a directory: a second one here would outlive the first."""
        user = super().get_user(uidb64)
        return user if isinstance(user, User) and password_kept_in(user) is None else None

    def form_valid(self, form: SetPasswordForm[User]) -> HttpResponse:
        with transaction.atomic():
            response = super().form_valid(form)
            record("setting.change", actor=form.user, on=form.user, after={"password": "set by a link"})
            end_sign_ins(form.user, reason="new password")
        unlock(username=form.user.email)
        messages.success(self.request, _("Your password is set. Sign in with it."))
        access_changed.send(sender=type(self), user_id=form.user.pk)
        return response
