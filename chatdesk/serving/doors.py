"""What the console says once the desk serves: where to go, and with which password."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from accounts.first_run import issue_link
from chatdesk.demo import DemoPerson
from chatdesk.serving.companions import Door


def base_url(host: str, port: int) -> str:
    """The address to type on this machine for a server that listens on `host`."""
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{name}:{port}"


def first_run_link() -> str | None:
    """The one-time path that makes the first admin, while nobody can sign in yet."""
    return None if get_user_model().objects.exists() else issue_link()


def announcement(base: str, people: Sequence[DemoPerson], first_run: str | None, beside: Sequence[Door] = ()) -> str:
    """What to print when the desk serves. `beside`: doors that are no pages."""
    return "\n".join(["", *_doors(base, beside), *_logins(people), *_first_run(base, first_run), ""])


def report(base: str, people: Sequence[DemoPerson], first_run: str | None) -> str:
    """What to print when the desk is prepared, and nothing serves yet."""
    return "\n".join([_("The desk is prepared."), *_logins(people), *_first_run(base, first_run), ""])


def _doors(base: str, beside: Sequence[Door]) -> Iterator[str]:
    yield _("chatdesk is serving at %(base)s/ (Ctrl-C stops it)") % {"base": base}
    yield ""
    doors = {_("Visitors"): "/chat/", _("Operators"): "/desk/", _("Settings"): "/admin/", _("Help"): "/help/"}
    lines = [*((name, f"{base}{path}") for name, path in doors.items()), *beside]
    width = max(11, *(len(name) + 1 for name, _where in lines))
    for name, where in lines:
        yield f"  {name:<{width}}{where}"


def _logins(people: Sequence[DemoPerson]) -> Iterator[str]:
    if people:
        yield ""
        yield _("Demo people, and their passwords:")
    width = max((len(person.role) for person in people), default=0) + 2
    unchanged = _("(as on the first run)")
    for person in people:
        yield f"  {person.email:<22}{person.role:<{width}}{person.password or unchanged}"


def _first_run(base: str, path: str | None) -> Iterator[str]:
    if path:
        yield ""
        yield _("Nobody can sign in yet. Make the first admin here (the link works once):")
        yield f"  {base}{path}"
