"""Which page may open a socket is read from the handshake byte for byte: nearly the right page is a wrong one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from chatdesk.language import accepted, language_asked_for
from chatdesk.origins import _triple, header_values, same_origin

pytestmark = pytest.mark.once

SITE = "https://desk.example"


@pytest.fixture
def in_production(settings: Settings) -> None:
    settings.PRODUCTION, settings.SITE_URL, settings.ALLOWED_HOSTS = True, SITE, ["desk.example"]


@pytest.fixture
def embedded(settings: Settings) -> None:
    settings.PRODUCTION, settings.SITE_URL = False, "http://127.0.0.1:8000"
    settings.ALLOWED_HOSTS = ["desk.internal", "127.0.0.1"]


def scope(*headers: tuple[str, str]) -> dict[str, Any]:
    return {"headers": [(name.encode(), value.encode("latin-1")) for name, value in headers]}


OWN = ["https://desk.example", "https://desk.example:443", "HTTPS://DESK.EXAMPLE", "https://Desk.Example"]
FOREIGN = [
    "",
    "null",
    "none",
    "*",
    "https://",
    "file://",
    "about:blank",
    "desk.example",
    "//desk.example",
    "http://desk.example",
    "https://desk.example:80",
    "https://desk.example:8443",
    "https://desk.example:99999",
    "https://desk.example:x",
    "https://desk.example.",
    "https://desk.example/",
    "https://desk.example/desk",
    "https://desk.example?x",
    "https://desk.example.evil.test",
    "https://evil.test/https://desk.example",
    "https://evil.test#https://desk.example",
    "https://evildesk.example",
    "https://desk.example@evil.test",
    "https://evil@desk.example",
    "https://desk.example:443@evil.test",
    "https://desk\u00ad.example",
    "https://xn--desk.example",
    "https://desk.example, https://desk.example",
    "https://desk.example https://evil.test",
    "https://[::1]",
    "https://[desk.example]",
    "https://desk.example]",
    "wss://desk.example",
    "chrome-extension://desk.example",
    "javascript://desk.example",
]


@pytest.mark.usefixtures("in_production")
@pytest.mark.parametrize("origin", OWN)
def test_the_desks_own_pages_open_sockets(origin: str) -> None:
    assert same_origin(scope(("origin", origin)))


@pytest.mark.usefixtures("in_production")
@pytest.mark.parametrize("origin", FOREIGN)
def test_s15_what_is_not_quite_the_desk_is_refused(origin: str) -> None:
    assert not same_origin(scope(("origin", origin), ("host", "desk.example")))


@pytest.mark.usefixtures("in_production")
@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("origin", SITE), ("origin", SITE)],
        [("origin", SITE), ("origin", "https://evil.test")],
        [("origin", "https://evil.test"), ("origin", SITE)],
        [("referer", SITE)],
        [("x-origin", SITE)],
        [("sec-websocket-origin", SITE)],
    ],
)
def test_s15_none_or_two_are_refused(headers: list[tuple[str, str]]) -> None:
    assert not same_origin(scope(*headers))


@pytest.mark.usefixtures("in_production")
def test_in_production_the_host_that_was_asked_for_vouches_for_nobody() -> None:
    """An attacker's page can make a browser ask for a name that leads here: DNS rebinding."""
    assert not same_origin(scope(("origin", "http://desk.internal"), ("host", "desk.internal")))


EMBEDDED = [
    ("http://desk.internal:8000", ["desk.internal:8000"], True),
    ("http://desk.internal", ["desk.internal"], True),
    ("http://desk.internal", ["desk.internal:80"], True),
    ("http://127.0.0.1:8000", ["desk.internal"], True),  # SITE_URL
    ("http://desk.internal:8000", ["desk.internal:9000"], False),
    ("https://desk.internal", ["desk.internal"], False),
    ("http://evil.test", ["evil.test"], False),
    ("http://desk.internal", ["evil.test"], False),
    ("http://desk.internal", [], False),
    ("http://desk.internal", ["desk.internal", "desk.internal"], False),
    ("http://desk.internal", ["desk.internal/x"], False),
    ("http://desk.internal", ["user@desk.internal"], False),
    ("http://desk.internal", [""], False),
    ("http://desk.internal", ["desk.internal:x"], False),
]


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize(("origin", "hosts", "opens"), EMBEDDED)
def test_one_process_trusts_the_name_it_is_called_by_if_it_is_its_own(
    origin: str, hosts: list[str], opens: bool
) -> None:
    assert same_origin(scope(("origin", origin), *(("host", host) for host in hosts))) is opens


@examples(max_examples=100)
@given(origin=st.text(max_size=40))
def test_any_origin_is_read_without_failing(origin: str) -> None:
    found = _triple(origin)
    assert found is None or (found[0] in {"http", "https"} and found[1] and 0 < found[2] < 65536)


def test_names_of_headers_are_compared_exactly() -> None:
    """A server hands them over in small letters; what else looks like one is another header."""
    told = scope(("origin", "a"), ("origin_", "b"), ("x-origin", "c"), ("origin", "d"))
    assert header_values(told, b"origin") == ["a", "d"]
    assert header_values(told, b"host") == []


LANGUAGES = [
    (["de"], "de"),
    (["de-AT,en;q=0.5"], "de"),
    (["en;q=0.1,de;q=0.9"], "de"),
    (["fr", "de"], "fr"),
    ([], "en"),
    (["xx"], "en"),
    (["*"], "en"),
    (["../../etc/passwd"], "en"),
    (["d\xff"], "en"),
    (["a" * 100_000], "en"),
    (["-" * 5_000], "en"),
    (["de\x00"], "en"),
]


@pytest.mark.parametrize(("told", "found"), LANGUAGES, ids=range(len(LANGUAGES)))
def test_x20_a_socket_speaks_one_of_the_desks_languages(told: list[str], found: str, settings: Settings) -> None:
    settings.LANGUAGE_CODE = "en"
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("fr", "français")]
    asked = scope(*(("accept-language", each) for each in told))
    assert language_asked_for(asked) == found
    assert accepted(asked) == ",".join(told)
