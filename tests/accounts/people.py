"""Short ways to do what people do at the doors."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from django.test import Client

from accounts.links import password_link
from accounts.models import User
from tests.factories import PASSWORD

LOGIN = "/accounts/login/"
NEW_PASSWORD = "a brand new sentence"


def sign_in(client: Client, email: str, password: str = PASSWORD, **extra: Any) -> Any:
    query = extra.pop("query", "")
    return client.post(LOGIN + query, {"username": email, "password": password}, **extra)


def is_signed_in(client: Client) -> bool:
    return client.get("/accounts/profile/").status_code == 200


def signed_in(user: User, *, checks: bool = False) -> Client:
    """A browser with a session of this person's; `checks`: forms need their token, as from outside."""
    client = Client(enforce_csrf_checks=checks)
    client.force_login(user, backend="accounts.backends.UserTypeBackend")
    return client


def text_of(answer: Any) -> str:
    """What a person reads of a page, in one line."""
    inside = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return " ".join(unescape(inside).split())


def path_of(link: str) -> str:
    """A link without the site's address, for the test client."""
    return urlsplit(link).path


def password_page(client: Client, user: User) -> str:
    """Follow a fresh link for `user`: the path of the page that takes the new password."""
    answer = client.get(path_of(password_link(user)))
    return str(answer.headers["Location"])
