"""The people of a bench, made with the product's own settings: `python -m tests.bench.cast N`.

One button, one group that is picked up by hand, N operators signed in. Prints their session cookies as JSON.
"""

from __future__ import annotations

import json
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatdesk.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django is set up first
from django.test import Client  # noqa: E402

from accounts.models import User  # noqa: E402
from chatdesk.demo import OWN_MACHINE  # noqa: E402
from tests import factories  # noqa: E402

BUTTON = "bench"


def signed_in(user: User) -> str:
    """A Cookie header of a new session of `user`."""
    client = Client()
    client.force_login(user, backend="accounts.backends.UserTypeBackend")
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def main() -> None:
    """Make the cast in the database of the environment."""
    group = factories.make_group("bench", manual=True)
    factories.make_button(BUTTON, group, allowed_sites=OWN_MACHINE)
    operators = [factories.make_operator(f"operator{number}", group, limit=20) for number in range(int(sys.argv[1]))]
    sys.stdout.write(json.dumps([signed_in(operator) for operator in operators]))


if __name__ == "__main__":
    main()
