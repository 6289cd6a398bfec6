from __future__ import annotations

from typing import Any

from django import template
from django.template import RequestContext

from chatdesk.guide.admin_topics import topic_url

register = template.Library()


@register.simple_tag(takes_context=True)
def admin_help(context: RequestContext) -> str:
    """The address of the help for the settings page that is shown."""
    request = context.get("request")
    match = request.resolver_match if request else None
    opts: Any = context.get("opts")
    return topic_url(match.url_name or "" if match else "", opts.label_lower if opts else "")
