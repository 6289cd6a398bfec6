"""A desk of its own for those who wait: it asks after two seconds, says a word after one, and could send mail."""

from __future__ import annotations

from tests.browser.stage import run_inside
from tests.services.product import Product

SEED = """
from accounts.models import User
from chatdesk.demo import user_type
from chatdesk.models import Button, WaitMessage
from routing.models import Group, Membership, Request

lamps = Group.objects.create(name="Lamps", slug="lamps", choice_seconds=2)
busy = Group.objects.create(name="Busy", slug="busy", choice_seconds=0)
for name, group, limit in (("lena", lamps, 20), ("bert", busy, 1)):
    user = User.objects.create_user(
        f"{name}@desk.example", PASSWORD, display_name=name.title(), user_type=user_type("Operator")
    )
    Membership.objects.create(user=user, group=group, chat_limit=limit)
    Button.objects.create(slug=group.slug, title=group.name, group=group)
WaitMessage.objects.create(group=lamps, trigger="waiting", after_seconds=1, texts="Thank you for waiting.")
from django.utils import timezone
bert = User.objects.get(email="bert@desk.example")
for _ in range(5):
    Request.objects.create(
        group=busy, operator=bert, state="closed", taken_at=timezone.now(), waited_seconds=180, closed_at=timezone.now()
    )
"""


def waiting_room() -> Product:
    """Not started. No mail server listens there: what is sent fails, and is tried again."""
    return Product(env={"EMAIL_URL": "smtp://127.0.0.1:1"})


def seed(product: Product) -> None:
    run_inside(product, f"PASSWORD = {product.password!r}\n{SEED}")
