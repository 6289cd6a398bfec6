from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from chatdesk.contact import masked
from chatdesk.slots import filled
from chatdesk.visible import visible

register = template.Library()
register.filter("visible", visible)
register.filter("masked", masked)


@register.filter
def breakable(address: str) -> SafeString:
    """An address that may go on in the next line after each of its slashes, instead of within a word."""
    return format_html_join(mark_safe("/<wbr>"), "{}", ((part,) for part in address.split("/")))


@register.simple_tag(takes_context=True)
def slot(context: template.Context, name: str) -> SafeString:
    """What apps further right show here (chatdesk.slots)."""
    return filled(name, {str(key): value for key, value in context.flatten().items()})


@register.filter
def of(found: Mapping[int, SafeString] | str, number: int) -> SafeString:
    """What was found for an entry's number; nothing where nobody looked."""
    return found.get(number, SafeString()) if isinstance(found, Mapping) else SafeString()
