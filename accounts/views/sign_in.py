from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django_otp_webauthn.models import WebAuthnCredential

from accounts.forms.sign_in import SignInForm
from accounts.models import User
from accounts.passkeys import has_name
from accounts.signals import access_changed
from accounts.views.directories import directory_answers
from accounts.views.entering import enter, first_door


class SignIn(LoginView):
    """The one door to sign in; a `next` address is followed on this site only."""

    template_name = "accounts/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The way by passkey is shown once somebody has one, and where browsers know them."""
        known = has_name(self.request.get_host()) and WebAuthnCredential.objects.filter(confirmed=True).exists()
        return super().get_context_data(passkeys=known, **kwargs)

    def get_default_redirect_url(self) -> str:
        return first_door(self.request.user)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return directory_answers(super().post)(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        user: User = form.get_user()
        return enter(self.request, user, self.get_redirect_url() or first_door(user))


class SignOut(LogoutView):
    """By POST alone, so that no foreign page can sign anybody out."""

    http_method_names = ["post", "options"]

    def post(self, *args: object, **kwargs: object) -> HttpResponse:
        user_id = self.request.user.pk
        response = super().post(*args, **kwargs)  # type: ignore[arg-type]
        if user_id:
            access_changed.send(sender=type(self), user_id=user_id)
        return response
