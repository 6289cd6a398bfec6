"""How a row of the audit log is read by people."""

from __future__ import annotations

from django import template
from django.apps import apps
from django.utils.text import capfirst

register = template.Library()


@register.filter
def fact(value: object) -> str:
    """What a setting was, however deep: {"a": 1, "b": [2, 3]} reads "a: 1, b: 2, 3"."""
    if isinstance(value, dict):
        return ", ".join(f"{name}: {fact(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return ", ".join(fact(inner) for inner in value)
    return "–" if value in (None, "") else str(value)


@register.filter
def kind_of_object(label: str) -> str:
    """`accounts.usertype` as the settings call it: "User type". What is not known any more stays as it was written."""
    try:
        return str(capfirst(apps.get_model(label)._meta.verbose_name))
    except (LookupError, ValueError):
        return label
