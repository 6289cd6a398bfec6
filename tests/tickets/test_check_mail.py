"""I9, and `manage.py mail_check`: what is wrong with the ways in and out is said plainly."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from pytest_django.fixtures import Settings

from accounts.sealing import seal, unseal
from tests.factories import make_group, make_user
from tests.services.process import free_port
from tests.services.sink import Sink
from tickets.actions import selftest
from tickets.checking import Grade, check_mail, check_names
from tickets.checking.findings import Finding
from tickets.composing import signing
from tickets.models import ForwardingAddress, ImapAccount, MailSettings, OutgoingMail, Security, SmtpAccount
from tickets.reading.authenticity import NoAnswer

pytestmark = pytest.mark.django_db
DOMAIN = "relay.test"


@pytest.fixture
def own() -> MailSettings:
    settings = MailSettings.load()
    settings.relay_domain, settings.dkim_selector = DOMAIN, "desk"
    settings.dkim_key = seal(signing.new_key())
    settings.save()
    return settings


@pytest.fixture
def records(own: MailSettings) -> dict[tuple[str, str], list[str]]:
    """A domain in which all is set."""
    key = signing.dns_record(signing_key(own))
    return {
        (DOMAIN, "MX"): ["10 mx.relay.test."],
        (DOMAIN, "TXT"): ["google-site-verification=x", "v=spf1 mx -all"],
        (f"desk._domainkey.{DOMAIN}", "TXT"): [key],
        (f"_dmarc.{DOMAIN}", "TXT"): ["v=DMARC1; p=reject"],
    }


def signing_key(own: MailSettings) -> str:
    return unseal(own.dkim_key)


def found(own: MailSettings, records: dict[tuple[str, str], list[str]]) -> dict[str, Finding]:
    return {each.about: each for each in check_names(own, lambda name, kind: records.get((name, kind), []))}


def test_i9_a_domain_in_which_all_is_set_is_good(own: MailSettings, records: dict[tuple[str, str], list[str]]) -> None:
    assert {each.grade for each in found(own, records).values()} == {Grade.GOOD}


@pytest.mark.parametrize(
    ("missing", "about", "says"),
    [
        ((DOMAIN, "MX"), "MX", "answers reach nobody"),
        ((DOMAIN, "TXT"), "SPF", "v=spf1 mx -all"),
        ((f"desk._domainkey.{DOMAIN}", "TXT"), "DKIM", "desk._domainkey.relay.test"),
        ((f"_dmarc.{DOMAIN}", "TXT"), "DMARC", "v=DMARC1"),
    ],
)
def test_i9_what_is_missing_is_red_and_says_what_to_publish(
    own: MailSettings, records: dict[tuple[str, str], list[str]], missing: tuple[str, str], about: str, says: str
) -> None:
    del records[missing]
    finding = found(own, records)[about]
    assert finding.grade == Grade.WRONG
    assert says in finding.words
    others = [each.grade for each in found(own, records).values() if each.about != about]
    assert set(others) == {Grade.GOOD}


def test_another_published_key_is_told_from_none(own: MailSettings, records: dict[tuple[str, str], list[str]]) -> None:
    records[f"desk._domainkey.{DOMAIN}", "TXT"] = [signing.dns_record(signing.new_key())]
    assert "another key" in found(own, records)["DKIM"].words


def test_a_key_with_spaces_in_its_record_is_the_same_key(
    own: MailSettings, records: dict[tuple[str, str], list[str]]
) -> None:
    place = f"desk._domainkey.{DOMAIN}", "TXT"
    records[place] = [records[place][0].replace("p=MII", "p= MII ")]
    assert found(own, records)["DKIM"].grade == Grade.GOOD


def test_two_spf_records_are_none(own: MailSettings, records: dict[tuple[str, str], list[str]]) -> None:
    records[DOMAIN, "TXT"] = ["v=spf1 mx -all", "v=spf1 a -all"]
    assert "several" in found(own, records)["SPF"].words


def test_a_policy_of_the_parent_domain_counts(own: MailSettings, records: dict[tuple[str, str], list[str]]) -> None:
    records["_dmarc.test", "TXT"] = records.pop((f"_dmarc.{DOMAIN}", "TXT"))
    assert found(own, records)["DMARC"].grade == Grade.GOOD


def test_without_a_key_mails_leave_unsigned(own: MailSettings, records: dict[tuple[str, str], list[str]]) -> None:
    own.dkim_key = ""
    assert "unsigned" in found(own, records)["DKIM"].words


def silent(name: str, kind: str) -> list[str]:
    raise NoAnswer


def test_a_silent_name_server_is_said_to_be_silent(own: MailSettings) -> None:
    findings = list(check_names(own, silent))
    assert len(findings) == 4
    assert all("No name server" in finding.words for finding in findings)


# --- ways -------------------------------------------------------------------------------------------------------------


def about(findings: list[Finding], word: str) -> list[Finding]:
    return [finding for finding in findings if word in finding.about]


def test_without_a_domain_that_is_all_there_is_to_say() -> None:
    (finding,) = check_mail(silent)
    assert "No relay domain" in finding.words


def test_a_server_that_takes_us_in_is_good_and_gets_no_mail(own: MailSettings) -> None:
    with Sink() as sink:
        SmtpAccount.objects.create(host="127.0.0.1", port=sink.port, security=Security.NONE)
        SmtpAccount.objects.create(
            host="127.0.0.1", port=sink.port, security=Security.NONE, group=make_group("sales"), username="sales"
        )
        findings = about(check_mail(silent), "Outgoing server")
        assert [finding.grade for finding in findings] == [Grade.GOOD] * 2
        assert sink.taken == []


def test_a_server_that_is_away_or_wants_something_else_is_wrong(own: MailSettings) -> None:
    with Sink() as sink:
        SmtpAccount.objects.create(host="127.0.0.1", port=sink.port, security=Security.STARTTLS)
        SmtpAccount.objects.create(host="127.0.0.1", port=free_port(), security=Security.NONE, user=make_user("nina"))
        first, second = about(check_mail(silent), "Outgoing server")
    assert "STARTTLS" in first.words
    assert "can't be reached" in second.words
    assert "(Nina)" in second.about
    assert {first.grade, second.grade} == {Grade.WRONG}


def test_a_server_that_hangs_up_is_wrong(own: MailSettings) -> None:
    with Sink() as sink:
        sink.drop("greeting")
        SmtpAccount.objects.create(host="127.0.0.1", port=sink.port, security=Security.NONE)
        (finding,) = about(check_mail(silent), "Outgoing server")
    assert finding.grade == Grade.WRONG


def test_a_desk_without_any_server_is_told_where_its_mails_are(own: MailSettings) -> None:
    (finding,) = about(check_mail(silent), "EMAIL_URL")
    assert finding.grade == Grade.OPEN


def test_a_mailbox_that_can_t_be_opened_is_wrong(own: MailSettings) -> None:
    ImapAccount.objects.create(host="127.0.0.1", port=free_port(), security=Security.NONE, address="in@relay.test")
    (finding,) = about(check_mail(silent), "Incoming mailbox")
    assert finding.grade == Grade.WRONG
    assert "relay.test" not in finding.about


def test_a_listener_that_answers_is_good(own: MailSettings, settings: Settings) -> None:
    with Sink() as sink:
        settings.MAIL_PORT = sink.port
        (finding,) = about(check_mail(silent), "Listener")
    assert finding.grade == Grade.GOOD
    settings.MAIL_PORT = free_port()
    (finding,) = about(check_mail(silent), "Listener")
    assert finding.grade == Grade.WRONG


def test_a_desk_of_one_process_listens_without_a_port_of_its_own(own: MailSettings, settings: Settings) -> None:
    settings.MAIL_PORT, settings.PRODUCTION = 0, False
    (finding,) = about(check_mail(silent), "Listener")
    assert finding.grade == Grade.OPEN
    assert "free port" in finding.words


def test_no_way_in_at_all_is_told(own: MailSettings, settings: Settings) -> None:
    settings.MAIL_PORT, settings.PRODUCTION = 0, True
    findings = check_mail(silent)
    assert about(findings, "Incoming mail")[0].grade == Grade.OPEN
    assert about(findings, "Addresses")[0].grade == Grade.OPEN
    ForwardingAddress.objects.create(address="support@relay.test", group=make_group("support"))
    assert about(check_mail(silent), "Addresses") == []


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def no_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tickets.management.commands.mail_check.check_mail", lambda: check_mail(silent))


def run(*args: str) -> tuple[str, int]:
    out = StringIO()
    try:
        call_command("mail_check", *args, stdout=out, stderr=out)
    except SystemExit as ended:
        return out.getvalue(), int(str(ended.code))
    return out.getvalue(), 0


def test_the_command_says_what_is_wrong_and_ends_with_1(own: MailSettings, no_names: None) -> None:
    said, code = run()
    assert code == 1
    assert "wrong Self-test" not in said
    assert "open  Self-test: No self-test was made yet." in said
    assert "wrong MX: No name server answered." in said
    assert OutgoingMail.objects.count() == 0


def test_the_command_can_send_a_test_which_tells_the_faults(own: MailSettings, no_names: None) -> None:
    said, _code = run("--send")
    assert "A test mail is queued." in said
    assert selftest.latest().state == "waiting"
    assert any("MX" in fault for fault in OutgoingMail.objects.get().facts["findings"])


def test_the_command_has_nothing_to_send_without_a_domain(no_names: None) -> None:
    said, code = run("--send")
    assert code == 1
    assert "does not send mail yet" in said
    assert OutgoingMail.objects.count() == 0


def test_the_command_is_content_when_nothing_is_wrong(own: MailSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tickets.management.commands.mail_check.check_mail", list)
    assert run() == ("\n", 0)
