"""What a person may do: the modules a user type opens, and how far each chat permission reaches."""

from __future__ import annotations

from typing import Literal, TypeAlias

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from accounts.models import Scope, User

AnyUser: TypeAlias = User | AnonymousUser
Module = Literal["dashboard", "transcripts", "admin"]
Verb = Literal["see", "answer", "take", "transfer", "close", "store", "export", "monitor", "contact"]


def opens(user: AnyUser, module: Module) -> bool:
    """Whether this person may open a module at all; nobody inactive opens any.

    A superuser opens all but the transcripts: those are opened by a user type alone, which the audit log shows.
    """
    if not user.is_active or not isinstance(user, User):
        return False
    return (user.is_superuser and module != "transcripts") or bool(
        user.user_type and getattr(user.user_type, f"opens_{module}")
    )


def may(user: AnyUser, verb: Verb) -> Scope:
    """How far a chat permission of this person reaches: NONE without a module that shows chats."""
    if not (opens(user, "dashboard") or opens(user, "transcripts")) or not isinstance(user, User):
        return Scope.NONE
    if user.is_superuser or user.user_type is None:
        return Scope.ALL
    return Scope(getattr(user.user_type, verb))


def opens_part(user: AnyUser, part: str) -> bool:
    """Whether this person may change the settings of a part of the admin pages, by its key (accounts.parts)."""
    if not opens(user, "admin") or not isinstance(user, User):
        return False
    return user.is_superuser or bool(user.user_type and user.user_type.opens_part(part))


def refusal(request: HttpRequest, module: Module) -> HttpResponse | None:
    """The way to sign in, or None for who may pass. Raises PermissionDenied for who is signed in and may not."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if not opens(request.user, module):
        raise PermissionDenied
    return None
