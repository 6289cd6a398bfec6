"""Proofs of a sender, step by step."""

from __future__ import annotations

import pytest

from tests.mail.letters import letter
from tests.mail.people import O, V
from tests.zone import Zone
from tickets.composing.signing import sign
from tickets.reading.alignment import alignment_of, organization
from tickets.reading.authenticity import Proof, prove
from tickets.reading.authresults import verdict
from tickets.reading.dkimcheck import checked, signatures
from tickets.reading.dnstypes import NoAnswer
from tickets.reading.envelope import Envelope
from tickets.reading.message import read
from tickets.reading.spfcheck import has_spf, spf

SERVER = "mx.relay.test"


def envelope(ip: str = "192.0.2.5", sender: str = "v.real@home.test", via: str = "smtp") -> Envelope:
    return Envelope(via, "t-x@relay.test", sender, ip, "host.home.test")


def proof(raw: bytes, zone: Zone | None, told: Envelope, trusted: str = "") -> Proof:
    return prove(raw, read(raw), told, trusted, zone.lookup if zone else None)


def test_without_name_servers_nothing_is_proven() -> None:
    assert proof(letter(), None, envelope()).state == "unproven"


@pytest.mark.parametrize(
    ("record", "state"),
    [
        ("v=spf1 ip4:192.0.2.0/24 -all", "proven"),
        ("v=spf1 a:mail.home.test -all", "proven"),
        ("v=spf1 mx -all", "proven"),
        ("v=spf1 include:_spf.home.test -all", "proven"),
        ("v=spf1 -all", "failed"),
        ("v=spf1 ~all", "unproven"),
        ("v=spf1 ?all", "unproven"),
        ("v=spf1 include:home.test -all", "unproven"),
        ("v=spf1 nonsense:::", "unproven"),
        ("", "unproven"),
    ],
)
def test_spf(zone: Zone, record: str, state: str) -> None:
    zone.add("home.test", record)
    zone.add("_spf.home.test", "v=spf1 ip4:192.0.2.5 -all")
    zone.add("mail.home.test", "192.0.2.5", "A")
    zone.add("home.test", "10 mail.home.test.", "MX")
    assert spf(envelope(), zone.lookup) == state


def test_spf_while_nobody_answers(zone: Zone) -> None:
    zone.is_down = True
    with pytest.raises(NoAnswer):
        spf(envelope(), zone.lookup)


@pytest.mark.parametrize("ip", ["", "127.0.0.1", "::1", "10.1.2.3", "192.168.0.9", "169.254.1.1", "fd00::5"])
def test_what_comes_from_inside_says_nothing(ip: str) -> None:
    assert not has_spf(envelope(ip))
    assert not has_spf(envelope(sender=""))
    assert has_spf(envelope("2001:db8::5"))


def test_dkim(zone: Zone) -> None:
    raw = sign(letter(V), zone.signer("home.test"))
    (signature,) = signatures(raw)
    assert (signature.domain, signature.is_whole) == ("home.test", True)
    assert checked(raw, signature, zone.lookup) == "proven"
    assert checked(raw.replace(b"Hello", b"Hallo"), signature, zone.lookup) == "failed"
    assert checked(raw, signature, Zone().lookup) == "unproven"
    zone.is_down = True
    with pytest.raises(NoAnswer):
        checked(raw, signature, zone.lookup)


def test_dkim_after_other_servers_added_lines(zone: Zone) -> None:
    raw = b"Received: by mx.else.test\r\nX-Spam: no\r\n" + sign(letter(V), zone.signer("home.test"))
    assert proof(raw, zone, envelope("")).state == "proven"


def test_one_way_is_enough(zone: Zone) -> None:
    """A list that changed the body, from a server that may send for the domain; and a forwarder, with a signature."""
    zone.add("home.test", f"v=spf1 ip4:{'192.0.2.5'} -all")
    raw = sign(letter(V), zone.signer("home.test"))
    assert proof(raw.replace(b"Hello", b"Hallo"), zone, envelope()).state == "proven"
    assert proof(raw, zone, envelope("198.51.100.1")).state == "proven"
    assert proof(raw.replace(b"Hello", b"Hallo"), zone, envelope("198.51.100.1")).state == "failed"


def test_few_signatures_are_tried(zone: Zone) -> None:
    raw = letter(V)
    for number in range(8):
        raw = sign(raw, zone.signer("home.test", f"k{number}"))
    raw = raw.replace(b"Hello", b"Hallo")
    zone.asked.clear()
    assert proof(raw, zone, envelope("")).state == "failed"
    assert len([name for name, _kind in zone.asked if "_domainkey" in name]) == 3


def test_alignment(zone: Zone) -> None:
    zone.add("_dmarc.company.co.uk", "v=DMARC1; p=none; sp=reject; aspf=s")
    own = alignment_of("mail.company.co.uk", zone.lookup)
    assert own.holds("company.co.uk", strict=False)
    assert not own.holds("other.co.uk", strict=False)
    assert not own.holds("company.co.uk", strict=True)
    assert not own.holds("", strict=False)
    assert (own.strict_spf, own.strict_dkim, own.is_strict_policy) == (True, False, True)
    assert not alignment_of("company.co.uk", zone.lookup).is_strict_policy


def test_two_records_are_none(zone: Zone) -> None:
    for _twice in range(2):
        zone.add("_dmarc.home.test", "v=DMARC1; p=reject")
    assert not alignment_of("home.test", zone.lookup).is_strict_policy
    assert organization("home.test") == "home.test"
    assert alignment_of("münchen.test", zone.lookup).holds("xn--mnchen-3ya.test", strict=True)


@pytest.mark.parametrize(
    ("line", "state"),
    [
        (f"{SERVER}; dmarc=pass header.from=va.test", "proven"),
        (f"{SERVER}; dmarc=temperror header.from=va.test", "temporary"),
        (f"{SERVER}; dmarc=permerror", "failed"),
        (f"{SERVER}; dmarc=bestguesspass header.from=va.test", "unproven"),
        (f"{SERVER}; dkim=fail header.d=va.test; spf=pass smtp.mailfrom=va.test", "proven"),
        (f"{SERVER}; dkim=fail header.d=va.test; spf=none", "failed"),
        (f"{SERVER}; dkim=pass header.i=@va.test", "proven"),
        (f"{SERVER}; dmarc", "failed"),
        (f"{SERVER}; dmarc=pass) header.from=va.test", "failed"),
        (f'{SERVER}; dmarc=pass header.from="va.test', "failed"),
        (f"other.test; dmarc=pass; ({SERVER}; dmarc=pass)", ""),
        ("", ""),
    ],
)
def test_lines_of_our_server(line: str, state: str) -> None:
    raw = f"Authentication-Results: {line}\r\n".encode() + letter(O)
    assert verdict(read(raw).headers, SERVER, "va.test") == state


def test_only_the_first_block_of_lines_is_ours() -> None:
    forged = f"Authentication-Results: {SERVER}; dmarc=pass header.from=va.test\r\n".encode()
    ours = f"Authentication-Results: {SERVER}; spf=none\r\n".encode()
    assert (
        verdict(read(ours + b"Received: by mx.relay.test\r\n" + forged + letter(O)).headers, SERVER, "va.test")
        == "unproven"
    )
    assert verdict(read(b"X-Spam: no\r\n" + forged + letter(O)).headers, SERVER, "va.test") == "proven"


@pytest.mark.parametrize(
    ("lines", "state"),
    [
        (("dkim=fail header.d=va.test", "dkim=pass header.d=va.test"), "failed"),
        (("spf=fail smtp.mailfrom=va.test", "dkim=none; spf=pass smtp.mailfrom=va.test"), "failed"),
        (("dkim=none", "dkim=pass header.d=va.test"), "unproven"),
        (("spf=none", "dkim=fail header.d=va.test; dkim=pass header.d=va.test"), "proven"),
    ],
)
def test_of_each_method_the_topmost_line_counts(lines: tuple[str, ...], state: str) -> None:
    """A server that does not remove what others forged writes its own lines right above it."""
    raw = "".join(f"Authentication-Results: {SERVER}; {line}\r\n" for line in lines).encode() + letter(O)
    assert verdict(read(raw).headers, SERVER, "va.test") == state


def test_a_stranger_at_our_door_has_no_such_lines() -> None:
    raw = f"Authentication-Results: {SERVER}; dmarc=pass header.from=home.test\r\n".encode() + letter(V)
    assert proof(raw, None, envelope(), SERVER).state == "unproven"
    assert proof(raw, None, envelope(""), SERVER).state == "proven"
    assert proof(raw, None, envelope(via="webhook"), SERVER).state == "proven"
