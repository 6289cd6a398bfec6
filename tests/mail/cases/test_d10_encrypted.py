"""D10: what is encrypted can't be read, so it can't be cleaned: it is kept, and its sender asked for another way."""

from __future__ import annotations

import pytest

from chatdesk.models import Entry, Kind
from tests.mail.people import O, V
from tests.mail.sent import parsed
from tests.mail.world import World
from tickets import remarks
from tickets.actions.originals import original_of
from tickets.models import Held, Letter, OutgoingMail

ARMOUR = "-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA1secret\r\n-----END PGP MESSAGE-----\r\n"
PGP = (
    'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="b"\r\n\r\n'
    "--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n"
    f'--b\r\nContent-Type: application/octet-stream; name="encrypted.asc"\r\n\r\n{ARMOUR}--b--\r\n'
)
SMIME = (
    'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"\r\n'
    "Content-Transfer-Encoding: base64\r\n\r\nMIIBsecretMIIBsecret\r\n"
)


def encrypted(body: str) -> bytes:
    head = f"From: {V.mailbox}\r\nTo: t\r\nSubject: Private\r\nMessage-ID: <p@{V.host}>\r\nMIME-Version: 1.0\r\n"
    return (head + body).encode()


@pytest.mark.parametrize("body", [PGP, SMIME], ids=["pgp", "smime"])
def test_d10_encrypted_mail_is_kept_and_not_passed_on(world: World, body: str) -> None:
    mail = world.receives(encrypted(body), world.t_v)
    letter = Letter.objects.get(incoming=mail)
    assert remarks.ENCRYPTED in letter.remarks
    assert Held.objects.get(incoming=mail).reason == Held.Reason.LOCKED
    assert not Entry.objects.filter(conversation=world.conversation, kind=Kind.FILE).exists()
    world.later(hours=1)
    world.out()
    for raw in world.to(O):
        assert b"secret" not in raw
        assert b"PGP MESSAGE" not in raw
        assert not parsed(raw).is_multipart() or all(part.get_filename() is None for part in parsed(raw).walk())


@pytest.mark.parametrize("body", [PGP, SMIME], ids=["pgp", "smime"])
def test_d10_its_sender_is_asked_to_use_the_private_link(world: World, body: str) -> None:
    world.receives(encrypted(body), world.t_v)
    world.out()
    (told,) = world.to(V)
    plain = parsed(told).get_body(("plain",))
    assert plain is not None
    assert "is encrypted, and can't be read here" in plain.get_content()
    assert "/return/" in plain.get_content()
    assert OutgoingMail.objects.get(to=world.to_v).kind == OutgoingMail.Kind.NOTICE


def test_d10_who_oversees_it_has_all_of_it(world: World) -> None:
    mail = world.receives(encrypted(PGP), world.t_v)
    assert ARMOUR.encode() in original_of(world.supervisor, mail.pk, "the customer called").raw
