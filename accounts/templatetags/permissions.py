from __future__ import annotations

from django import template

from accounts.permissions import AnyUser, Module, opens

register = template.Library()


@register.filter(name="opens")
def opens_module(user: AnyUser | str, module: Module) -> bool:
    """False too where a template has no user at all, as an error page."""
    return not isinstance(user, str) and opens(user, module)
