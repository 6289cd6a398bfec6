"""What follows when somebody signs in or out: Django tells it, whatever the door."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.actions.sign_ins import KEY, begin
from accounts.models import SignIn, User


@receiver(user_logged_in)
def on_signed_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    begin(request, user)


@receiver(user_logged_out)
def on_signed_out(request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    SignIn.objects.filter(pk=request.session.get(KEY, 0)).delete()
