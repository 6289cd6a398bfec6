"""Name servers: asked once, not for long, and left alone while they are away."""

from __future__ import annotations

import dns.exception
import dns.resolver
import pytest

from tickets.actions import names
from tickets.actions.names import MOST, REMEMBERS, SILENT, Names, ask
from tickets.reading.authenticity import NoAnswer


class Servers:
    """Answers, or not, and what was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.is_down = False
        self.now = 0.0

    def ask(self, name: str, kind: str) -> list[str]:
        self.asked.append(f"{name} {kind}")
        if self.is_down:
            raise NoAnswer
        return [f"{kind} of {name}"]


@pytest.fixture
def servers() -> Servers:
    return Servers()


@pytest.fixture
def asking(servers: Servers) -> Names:
    return Names(servers.ask, lambda: servers.now)


def test_an_answer_is_remembered_for_a_while(servers: Servers, asking: Names) -> None:
    assert asking.lookup("Home.test.", "TXT") == asking.lookup("home.test", "TXT") == ["TXT of home.test"]
    assert servers.asked == ["home.test TXT"]
    asking.lookup("home.test", "A")
    servers.now = REMEMBERS + 1
    asking.lookup("home.test", "TXT")
    assert servers.asked == ["home.test TXT", "home.test A", "home.test TXT"]


def test_who_does_not_answer_is_left_alone(servers: Servers, asking: Names) -> None:
    asking.lookup("known.test", "A")
    servers.is_down = True
    for _again in range(5):
        with pytest.raises(NoAnswer):
            asking.lookup("home.test", "TXT")
    assert servers.asked == ["known.test A", "home.test TXT"]
    assert asking.lookup("known.test", "A") == ["A of known.test"]
    servers.is_down, servers.now = False, SILENT + 1
    assert asking.lookup("home.test", "TXT") == ["TXT of home.test"]


def test_it_does_not_remember_for_ever_more(servers: Servers, asking: Names) -> None:
    for number in range(MOST + 10):
        asking.lookup(f"{number}.test", "A")
    assert len(asking._known) == MOST


@pytest.mark.parametrize(
    ("trouble", "is_silence"),
    [
        (dns.resolver.NXDOMAIN, False),
        (dns.resolver.NoAnswer, False),
        (dns.name.LabelTooLong, False),
        (dns.exception.Timeout, True),
        (dns.resolver.NoNameservers, True),
        (dns.resolver.NoResolverConfiguration, True),
        (OSError, True),
    ],
)
def test_troubles(monkeypatch: pytest.MonkeyPatch, trouble: type[Exception], is_silence: bool) -> None:
    def resolve(*_asked: object, **_how: object) -> object:
        raise trouble()

    monkeypatch.setattr(dns.resolver, "resolve", resolve)
    if is_silence:
        with pytest.raises(NoAnswer):
            ask("home.test", "TXT")
    else:
        assert ask("home.test", "TXT") == []


def test_records_are_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    class Record:
        strings = (b"v=DMARC1; ", b"p=none")

        def __str__(self) -> str:
            return "10 mail.home.test."

    monkeypatch.setattr(dns.resolver, "resolve", lambda *_asked, **_how: [Record()])
    assert ask("home.test", "TXT") == ["v=DMARC1; p=none"]
    assert ask("home.test", "MX") == ["10 mail.home.test."]
    assert callable(names.lookup)
