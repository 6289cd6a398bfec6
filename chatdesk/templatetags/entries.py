from __future__ import annotations

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from chatdesk.contact import masked
from chatdesk.visible import visible

register = template.Library()
register.filter("visible", visible)
register.filter("masked", masked)


@register.filter
def breakable(address: str) -> SafeString:
    """An address that may go on in the next line after each of its slashes, instead of within a word."""
    return format_html_join(mark_safe("/<wbr>"), "{}", ((part,) for part in address.split("/")))
