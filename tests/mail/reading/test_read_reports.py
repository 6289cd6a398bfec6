"""What reports say: kind, codes, whose fault, and which mail they are about."""

from __future__ import annotations

import pytest

from tests.mail.letters import letter
from tests.mail.people import V, X
from tests.mail.returns import AWAY, REPORTS, WITHOUT_WORDS, kind_of, returned
from tickets.reading import reportwords, secondopinion
from tickets.reading.bounces import Bounce, bounce_of
from tickets.reading.deliverystatus import has_status, word_of
from tickets.reading.message import read

ID = "<aa.bb.cc@relay.test>"


def report(name: str, *, came_back: bool = True) -> Bounce | None:
    raw = returned(name, message_id=ID)
    return bounce_of(read(raw), "", raw=raw, came_back=came_back)


def facts(name: str) -> Bounce:
    found = report(name)
    assert found is not None
    return found


@pytest.mark.parametrize("name", REPORTS)
def test_every_server_is_understood(name: str) -> None:
    assert facts(name).kind == kind_of(name)


@pytest.mark.parametrize("name", [name for name in REPORTS if name != WITHOUT_WORDS])
def test_also_where_it_went_astray(name: str) -> None:
    found = report(name, came_back=False)
    assert found is not None
    assert found.kind == kind_of(name)


@pytest.mark.parametrize("name", AWAY)
def test_who_is_away_has_got_the_mail(name: str) -> None:
    assert report(name) is None
    assert report(name, came_back=False) is None


@pytest.mark.parametrize("name", REPORTS)
def test_at_least_what_the_library_finds(name: str) -> None:
    raw = returned(name)
    if secondopinion.opinion(raw):
        assert report(name, came_back=False)


@pytest.mark.parametrize(
    ("name", "code", "status"),
    [
        ("hard-postfix-unknown", 550, "5.1.1"),
        ("hard-opensmtpd-mixed", 550, "5.1.1"),
        ("hard-qmail", 0, "5.1.1"),
        ("hard-exim-plain", 550, ""),
        ("hard-office365", 550, "5.1.10"),
        ("soft-amazon", 554, "4.4.7"),
        ("delayed-opensmtpd-mixed", 0, "4.0.0"),
        ("hard-exchange-html", 550, "5.1.1"),
    ],
)
def test_codes(name: str, code: int, status: str) -> None:
    found = facts(name)
    assert (found.code, found.status) == (code, status)


NAMING = "postfix-unknown postfix-headers-only qmail exim-plain exchange-2010 yahoo groupwise gmail-empty-status"


@pytest.mark.parametrize("name", [f"hard-{each}" for each in NAMING.split()])
def test_the_mail_that_it_is_about(name: str) -> None:
    assert facts(name).message_ids[0] == ID


@pytest.mark.parametrize(("name", "blames"), [("hard-postfix-spam", False), ("hard-gmail-blocked", False),
                                              ("hard-postfix-unknown", True), ("hard-qmail", True),
                                              ("hard-yahoo", True), ("hard-exim-plain", True)])  # fmt: skip
def test_whose_fault_it_is(name: str, blames: bool) -> None:
    assert facts(name).blames_address is blames


def test_a_persons_mail_about_mail_is_a_persons() -> None:
    for subject in (
        "Delivery problem with my parcel",
        "Fwd: Undelivered Mail Returned to Sender",
        "Re: failure notice",
    ):
        raw = letter(X, "550 5.1.1 user unknown: it could not be delivered. Why?", subject=subject)
        assert bounce_of(read(raw), X.address, raw=raw) is None


def test_a_report_that_a_person_encloses_is_a_persons_mail() -> None:
    raw = letter(V, "I got this, what now?", files=[("report.eml", "application/octet-stream", returned(REPORTS[0]))])
    assert bounce_of(read(raw), V.address, raw=raw) is None
    assert not has_status(read(raw))


def test_the_worst_of_several_recipients() -> None:
    raw = returned("delivered-postfix").replace(
        b"Diagnostic-Code: smtp; 250 2.0.0 OK",
        b"Diagnostic-Code: smtp; 250 OK\r\n\r\nFinal-Recipient: rfc822; w@home.test\r\nAction: failed\r\nStatus: 5.1.1",
    )
    word = word_of(read(raw))
    assert word is not None
    assert (word.action, word.status) == ("failed", "5.1.1")


def test_quoted_headers_are_not_the_servers_words() -> None:
    text = "This is what your mail server has to say to you:\n550 no\n\nReceived: from a 5.7.1 b\nX-Spam-Status: No"
    own = reportwords.own_words(text)
    assert (reportwords.code_in(own), reportwords.status_in(own), reportwords.blames_content(own)) == (550, "", False)


@pytest.mark.parametrize("raw", [b"", b"\xff" * 500, b"From: mailer-daemon@x\n\n" + b"550 " * 50_000])
def test_nothing_stumbles(raw: bytes) -> None:
    bounce_of(read(raw), "<>", raw=raw, came_back=True)
    assert secondopinion.opinion(b"") is None
