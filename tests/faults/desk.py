"""The production layout behind one address, with the people that faults befall."""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack
from typing import Any, Self

import psutil
import psycopg
from psycopg.rows import dict_row

from tests.faults.proxy import Proxy
from tests.services.process import Process, free_port
from tests.services.production import Production

SERVERS = ("daphne", "uvicorn")
OPERATORS = 8
MAKE_OPERATORS = """
import json
from django.conf import settings
from django.test import Client
from accounts.models import User, UserType
from routing.models import Group, Membership
kind = UserType.objects.get(name="Operator")
cookies = {}
for number in range(%d):
    user, made = User.objects.get_or_create(
        email=f"op{number}@desk.example", defaults={"display_name": f"Operator {number}", "user_type": kind})
    Membership.objects.get_or_create(group=Group.objects.get(slug="sales"), user=user, defaults={"chat_limit": 4})
    cookies[user.email] = user
user, made = User.objects.get_or_create(
    email="talker@desk.example", defaults={"display_name": "Talker", "user_type": kind})
Membership.objects.get_or_create(group=Group.objects.get(slug="support"), user=user)
cookies[user.email] = user
cookies["sam@desk.example"] = User.objects.get(email="sam@desk.example")
for email, user in cookies.items():
    browser = Client()
    browser.force_login(user, backend="accounts.backends.UserTypeBackend")
    name = settings.SESSION_COOKIE_NAME
    cookies[email] = [user.pk, f"{name}={browser.cookies[name].value}"]
print("COOKIES" + json.dumps(cookies))
"""
ROWS = """
SELECT c.ref, e.seq, e.kind, e.body, e.client_id, p.user_id
FROM chatdesk_entry e JOIN chatdesk_conversation c ON c.id = e.conversation_id
LEFT JOIN chatdesk_participant p ON p.id = e.participant_id
WHERE c.ref = ANY(%s) ORDER BY c.ref, e.seq
"""

Row = dict[str, Any]


class Fronted(Production):
    """Its web processes are one site, reached at the address of the proxy in front."""

    def __init__(self) -> None:
        self.front = free_port()
        super().__init__(SERVERS)

    def _web(self, port: int, server: str) -> Process:
        command = [sys.executable, "manage.py", "serve", "--port", str(port), "--server", server]
        return self._process(f"web-{port}", command, SITE_URL=f"http://127.0.0.1:{self.front}")


class Desk:
    """The layout, the proxy, and a session for each of OPERATORS people of Sales and for sam, who sees everything."""

    def __init__(self) -> None:
        self.layout = Fronted()
        self.proxy = Proxy(self.layout.front, self.layout.ports)
        self.url = self.proxy.url
        self.people: dict[str, tuple[int, str]] = {}
        self._started = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as starting:
            starting.enter_context(self.layout)
            starting.enter_context(self.proxy)
            self.people = self._sign_in()
            self._started = starting.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._started.close()

    def _sign_in(self) -> dict[str, tuple[int, str]]:
        told = self.layout.manage("shell", "-c", MAKE_OPERATORS % OPERATORS)
        cookies: dict[str, tuple[int, str]] = json.loads(told.partition("COOKIES")[2])
        return {email: (user_id, cookie) for email, (user_id, cookie) in cookies.items()}

    @property
    def operators(self) -> list[tuple[int, str]]:
        """(user id, Cookie header) of everybody of Sales."""
        return [person for email, person in self.people.items() if email.startswith("op")]

    @property
    def talker(self) -> str:
        """The session of the one operator of Support, for tests that want a quiet talk."""
        return self.people["talker@desk.example"][1]

    @property
    def sam(self) -> str:
        return self.people["sam@desk.example"][1]

    def connect(self, **options: Any) -> psycopg.Connection[Row]:
        """A connection to the desk's database."""
        url = self.layout.postgres.url().replace("postgres://", "postgresql://")
        return psycopg.connect(url, row_factory=dict_row, **options)

    def rows(self, *refs: str) -> list[Row]:
        """Every entry of these conversations as the database has it, in order."""
        with self.connect() as connection:
            return connection.execute(ROWS, [list(refs)]).fetchall()

    def memory(self) -> list[float]:
        """MB of each web process."""
        return [psutil.Process(web.pid).memory_info().rss / 1e6 for web in self.layout.web]

    def processor_seconds(self) -> float:
        """What the web processes have used so far, together."""
        return sum(sum(psutil.Process(web.pid).cpu_times()[:2]) for web in self.layout.web)
