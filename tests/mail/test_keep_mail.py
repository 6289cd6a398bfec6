"""What is kept of a mail before anybody hears that it was taken: once, whole, whatever the bytes and envelope are."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError

from tests.mail.letters import letter
from tests.mail.office import RELAY, SALES, SUPPORT, Office, token
from tests.mail.people import O, V
from tickets.actions import receiving
from tickets.actions.addressing import MOST, recipient_of
from tickets.actions.correspondents import address_hash
from tickets.actions.destinations import Archive, BccDrop, Forwarding, Nowhere, Token, Verp, destination
from tickets.actions.receiving import Kept, keep
from tickets.composing.tokens import archive_local_part
from tickets.composing.verp import new_verp
from tickets.models import ForwardingAddress, IncomingMail, MailSettings
from tickets.reading.envelope import Envelope
from tickets.reading.message import read

RAW = letter(message_id="<a@home.test>")


def kept(raw: bytes = RAW, to: str = SUPPORT, **told: Any) -> Kept:
    return keep(raw, Envelope(**{"via": "smtp", "recipient": to, "sender": V.address, **told}))


@pytest.fixture
def office(db: None) -> Office:
    return Office()


# --- the row ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("raw", [b"", b"\x00", b"\r\n\r\n", b"no mail at all", b"\xff" * 1000, RAW + b"\x00"])
def test_any_bytes_are_kept_as_they_came(office: Office, raw: bytes) -> None:
    mail = kept(raw).mail
    row = IncomingMail.objects.get()
    assert bytes(row.raw) == raw
    assert (row.pk, row.size, row.is_cut) == (mail.pk, len(raw), False)


ENVELOPES = [
    ({"recipient": "SUPPORT@Relay.Test."}, {"recipient": SUPPORT}),
    ({"recipient": '"support"@relay.test'}, {"recipient": SUPPORT}),
    ({"recipient": "x" * 400 + "@relay.test"}, {"recipient": "x" * 320}),
    ({"sender": "<>"}, {"envelope_from": ""}),
    ({"sender": "V.Real@HOME.test"}, {"envelope_from": V.address}),
    ({"sender": "v\x00@home.test"}, {"envelope_from": "v@home.test"}),
    ({"sender": "v\udcff@home.test"}, {"envelope_from": "v?@home.test"}),
    ({"helo": "h\x00" * 400}, {"helo": "h" * 255}),
    ({"client_ip": "192.0.2.7"}, {"client_ip": "192.0.2.7"}),
    ({"client_ip": "2001:DB8:0::7"}, {"client_ip": "2001:db8::7"}),
    ({"client_ip": "unknown"}, {"client_ip": None}),
    ({"client_ip": "192.0.2.7:25"}, {"client_ip": None}),
]


@pytest.mark.parametrize(("told", "stored"), ENVELOPES)
def test_any_envelope_can_be_stored(office: Office, told: dict[str, str], stored: dict[str, str | None]) -> None:
    keep(RAW, Envelope(**{"via": "smtp", "recipient": SUPPORT, "sender": V.address} | told))
    assert IncomingMail.objects.filter(**stored).exists(), IncomingMail.objects.values().get()


def test_a_mail_too_large_is_kept_by_its_header_and_says_how_large_it_was(office: Office) -> None:
    mail = keep(RAW, Envelope("imap", SUPPORT), whole_size=99_000_000).mail
    assert (mail.size, mail.is_cut, bytes(mail.raw)) == (99_000_000, True, RAW)


SENDERS = [
    (V.mailbox, V.address, V.address),
    ("Vera <V.Real+x@HOME.test>", "bounce@lists.test", V.address),
    ("a@x.test, b@x.test", V.address, V.address),
    ("v.real@home.test <x@stranger.test>", V.address, V.address),
    ("", V.address, V.address),
    ("", "", ""),
]


@pytest.mark.parametrize(("written", "told", "counted"), SENDERS)
def test_mails_are_counted_by_who_is_beyond_doubt(office: Office, written: str, told: str, counted: str) -> None:
    raw = RAW.replace(f"From: {V.mailbox}".encode(), f"From: {written}".encode())
    assert kept(raw, sender=told).mail.sender_hash == (address_hash(counted) if counted else "")


# --- once -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "is_new"),
    [
        ({}, {}, False),
        ({}, {"via": "imap", "source_key": "1:2:3"}, False),
        ({}, {"sender": "other@else.test", "client_ip": "192.0.2.1", "helo": "x"}, False),
        ({}, {"to": SALES}, True),
        ({}, {"raw": RAW.replace(b"Hello", b"Hallo")}, True),
        ({}, {"raw": RAW.replace(b"<a@home.test>", b"<b@home.test>")}, True),
        ({"via": "imap", "source_key": "1:2:3"}, {"via": "imap", "source_key": "1:2:3", "raw": b"else"}, False),
        ({"via": "imap", "source_key": "1:2:3"}, {"via": "webhook", "source_key": "1:2:3", "raw": b"else"}, True),
        ({"via": "imap", "source_key": "1:2:3"}, {"via": "imap", "source_key": "1:9:3", "raw": b"else"}, True),
        ({"source_key": ""}, {"source_key": "", "raw": b"else"}, True),
    ],
)
def test_what_counts_as_the_same_mail(
    office: Office, first: dict[str, Any], second: dict[str, Any], is_new: bool
) -> None:
    one, two = kept(**first), kept(**second)
    assert one.is_new
    assert two.is_new == is_new
    assert IncomingMail.objects.count() == 1 + is_new
    assert (one.mail.pk == two.mail.pk) != is_new


@pytest.mark.django_db(transaction=True)
def test_two_that_keep_one_mail_at_the_same_moment_keep_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both looked before either had stored it: the database lets one in."""
    look, answers = receiving._earlier, iter([None])
    first = kept()
    monkeypatch.setattr(receiving, "_earlier", lambda facts: next(answers, look(facts)))
    second = kept()
    assert (first.is_new, second.is_new) == (True, False)
    assert second.mail.pk == first.mail.pk
    assert IncomingMail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_row_that_the_database_refuses_is_no_mail_that_was_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(**_facts: Any) -> IncomingMail:
        raise IntegrityError("something else")

    monkeypatch.setattr(IncomingMail.objects, "create", refuses)
    with pytest.raises(DatabaseError):
        kept()


# --- where to ---------------------------------------------------------------------------------------------------------


def test_what_each_address_stands_for(office: Office) -> None:
    talk, vera = office.talk()
    local = token(vera)
    places = {
        SUPPORT.upper(): Forwarding,
        f"<{local.upper()}>": Token,
        new_verp(7, RELAY): Verp,
        f"{archive_local_part(talk.ref)}@{RELAY}": Archive,
        f"log@{RELAY}": BccDrop,
        f"Postmaster@{RELAY}": Forwarding,
        f"abuse@{RELAY}": Forwarding,
        f"nobody@{RELAY}": Nowhere,
        local.replace(RELAY, "else.test"): Nowhere,
        local.replace("t-", "t-a", 1): Nowhere,
        "log@else.test": Nowhere,
        RELAY: Nowhere,
        f"@{RELAY}": Nowhere,
        "": Nowhere,
        "\x00": Nowhere,
    }
    assert {address: type(destination(address)) for address in places} == places


def test_an_old_or_forged_return_path_is_still_a_return_path(office: Office) -> None:
    """So that what comes back to it is told as such, and is nobody's message."""
    place = destination(f"b-{'a' * 20}-{'a' * 16}@{RELAY}")
    assert place == Verp(None)


def test_a_desk_without_a_domain_knows_no_token(office: Office) -> None:
    _talk, vera = office.talk()
    address = token(vera)
    MailSettings.objects.update(relay_domain="")
    assert destination(address) == Nowhere()
    assert destination("log@") == Nowhere()


def test_a_forwarding_address_that_was_switched_off_takes_nothing(office: Office) -> None:
    ForwardingAddress.objects.filter(address=SUPPORT).update(is_active=False)
    assert destination(SUPPORT) == Nowhere()
    assert isinstance(destination(f"postmaster@{RELAY}"), Forwarding)
    ForwardingAddress.objects.update(is_active=False)
    assert destination(f"postmaster@{RELAY}") == Nowhere()


def test_a_forwarding_address_may_look_like_anything_of_ours(office: Office) -> None:
    """What an admin entered comes first: `log@` may be the address of the team of loggers."""
    ForwardingAddress.objects.create(address=f"Log@{RELAY}", group=office.cast.sales)
    place = destination(f"log@{RELAY}")
    assert isinstance(place, Forwarding)
    assert place.address.group == office.cast.sales


# --- without an envelope ----------------------------------------------------------------------------------------------

BOX = SALES


@pytest.mark.parametrize(
    ("headers", "to", "recipient"),
    [
        ({}, SUPPORT, SUPPORT),
        ({}, f"{SUPPORT}, {SALES}", SALES),
        ({"Cc": SALES}, SUPPORT, SALES),
        ({"Delivered-To": SALES}, SUPPORT, SALES),
        ({"X-Original-To": "<SUPPORT@relay.test>"}, "somebody@else.test", SUPPORT),
        ({}, "somebody@else.test", SALES),
        ({"To": "undisclosed-recipients:;"}, "", SALES),
    ],
)
def test_which_of_our_addresses_a_mail_in_a_mailbox_was_for(
    office: Office, headers: dict[str, str], to: str, recipient: str
) -> None:
    assert recipient_of(read(letter(to=to or SUPPORT, headers=headers)), BOX) == recipient


def test_a_token_comes_before_any_address_of_a_group(office: Office) -> None:
    _talk, vera = office.talk()
    mail = read(letter(O, to=f"{SALES}, {SUPPORT}, Vera <{token(vera).upper()}>"))
    assert recipient_of(mail, BOX) == token(vera)


def test_a_mail_to_thousands_is_not_looked_up_for_each(office: Office) -> None:
    many = ", ".join(f"a{number}@else.test" for number in range(MOST + 20))
    assert recipient_of(read(letter(to=f"{many}, {SUPPORT}")), BOX) == BOX
    assert recipient_of(read(letter(to=f"{SUPPORT}, {many}")), BOX) == SUPPORT
