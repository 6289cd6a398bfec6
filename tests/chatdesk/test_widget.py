"""What a host page loads: the launcher and a button's public state. Small, cacheable, the same for everybody."""

from __future__ import annotations

import gzip

import pytest
from django.test import Client

from chatdesk.models import Button
from tests.factories import Cast, make_present

STATE = "/buttons/sales.json"
SCRIPT_LIMIT = 3 * 1024  # bytes, gzipped
STATE_LIMIT = 1024  # bytes


def test_the_state_is_public_and_short(client: Client, cast: Cast) -> None:
    make_present(cast.alice)
    Button.objects.filter(slug="sales").update(label="x" * 40)
    answer = client.get(STATE)
    facts = answer.json()
    assert (facts["state"], facts["words"]) == ("online", "Somebody is here to answer")
    assert len(answer.content) < STATE_LIMIT
    assert "alice" not in answer.content.decode().lower()


def test_any_site_may_read_it_and_keep_it_for_a_while(client: Client, cast: Cast) -> None:
    headers = client.get(STATE).headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in headers
    assert headers["Cache-Control"] == "public, max-age=20"
    assert "Set-Cookie" not in headers
    assert "Cookie" not in headers.get("Vary", "")


def test_it_follows_who_is_there(client: Client, cast: Cast) -> None:
    assert client.get(STATE).json()["state"] == "offline"
    make_present(cast.alice)
    assert client.get(STATE).json()["state"] == "online"
    assert client.get("/buttons/support.json").json()["state"] == "offline"
    assert client.get("/buttons/default.json").json()["state"] == "online"


@pytest.mark.parametrize("slug", ["nobody", "sales2"])
def test_an_unknown_button_has_no_state(client: Client, cast: Cast, slug: str) -> None:
    answer = client.get(f"/buttons/{slug}.json")
    assert answer.status_code == 404
    assert answer.headers["Access-Control-Allow-Origin"] == "*"  # so that the launcher hears of it


def test_an_inactive_button_has_no_state(client: Client, cast: Cast) -> None:
    Button.objects.filter(slug="sales").update(is_active=False)
    assert client.get(STATE).status_code == 404


def test_reading_is_all_there_is(client: Client, cast: Cast) -> None:
    assert client.post(STATE).status_code == 405
    assert client.post("/widget.js").status_code == 405


def test_the_launcher_is_small(client: Client) -> None:
    answer = client.get("/widget.js")
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert len(gzip.compress(answer.content)) <= SCRIPT_LIMIT


def test_the_launcher_is_asked_for_again_in_vain(client: Client) -> None:
    first = client.get("/widget.js")
    assert first.headers["Cache-Control"] == "public, max-age=300"
    again = client.get("/widget.js", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_launcher_stores_nothing_and_reads_no_markup(client: Client) -> None:
    script = client.get("/widget.js").content.decode()
    for word in ("localStorage", "sessionStorage", "cookie", "innerHTML", "insertAdjacentHTML", "eval("):
        assert word not in script
