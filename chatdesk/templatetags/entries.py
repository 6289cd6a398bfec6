from __future__ import annotations

from django import template

from chatdesk.visible import visible

register = template.Library()
register.filter("visible", visible)
