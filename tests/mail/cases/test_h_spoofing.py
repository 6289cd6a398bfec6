"""Cases H: who wrote, if it was not who it says."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator

import dkim
import pytest

from chatdesk.models import Conversation
from tests.mail.doorbell import open_door
from tests.mail.letters import letter
from tests.mail.office import held, letter_of, said
from tests.mail.people import SUPPORT, TRUSTED, O, Person, V, X
from tests.mail.world import World, make_world
from tests.services.sink import Sink
from tests.zone import Zone
from tickets import remarks
from tickets.composing.signing import sign
from tickets.models import Correspondent, Held, IncomingMail, MailSettings, OutgoingMail
from tickets.views.desk.timeline import lines_of

PASS = f"{TRUSTED}; dmarc=pass header.from="
FOREIGN = f"Received: from {X.host} by mx.stranger.test; Sun, 22 Nov 2026 11:00:00 +0000\r\n"


@pytest.fixture
def alone(world: World) -> World:
    """No server of ours says anything about senders: the desk looks itself."""
    MailSettings.objects.update(trusted_results="")
    return world


def signed(by: Person, zone: Zone, text: str = "Hello", *, to: str, domain: str = "") -> bytes:
    return sign(letter(by, text, to=to), zone.signer(domain or by.domain))


def from_a_stranger(world: World, raw: bytes, to: str, by: Person = V, sender: str | None = None) -> IncomingMail:
    return world.receives(raw, to, by, is_proven=False, sender=sender)


def from_our_server(world: World, raw: bytes, to: str, by: Person = V) -> IncomingMail:
    """With what stands in it, and nothing added."""
    return world.receives(raw, to, by, sender="", is_proven=False, via="imap")


def with_results(raw: bytes, *lines: str) -> bytes:
    return "".join(f"Authentication-Results: {line}\r\n" for line in lines).encode() + raw


def test_h1_a_colleagues_address_without_proof_is_held(alone: World, zone: Zone) -> None:
    zone.add("va.test", "v=spf1 -all")
    mail = from_a_stranger(alone, letter(O, "Send your password.", to=alone.t_o), alone.t_o, O)
    assert held(mail) == [Held.Reason.SPOOFED]
    assert Held.objects.get().conversation == alone.conversation
    assert mail.facts["proof"] == "failed"
    (line,) = [each for each in lines_of(alone.conversation.ticket) if "waits" in each.words]
    assert line.words == "a mail waits for a person: the sender could not be proven"
    alone.out()
    assert alone.to(V) == []
    assert said(alone.conversation) == []


def test_h1_with_proof_it_goes_out(alone: World, zone: Zone) -> None:
    mail = from_a_stranger(alone, signed(O, zone, "It is ready.", to=alone.t_o), alone.t_o, O)
    assert (held(mail), mail.facts["proof"]) == ([], "proven")
    alone.out()
    assert len(alone.to(V)) == 1


def test_h1_spf_of_their_own_domain_is_proof(alone: World, zone: Zone) -> None:
    zone.add("va.test", f"v=spf1 ip4:{O.ip} -all")
    mail = from_a_stranger(alone, letter(O, "It is ready.", to=alone.t_o), alone.t_o, O)
    assert mail.facts["proof"] == "proven"


def test_h2_results_that_a_stranger_brings_are_ignored(world: World) -> None:
    forged = with_results(letter(O, "Do it.", to=world.t_o), f"{PASS}{O.domain}")
    mail = from_a_stranger(world, forged, world.t_o, X, sender=X.address)
    assert held(mail) == [Held.Reason.SPOOFED]
    assert said(world.conversation) == []


@pytest.mark.parametrize(
    "lines",
    [
        (f"{TRUSTED}; dmarc=fail header.from={O.domain}", f"{PASS}{O.domain}"),
        (f"{TRUSTED}; dmarc=fail (dmarc=pass) header.from={O.domain}",),
        (f'{TRUSTED}; dmarc=fail reason="; dmarc=pass" header.from={O.domain}',),
        (f"{TRUSTED} (; dmarc=pass; dmarc=fail",),
        (f"{TRUSTED}; spf=pass smtp.mailfrom=stranger.test; dmarc=none",),
        (f"{TRUSTED}; dkim=pass header.d=stranger.test",),
        (f"{TRUSTED}; dmarc=pass header.from=stranger.test",),
        (f"mx.else.test; dmarc=pass header.from={O.domain}",),
        (f"{TRUSTED}.stranger.test; dmarc=pass header.from={O.domain}",),
        (f"{TRUSTED}; none",),
    ],
)
def test_h3_only_what_our_server_says_first_and_plainly_counts(world: World, lines: tuple[str, ...]) -> None:
    mail = from_our_server(world, with_results(letter(O, "Do it.", to=world.t_o), *lines), world.t_o, O)
    assert held(mail) == [Held.Reason.SPOOFED]


@pytest.mark.parametrize(
    "line",
    [
        f"{PASS}{O.domain}",
        f"{TRUSTED} 1; spf=fail smtp.mailfrom=list.test; dmarc=pass (p=reject) header.from={O.domain}",
        f"{TRUSTED.upper()}; dkim=pass (2048-bit key) header.d=mail.{O.domain} header.s=k1",
        f"{TRUSTED}; spf=pass (sender is allowed) smtp.mailfrom={O.address}",
    ],
)
def test_h3_what_it_says_is_understood(world: World, line: str) -> None:
    mail = from_our_server(world, with_results(letter(O, "It is ready.", to=world.t_o), line), world.t_o, O)
    assert mail.facts["proof"] == "proven"


def test_h3_below_another_servers_line_it_came_with_the_mail(world: World) -> None:
    raw = FOREIGN.encode() + with_results(letter(O, "Do it.", to=world.t_o), f"{PASS}{O.domain}")
    assert held(from_our_server(world, raw, world.t_o, O)) == [Held.Reason.SPOOFED]


def test_h3_below_our_own_servers_line_it_is_ours(world: World) -> None:
    ours = b"Received: from mx.relay.test by store.relay.test; Sun, 22 Nov 2026 11:00:00 +0000\r\n"
    raw = ours + with_results(letter(O, "It is ready.", to=world.t_o), f"{PASS}{O.domain}")
    assert from_our_server(world, raw, world.t_o, O).facts["proof"] == "proven"


def test_h4_no_trusted_name_no_trust(alone: World) -> None:
    raw = with_results(letter(O, "Do it.", to=alone.t_o), f"{PASS}{O.domain}")
    mail = from_our_server(alone, raw, alone.t_o, O)
    assert (held(mail), mail.facts["proof"]) == ([Held.Reason.SPOOFED], "unproven")


def test_h4_from_a_mailbox_the_signature_is_checked(alone: World, zone: Zone) -> None:
    mail = from_our_server(alone, signed(O, zone, "It is ready.", to=alone.t_o), alone.t_o, O)
    assert mail.facts["proof"] == "proven"


@pytest.mark.parametrize(
    "written",
    [
        f"{V.address}, {X.address}",
        f"{V.address} <{X.address}>",
        "v.real@home.test)x.real@stranger.test",
        f'"{V.address}" <{V.address}>, Xaver <{X.address}>',
        f"<{V.address}> <{X.address}>",
        "",
    ],
)
def test_h5_a_from_that_can_be_read_in_two_ways(world: World, written: str) -> None:
    field = f"From: {written}\r\n" if written else ""
    raw = letter(V, "Who am I?").replace(f"From: {V.mailbox}\r\n".encode(), field.encode())
    mail = from_our_server(world, with_results(raw, f"{PASS}{V.domain}"), SUPPORT)
    assert letter_of(mail).is_unproven
    assert mail.facts["proof"] == "unproven"


def test_h5_two_from_fields(world: World) -> None:
    raw = with_results(f"From: {X.mailbox}\r\n".encode() + letter(V, "Who am I?"), f"{PASS}{V.domain}")
    assert from_our_server(world, raw, SUPPORT).facts["proof"] == "unproven"


def test_h6_an_attackers_own_signature_proves_nothing(alone: World, zone: Zone) -> None:
    raw = signed(O, zone, "Do it.", to=alone.t_o, domain="stranger.test")
    mail = from_a_stranger(alone, raw, alone.t_o, X, sender=X.address)
    assert (held(mail), mail.facts["proof"]) == ([Held.Reason.SPOOFED], "unproven")


@pytest.mark.parametrize(
    ("tag", "state"), [("", "proven"), ("; adkim=s", "unproven"), ("; adkim=s; p=reject", "failed")]
)
def test_h6_a_subdomain_is_aligned_unless_its_owner_is_strict(alone: World, zone: Zone, tag: str, state: str) -> None:
    zone.add("_dmarc.va.test", f"v=DMARC1{tag}")
    raw = signed(O, zone, "It is ready.", to=alone.t_o, domain="mail.va.test")
    assert from_our_server(alone, raw, alone.t_o, O).facts["proof"] == state


def test_h7_an_unproven_visitor_may_write_and_no_more(alone: World) -> None:
    before = Correspondent.objects.get(pk=alone.to_v.pk)
    mail = from_a_stranger(alone, letter(V, "It is me.", to=alone.t_v), alone.t_v)
    assert said(alone.conversation) == ["It is me."]
    assert letter_of(mail).is_unproven
    alone.out()
    assert not OutgoingMail.objects.filter(to=alone.to_v).exists()
    after = Correspondent.objects.get(pk=alone.to_v.pk)
    assert (after.address_hash, after.is_proven) == (before.address_hash, before.is_proven)


def test_h8_a_changed_body_is_a_failed_proof(alone: World, zone: Zone) -> None:
    raw = signed(O, zone, "Pay 100.", to=alone.t_o).replace(b"Pay 100.", b"Pay 900.")
    mail = from_a_stranger(alone, raw, alone.t_o, O)
    assert (held(mail), mail.facts["proof"]) == ([Held.Reason.SPOOFED], "failed")


def test_h8_a_visitors_is_shown_as_unproven(alone: World, zone: Zone) -> None:
    raw = signed(V, zone, "Pay 100.", to=alone.t_v).replace(b"Pay 100.", b"Pay 900.")
    mail = from_a_stranger(alone, raw, alone.t_v)
    assert letter_of(mail).is_unproven
    assert said(alone.conversation) == ["Pay 900."]


def test_h8_a_signature_of_the_beginning_alone_proves_nothing(alone: World, zone: Zone) -> None:
    signer, plain = zone.signer(O.domain), letter(O, "Hello", to=alone.t_o)
    names = signer.selector.encode(), signer.domain.encode(), signer.key.encode()
    raw = dkim.sign(plain, *names, length=True) + plain + b"Pay 900.\r\n"
    assert from_our_server(alone, raw, alone.t_o, O).facts["proof"] == "unproven"


def test_h10_reply_to_is_never_used(world: World) -> None:
    raw = letter(V, "Answer me there.", to=world.t_v, headers={"Reply-To": "v.other@else.test"})
    mail = world.receives(raw, world.t_v)
    assert remarks.ANSWERS_ELSEWHERE in letter_of(mail).remarks
    world.answers("Here.")
    assert {each.recipient for each in world.out()} == {V.address, O.address}


def test_h10_nor_is_it_who_they_are(world: World) -> None:
    raw = letter(X, "I am Olga.", to=world.t_o, headers={"Reply-To": O.mailbox, "Sender": O.mailbox})
    assert held(world.receives(raw, world.t_o, X)) == [Held.Reason.NEW_SENDER]


@pytest.fixture
def silence(zone: Zone) -> Iterator[Zone]:
    zone.is_down = True
    yield zone
    zone.is_down = False


def test_h11_visitors_are_let_in_while_name_servers_are_away(alone: World, silence: Zone) -> None:
    mail = from_a_stranger(alone, letter(V, "Hello?", to=alone.t_v), alone.t_v)
    assert said(alone.conversation) == ["Hello?"]
    assert letter_of(mail).is_unproven


def test_h11_a_colleagues_mail_waits_and_comes(alone: World, zone: Zone) -> None:
    raw = signed(O, zone, "It is ready.", to=alone.t_o)
    zone.is_down = True
    mail = from_our_server(alone, raw, alone.t_o, O)
    assert (mail.state, said(alone.conversation)) == (IncomingMail.State.STORED, [])
    zone.is_down = False
    alone.later(minutes=1)
    alone.sweeps_in()
    assert said(alone.conversation) == ["It is ready."]


def test_h11_after_hours_a_person_is_asked(alone: World, silence: Zone) -> None:
    alone.later(hours=5)
    mail = from_a_stranger(alone, letter(O, "It is ready.", to=alone.t_o), alone.t_o, O)
    assert held(mail) == [Held.Reason.SPOOFED]


@pytest.mark.django_db(transaction=True)
def test_h11_at_the_door_it_comes_again(sink: Sink, zone: Zone, transactional_db: None) -> None:
    """451 for people of the desk: their server keeps the mail, and tries again. A visitor's is taken."""
    world = make_world(sink)
    MailSettings.objects.update(trusted_results="")
    mails = {each: signed(each, zone, "Hello?", to=SUPPORT) for each in (O, V)}
    zone.is_down = True
    with open_door() as door:
        with pytest.raises(smtplib.SMTPDataError, match="451"):
            door.deliver(mails[O], world.t_o, sender=O.address)
        assert IncomingMail.objects.count() == 0
        assert door.deliver(mails[V], world.t_v, sender=V.address) == {}
        zone.is_down = False
        assert door.deliver(mails[O], world.t_o, sender=O.address) == {}
    assert sorted(said(world.conversation)) == ["Hello?", "Hello?"]


def test_h_no_name_is_asked_for_without_need(world: World, zone: Zone) -> None:
    world.receives(letter(V, "Hello", to=world.t_v), world.t_v)
    from_our_server(world, letter(X, "Hello"), SUPPORT, X)
    assert zone.asked == []
    assert Conversation.objects.count() == 2
