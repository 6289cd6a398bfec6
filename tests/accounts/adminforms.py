"""Forms of the admin pages, posted as a browser would: everything that the page shows, and what is written anew."""

from __future__ import annotations

from typing import Any

from django.test import Client

from accounts.models import UserType

TYPES = "/admin/accounts/usertype/"


def shown(client: Client, path: str) -> dict[str, Any]:
    """The fields of the page's form and of its rows, with their values."""
    page = client.get(path).context
    rows = [form for each in page["inline_admin_formsets"] for form in each.formset.forms]
    managers = [each.formset.management_form for each in page["inline_admin_formsets"]]
    forms = [page["adminform"].form, *rows, *managers]
    return {bound.html_name: bound.value() for form in forms for bound in form}


def post(client: Client, path: str, **facts: Any) -> Any:
    """The answer to the form of this page with `facts` in it; False, None and "" are left out, as by a browser."""
    written = {**shown(client, path), **facts}
    return client.post(path, {name: value for name, value in written.items() if not _is_nothing(value)})


def save(client: Client, path: str, **facts: Any) -> None:
    """The same, for a form that has to be accepted."""
    answer = post(client, path, **facts)
    assert answer.status_code == 302, answer.context and answer.context["errors"]


def change_type(client: Client, kind: UserType, **facts: Any) -> Any:
    return post(client, f"{TYPES}{kind.pk}/change/", **facts)


def window(number: int, weekday: int, start: str, end: str) -> dict[str, Any]:
    """A new log-in window on the page of a type that shows `number` of them."""
    row = {"weekday": weekday, "start": start, "end": end}
    return {"windows-TOTAL_FORMS": number + 1, **{f"windows-{number}-{name}": value for name, value in row.items()}}


def _is_nothing(value: object) -> bool:
    return value is None or value is False or value == ""
