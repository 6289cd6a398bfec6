"""Small readers that bigger ones stand on: addresses, domains that belong together, words of servers, header blocks."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.zone import Zone
from tickets.reading.addresses import domain_of, mailbox, normal
from tickets.reading.alignment import Alignment, alignment_of, organization
from tickets.reading.deliverystatus import MAX_BYTES, Word, has_status, word_of
from tickets.reading.flowed import MAX_LINES, unflowed
from tickets.reading.mailboxes import mailboxes
from tickets.reading.markup import MAX_CHARS, MAX_DEPTH, bounded
from tickets.reading.message import read
from tickets.reading.structure import MAX_HEADERS, split_headers

pytestmark = pytest.mark.once

# --- addresses --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "plain", "box"),
    [
        ("<V.Real@HOME.test>", "v.real@home.test", "v.real@home.test"),
        (" v.real+a+b@home.test. ", "v.real+a+b@home.test", "v.real@home.test"),
        ('"v real"@home.test', "v real@home.test", "v real@home.test"),
        (r'"a\"b"@home.test', 'a"b@home.test', 'a"b@home.test'),
        ('"a@b"@home.test', "a@b@home.test", "a@b@home.test"),
        ("+tag@home.test", "+tag@home.test", "+tag@home.test"),
        ("@home.test", "@home.test", "@home.test"),
        ("V.Real", "v.real", "v.real"),
        ("<>", "", ""),
        ("", "", ""),
    ],
)
def test_spellings_of_an_address(written: str, plain: str, box: str) -> None:
    assert normal(written) == plain
    assert mailbox(written) == box


@given(st.text(alphabet='aZ@.+<>" \\\u0130', max_size=30))
@example('"\\"@b')
@example("a@b..")
@example("<<a@b>>")
def test_a_mailbox_has_one_domain_and_no_tag(written: str) -> None:
    assert domain_of(written) == normal(written).rpartition("@")[2]
    local = mailbox(written).rpartition("@")[0]
    assert "+" not in local.lstrip("+") or local.startswith("+")


# --- domains ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("domain", "owner"),
    [
        ("mail.example.co.uk", "example.co.uk"),
        ("example.co.uk", "example.co.uk"),
        ("co.uk", "co.uk"),
        ("a.b.c.home.test", "home.test"),
        ("me.github.io", "me.github.io"),
        ("localhost", "localhost"),
        ("", ""),
    ],
)
def test_who_registered_a_domain(domain: str, owner: str) -> None:
    assert organization(domain) == owner


@pytest.mark.parametrize(
    ("own", "proven", "loosely", "strictly"),
    [
        ("home.test", "home.test", True, True),
        ("home.test", "HOME.test.", True, True),
        ("home.test", "mail.home.test", True, False),
        ("mail.home.test", "home.test", True, False),
        ("one.github.io", "two.github.io", False, False),
        ("one.co.uk", "two.co.uk", False, False),
        ("home.test", "home.test.evil.test", False, False),
        ("home.test", "", False, False),
        ("münchen.test", "xn--mnchen-3ya.test", True, True),
    ],
)
def test_domains_that_speak_for_each_other(own: str, proven: str, loosely: bool, strictly: bool) -> None:
    """H: who has an address at the same provider of sites must not speak for a neighbour."""
    assert Alignment(own).holds(proven, strict=False) == loosely
    assert Alignment(own).holds(proven, strict=True) == strictly


@pytest.mark.parametrize(
    ("record", "strict"),
    [
        ("v=DMARC1; p=reject", True),
        ("v=DMARC1;p=QUARANTINE", True),
        ("v = DMARC1 ; p = reject", True),
        ("v=DMARC1; p=none", False),
        ("v=DMARC1", False),
        ("v=DMARC1; p=reject; p=none", False),
        ("p=reject; v=DMARC1", False),
        ("v=spf1 -all", False),
        ("", False),
    ],
)
def test_what_a_domain_asks_for(zone: Zone, record: str, strict: bool) -> None:
    zone.add("_dmarc.home.test", record)
    assert alignment_of("home.test", zone.lookup).is_strict_policy == strict


def test_a_house_under_another_is_asked_first(zone: Zone) -> None:
    zone.add("_dmarc.home.test", "v=DMARC1; p=reject; sp=none")
    zone.add("_dmarc.sub.home.test", "v=DMARC1; p=quarantine")
    assert alignment_of("sub.home.test", zone.lookup).is_strict_policy
    assert not alignment_of("other.home.test", zone.lookup).is_strict_policy


# --- words of servers -------------------------------------------------------------------------------------------------


def report(*groups: str) -> Word | None:
    head = "From: mailer-daemon@x.test\r\nSubject: x\r\nContent-Type: message/delivery-status\r\n\r\n"
    return word_of(read((head + "\r\n\r\n".join(groups)).encode()))


@pytest.mark.parametrize(
    ("groups", "word"),
    [
        (["Action: failed\r\nStatus: 5.1.1"], Word("failed", "5.1.1")),
        (["Action: FAILED (for good)\r\nStatus: 5.1.1 (bad mailbox)"], Word("failed", "5.1.1")),
        (["Status: 4.4.7"], Word("delayed", "4.4.7")),
        (["Status: 2.0.0"], Word("delivered", "2.0.0")),
        (["Status: nonsense"], Word("failed")),
        (["Action: delivered\r\nStatus: 2.0.0", "Action: failed\r\nStatus: 5.2.2"], Word("failed", "5.2.2")),
        (["Action: relayed\r\nStatus: 2.0.0", "Action: delayed\r\nStatus: 4.2.2"], Word("delayed", "4.2.2")),
        (["Action: failed\r\nDiagnostic-Code: smtp;\r\n 550 no\r\n such"], Word("failed", "", "smtp; 550 no such")),
        (["Action: failed\r\nX-Notes-Error: gone"], Word("failed", "", "gone")),
        (["Action: vanished"], None),
        (["Reporting-MTA: dns; x.test"], None),
        (["Status: 15.1.1.7"], Word("failed")),
    ],
)
def test_the_worst_word_of_a_report(groups: list[str], word: Word | None) -> None:
    assert report(*groups) == word


def test_an_endless_report_is_read_to_its_limit() -> None:
    filler = b"X-Filler: " + b"a" * MAX_BYTES + b"\r\n\r\n"
    part = b"--b\r\nContent-Type: message/delivery-status\r\n\r\n"
    head = b"From: a@x.test\r\nContent-Type: multipart/report; boundary=b\r\n\r\n"
    for body, found in ((b"Status: 5.1.1\r\n\r\n" + filler, True), (filler + b"Status: 5.1.1\r\n\r\n", False)):
        message = read(head + part + body + b"\r\n--b--\r\n")
        assert has_status(message)
        assert (word_of(message) is not None) == found


# --- header blocks ----------------------------------------------------------------------------------------------------

field_names = st.text(alphabet="ABCabc-", min_size=1, max_size=12)
values = st.text(alphabet="abc :;=@<>", max_size=20).map(str.strip)


@given(st.lists(st.tuples(field_names, values), min_size=1, max_size=10), st.binary(max_size=60))
def test_fields_are_told_from_what_follows(fields: list[tuple[str, str]], body: bytes) -> None:
    raw = b"".join(f"{name}: {value}\r\n".encode() for name, value in fields) + b"\r\n" + body
    assert split_headers(raw) == (tuple((name.lower(), value.encode()) for name, value in fields), body)


@given(st.binary(max_size=200))
@example(b"\n")
@example(b"a:\n :\n\n")
@example(b">From x\nFrom: a\n")
def test_no_byte_of_a_body_is_lost(raw: bytes) -> None:
    _headers, body = split_headers(raw)
    assert raw.endswith(body)


def test_more_fields_than_anybody_writes_end_the_header() -> None:
    headers, body = split_headers(b"X: y\r\n" * (MAX_HEADERS + 5) + b"\r\nHello")
    assert len(headers) == MAX_HEADERS
    assert body.endswith(b"Hello")
    assert body.startswith(b"X: y")


# --- text and markup --------------------------------------------------------------------------------------------------


@given(
    st.lists(st.text(alphabet="ab ", min_size=1, max_size=8).map(lambda words: f"{words.strip() or 'x'}"), max_size=8)
)
def test_a_paragraph_that_was_broken_is_whole_again(pieces: list[str]) -> None:
    assert unflowed(" \n".join(pieces)) == " ".join(pieces)
    assert unflowed(" \n".join(pieces), delete_space=True) == "".join(pieces)


@given(st.text(alphabet="ab> -\n", max_size=60))
def test_undoing_soft_breaks_loses_no_word(text: str) -> None:
    """Blanks and marks of quotes may move; words may not."""
    words = [letter for letter in text if letter in "ab-"]
    assert [letter for letter in unflowed(text) if letter in "ab-"] == words


def test_a_text_of_endless_lines_stays_as_it_is() -> None:
    text = "a \n" * (MAX_LINES + 1)
    assert unflowed(text) == text


@pytest.mark.parametrize("depth", [1, MAX_DEPTH, MAX_DEPTH + 1, 20_000])
def test_markup_is_a_tree_or_words(depth: int) -> None:
    html = "<div>" * depth + "3 &lt; 4" + "</div>" * depth
    made = bounded(html)
    assert (made == html) == (depth <= MAX_DEPTH)
    assert "3 &lt; 4" in made


def test_markup_without_end_is_cut() -> None:
    assert len(bounded("a\x00" * MAX_CHARS)) == MAX_CHARS // 2
    assert bounded("<p>" * 1000) == "<p>" * 1000, "paragraphs end each other"


@given(st.text(alphabet='ab@x.,<>()":;= ?', max_size=60))
@example("=?utf-8?q?a@x.x?= <b@x.x>")
@example("a@x.x <b@x.x>")
@example('"a@x.x" <b@x.x>, ')
def test_a_sound_mailbox_is_written_as_it_stands(field: str) -> None:
    for found in mailboxes(field):
        if found.is_sound:
            assert found.address in field
            assert found.address.count("@") == 1 or found.address.startswith('"')
            assert normal(found.address).partition("@")[2]
