"""Buttons of groups with opening hours, for the shop's stage."""

from __future__ import annotations

from tests.browser.stage import run_inside
from tests.services.product import Product

SEED = """
from datetime import timedelta
from django.utils import timezone
from chatdesk.models import Button, InvitationRule
from accounts.models import User
from routing.models import Group, Hours, Interval, Membership

near = "http://127.0.0.1:*"
tomorrow = Hours.objects.create(name="Tomorrow", zone="UTC")
day = (timezone.now() + timedelta(days=1)).weekday()
Interval.objects.create(hours=tomorrow, weekday=day, start="09:00", end="17:00")
shut = Group.objects.create(name="Shut", slug="shut", hours=tomorrow)
for choice in ("mask", "message", "hide"):
    Button.objects.create(
        slug=f"shut-{choice}", title="Shop", group=shut, when_closed=choice, closed_text="We rest.", allowed_sites=near
    )

def inviting(slug, **rule):
    group = Group.objects.create(name=slug.title(), slug=slug)
    Membership.objects.create(user=User.objects.get(email="olga@desk.example"), group=group, chat_limit=20)
    button = Button.objects.create(slug=slug, title="Shop", group=group, allowed_sites=near)
    InvitationRule.objects.create(button=button, seconds=3, texts="Can we help you choose?", **rule)

inviting("inviting", page="/")
inviting("welcoming", page="*", returning_only=True)
"""


def shut(product: Product) -> None:
    run_inside(product, SEED)
