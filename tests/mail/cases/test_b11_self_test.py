"""B11: a way out that changes the sender is found out before anybody else sees it."""

from __future__ import annotations

import pytest

from tests.mail.people import RELAY
from tests.mail.sent import parsed, said
from tests.mail.world import World
from tests.services.sink import Taken
from tickets.actions import selftest
from tickets.actions.outbox import MailOff
from tickets.actions.sending import send_due
from tickets.models import MailSettings, Security, SmtpAccount

CHANGED = b"From: Somebody Else <account@provider.test>"


@pytest.fixture
def unproven(world: World) -> World:
    """A desk whose sending is off, as it is before the first self-test."""
    MailSettings.objects.update(is_sending=False)
    return world


def comes_back(world: World, mail: Taken, raw: bytes = b"", sender: str = "") -> None:
    """The public internet delivers our own mail to us."""
    world.receives(raw or mail.raw, mail.recipient, sender=sender or mail.sender, is_proven=False)


def mail_to_ourselves(world: World) -> Taken:
    selftest.begin()
    assert send_due() == 1
    return world.sink.taken[-1]


def with_another_sender(raw: bytes) -> bytes:
    (line,) = [each for each in raw.split(b"\r\n") if each.startswith(b"From:")]
    return raw.replace(line, CHANGED)


def is_sending() -> bool:
    return MailSettings.load().is_sending


def test_b11_nothing_but_the_self_test_leaves_before_it_passed(unproven: World) -> None:
    unproven.answers("Hello")
    assert unproven.out() == []
    mail = mail_to_ourselves(unproven)
    assert mail.recipient == mail.sender
    assert parsed(mail.raw)["From"].addresses[0].addr_spec == f"desk@{RELAY}"
    assert selftest.latest().state == "waiting"


def test_b11_what_comes_back_unchanged_switches_sending_on(unproven: World) -> None:
    unproven.answers("Hello")
    comes_back(unproven, mail_to_ourselves(unproven))
    assert is_sending()
    assert selftest.latest().state == "passed"
    assert len(unproven.out()) == 2  # what waited leaves now


def test_b11_a_provider_that_rewrites_from_keeps_sending_off(unproven: World) -> None:
    mail = mail_to_ourselves(unproven)
    comes_back(unproven, mail, with_another_sender(mail.raw))
    assert not is_sending()
    trial = selftest.latest()
    assert trial.state == "failed"
    assert "changes the sender" in trial.words
    assert "provider.test" not in trial.words


def test_b11_a_provider_that_begins_to_rewrite_switches_it_off(world: World) -> None:
    mail = mail_to_ourselves(world)
    comes_back(world, mail, with_another_sender(mail.raw))
    assert not is_sending()


def test_b11_a_changed_return_path_fails_too(unproven: World) -> None:
    """Bounces would go to somebody else."""
    comes_back(unproven, mail_to_ourselves(unproven), sender="bounces@provider.test")
    assert not is_sending()


def test_b11_a_stranger_s_mail_to_the_return_path_is_no_verdict(unproven: World) -> None:
    mail = mail_to_ourselves(unproven)
    forged = mail.raw.replace(b"X-Desk-Relay: ", b"X-Desk-Relay: a")
    comes_back(unproven, mail, forged)
    assert not is_sending()
    assert selftest.latest().state == "waiting"


def test_b11_a_person_s_account_that_rewrites_is_switched_off_alone(world: World) -> None:
    account = SmtpAccount.objects.create(
        host="127.0.0.1", port=world.sink.port, security=Security.NONE, user=world.operator
    )
    selftest.begin(account=account)
    send_due()
    mail = world.sink.taken[-1]
    comes_back(world, mail, with_another_sender(mail.raw))
    account.refresh_from_db()
    assert not account.is_active
    assert is_sending()


def test_b11_a_test_that_never_comes_back_is_said_to_be_lost(unproven: World) -> None:
    mail_to_ourselves(unproven)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(selftest, "PATIENCE", selftest.PATIENCE * -1)
        assert selftest.latest().state == "lost"


def test_b11_a_test_that_is_refused_says_so(unproven: World) -> None:
    unproven.sink.refuse("mail", "550 5.7.1 not for you")
    selftest.begin()
    assert send_due() == 0
    trial = selftest.latest()
    assert trial.state == "failed"
    assert "did not take" in trial.words


def test_b11_without_a_domain_there_is_nothing_to_test(world: World) -> None:
    MailSettings.objects.update(relay_domain="")
    assert selftest.latest().state == "never"
    with pytest.raises(MailOff):
        selftest.begin()


def test_i9_the_test_mail_says_what_is_wrong(unproven: World) -> None:
    selftest.begin(["No SPF record."])
    send_due()
    assert "No SPF record." in said(unproven.sink.taken[-1].raw)
