from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from transcripts.slots import filled

register = template.Library()


@register.simple_tag(takes_context=True)
def transcripts_slot(context: template.Context, name: str) -> SafeString:
    """What other parts show here (transcripts.slots)."""
    return filled(name, {str(key): value for key, value in context.flatten().items()})
