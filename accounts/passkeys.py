"""Passkeys (WebAuthn level 3): django-otp-webauthn, told who we are and that a passkey asks for its owner."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django_otp_webauthn.helpers import WebAuthnHelper
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from accounts.addresses import parse


class Passkeys(WebAuthnHelper):
    """In production the site's own name counts; embedded, the name in the address bar, for one machine or an office."""

    def get_relying_party_domain(self) -> str:
        return str(settings.SITE_HOST) if settings.PRODUCTION else host_of(self.request.get_host())

    def get_allowed_origins(self) -> list[str]:
        if settings.PRODUCTION:
            return [settings.SITE_URL]
        return [f"{self.request.scheme}://{self.request.get_host()}"]

    def get_generate_registration_options_kwargs(self, *, user: Any) -> dict[str, Any]:
        """With PIN, finger or face each time: then a passkey alone is two factors."""
        wanted = AuthenticatorSelectionCriteria(
            user_verification=UserVerificationRequirement.REQUIRED, resident_key=ResidentKeyRequirement.REQUIRED
        )
        return {**super().get_generate_registration_options_kwargs(user=user), "authenticator_selection": wanted}

    def get_credential_display_name(self, user: Any) -> str:
        return str(user.display_name)


def host_of(address: str) -> str:
    return urlsplit(f"//{address}").hostname or ""


def has_name(address: str) -> bool:
    """Whether browsers make passkeys here: for names, never for bare addresses like 127.0.0.1."""
    return parse(host_of(address)) is None
