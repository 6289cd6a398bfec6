"""B: what stands in the headers of a mail that leaves, and what never does."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest

from chatdesk.models import Conversation
from tests.mail.letters import letter
from tests.mail.people import RELAY, O, V, X
from tests.mail.sent import only, parsed, rows, said
from tests.mail.world import World
from tickets.actions import correspondents
from tickets.actions.outbox import queue_due
from tickets.actions.sending import send_due
from tickets.composing.ids import signed_conversation
from tickets.models import MailSettings, OutgoingMail

ALLOWED = {
    "from", "to", "subject", "date", "message-id", "in-reply-to", "references", "mime-version", "dkim-signature",
    "content-type", "content-transfer-encoding", "content-disposition", "content-id",
}  # fmt: skip
FOREIGN = {
    "Received": "from laptop.v-house.test (laptop.v-house.test [198.51.100.23]) by mx.google.test; Sun, 22 Nov 2026",
    "DKIM-Signature": "v=1; d=home.test; s=a; b=AAAA; i=v.real@home.test",
    "ARC-Seal": "i=1; d=home.test; b=AAAA",
    "ARC-Authentication-Results": "i=1; mx.google.test; spf=pass smtp.mailfrom=v.real@home.test",
    "X-Originating-IP": "[198.51.100.23]",
    "X-Mailer": "Pigeon on laptop.v-house.test",
    "User-Agent": "Pigeon 7",
    "Thread-Index": "AdX5laptop",
    "Sender": "v.real@home.test",
    "Return-Path": "<v.real@home.test>",
    "Errors-To": "v.real@home.test",
    "Resent-From": "v.real@home.test",
    "X-Google-Original-From": "v.real@home.test",
    "Delivered-To": "v.real@home.test",
    "Autocrypt": "addr=v.real@home.test; keydata=AAAA",
    "Organization": "home.test",
    "Face": "iVBORw0KGgo=",
    "List-Unsubscribe-Post": "v.real@home.test",
}


def names(raw: bytes) -> set[str]:
    """Every header's name, of the mail and of all its parts."""
    return {name.lower() for part in parsed(raw).walk() for name, _value in part.items()}


def test_b1_only_headers_of_our_own(world: World) -> None:
    """List-* would make it a machine's; the others are a person's."""
    headers = {name: value for name, value in FOREIGN.items() if not name.startswith("List-")}
    world.receives(letter(text="Is the lamp in stock?", headers=headers), to=world.t_v)
    mail = only(world)
    assert mail.recipient == O.address
    assert names(mail.raw) <= ALLOWED
    assert "Is the lamp in stock?" in said(mail.raw)
    assert world.leaks("O") == []
    for foreign in (b"Pigeon", b"AdX5laptop", b"keydata", b"google"):
        assert foreign not in mail.raw


def test_b1_a_mailing_list_s_headers_don_t_pass_either(world: World) -> None:
    world.receives(letter(headers={"List-Id": "<dolls.home.test>", "List-Post": "<mailto:v.real@home.test>"}))
    assert all(not name.startswith("list-") for mail in world.out() for name in names(mail.raw))


def test_b2_no_trace_of_who_sent_it_or_from_where(world: World) -> None:
    """The server that takes our mail is told our mail domain, and nothing of this machine or of the operator."""
    world.answers("It is.")
    mail = only(world)
    assert mail.sender.startswith("b-")
    assert mail.sender.endswith(f"@{RELAY}")
    whole = mail.raw.decode()
    assert "Received:" not in whole
    assert "127.0.0.1" not in whole
    assert parsed(mail.raw)["Message-ID"].endswith(f"@{RELAY}>")


def test_b3_the_date_is_ours_and_in_utc(world: World) -> None:
    world.receives(letter(headers={"Date": "Fri, 20 Nov 2026 03:04:05 +0530"}), to=world.t_v)
    written = parsed(only(world).raw)["Date"]
    assert written.endswith("+0000")
    assert abs(parsedate_to_datetime(written) - datetime.now(UTC)) < timedelta(minutes=1)


def test_b4_only_ids_of_ours_and_one_thread(world: World) -> None:
    foreign = " ".join(f"<v.real@home.test-{number}@laptop>" for number in range(8))
    headers = {"References": foreign, "In-Reply-To": "<v.real@home.test-7@laptop>"}
    world.receives(letter(headers=headers, message_id="<v.real@home.test-9@laptop.v-house.test>"), to=world.t_v)
    world.out()
    world.receives(letter(text="And another thing."), to=world.t_v)
    world.out()
    first, second = (parsed(raw) for raw in world.to(O))
    for mail in (first, second):
        ids = " ".join(str(mail[name] or "") for name in ("Message-ID", "In-Reply-To", "References"))
        found = re.findall(r"<[^>]+>", ids)
        assert found
        assert {signed_conversation(each) for each in found} == {world.conversation.ref}
    assert second["In-Reply-To"] == first["Message-ID"]
    assert set(first["References"].split()) <= set(second["References"].split())
    assert first["Subject"] == second["Subject"]


@pytest.mark.parametrize(
    "name", ["v.real@home.test", "=?utf-8?q?v=2Ereal=40home=2Etest?=", "Vera\r\nBcc: x.real@stranger.test"]
)
def test_b5_a_name_that_is_an_address_is_not_shown(world: World, name: str) -> None:
    """Whatever a visitor calls themselves: the reader sees an alias, in one header line."""
    Conversation.objects.filter(pk=world.conversation.pk).update(name=name)
    world.writes("Hello?")
    mail = only(world)
    sender = parsed(mail.raw)["From"].addresses[0]
    assert sender.addr_spec == world.t_o
    assert "home.test" not in mail.raw.decode()
    assert parsed(mail.raw)["Bcc"] is None
    assert sender.display_name


def test_b6_who_else_was_named_gets_nothing(world: World) -> None:
    """Operator answers by mail, with a stranger in Cc and a normal address in To."""
    headers = {"Cc": X.mailbox, "To": f"{world.t_o}, {X.address}"}
    world.receives(letter(O, "Here you are.", to=world.t_o, headers=headers), to=world.t_o, by=O)
    (mail,) = world.out()
    assert mail.recipient == V.address
    assert parsed(mail.raw)["Cc"] is None
    assert [each.addr_spec for each in parsed(mail.raw)["To"].addresses] == [V.address]
    assert world.leaks("V") == []


def test_b7_an_answer_to_a_third_party_is_theirs_alone(world: World) -> None:
    third = correspondents.of_third(world.conversation, X.address, X.name)
    world.receives(letter(X, "I am the carrier."), to=world.token(third), by=X)
    world.out()
    world.sink.taken.clear()
    world.answers("When do you deliver?")
    mail = only(world)
    assert mail.recipient == X.address
    assert parsed(mail.raw)["From"].addresses[0].addr_spec == world.token(third)
    assert world.to(V) == []


def test_b7_and_the_visitor_s_next_word_is_answered_to_the_visitor(world: World) -> None:
    third = correspondents.of_third(world.conversation, X.address, X.name)
    world.receives(letter(X, "I am the carrier."), to=world.token(third), by=X)
    world.receives(letter(V, "Any news?"), to=world.t_v)
    world.out()
    world.sink.taken.clear()
    world.answers("Tomorrow.")
    assert only(world).recipient == V.address


def test_b7_an_answer_by_mail_goes_to_who_wrote_what_it_answers(world: World) -> None:
    """The mail that is answered decides, not what came last."""
    third = correspondents.of_third(world.conversation, X.address, X.name)
    world.receives(letter(X, "I am the carrier."), to=world.token(third), by=X)
    world.out()
    asked = parsed(world.to(O)[-1])["Message-ID"]
    world.receives(letter(V, "Any news?"), to=world.t_v)
    world.out()
    world.sink.taken.clear()
    headers = {"In-Reply-To": asked, "References": asked}
    world.receives(letter(O, "At which door?", to=world.t_o, headers=headers), to=world.t_o, by=O)
    assert [mail.recipient for mail in world.out()] == [X.address]


def test_b8_requests_for_receipts_don_t_pass(world: World) -> None:
    headers = dict.fromkeys(("Reply-To", "Return-Receipt-To", "Disposition-Notification-To"), V.address)
    world.receives(letter(headers=headers), to=world.t_v)
    (mail,) = world.out()
    assert names(mail.raw) <= ALLOWED
    assert b"disposition-notification" not in mail.raw.lower()
    assert world.to(V) == []  # and nobody answers one


def test_b9_the_subject_holds_no_address(world: World) -> None:
    world.receives(letter(subject="Re: write to v.real@home.test, not to o.real@va.test"), to=world.t_v)
    world.answers("Yes.")
    subjects = {mail.recipient: parsed(mail.raw)["Subject"] for mail in world.out()}
    assert set(subjects) == {V.address, O.address}
    assert all("write to" in subject for subject in subjects.values())
    assert "home.test" not in subjects[O.address]
    assert "va.test" not in subjects[V.address]


def test_b12_a_file_s_name_is_masked_in_both_headers(world: World) -> None:
    name = "report_v.real@home.test.pdf"
    world.writes(files=[(name, "application/pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")])
    (mail,) = world.out()
    shown = [part for part in parsed(mail.raw).walk() if part.get_filename()]
    for part in shown:
        assert part.get_filename() == part.get_param("name") or str(part.get_filename()).endswith(".pdf")
        assert "home.test" not in part.as_string()
    assert b"home.test" not in mail.raw


def test_both_sides_are_told_that_it_is_recorded(world: World) -> None:
    world.writes("A question.")
    world.answers("An answer.")
    world.out()
    for raw in (*world.to(V), *world.to(O)):
        assert "is recorded" in said(raw)


def test_the_notice_about_recording_is_the_owner_s(world: World) -> None:
    MailSettings.objects.update(recorded_text="We keep this for ten years.")
    world.answers("An answer.")
    text = said(only(world).raw)
    assert "We keep this for ten years." in text
    assert "is recorded" not in text


def test_f10_a_person_s_answer_is_not_marked_as_a_machine_s(world: World) -> None:
    world.answers("It is.")
    mail = parsed(only(world).raw)
    for name in ("Auto-Submitted", "Precedence", "X-Auto-Response-Suppress", "X-Desk-Relay", "List-Id"):
        assert mail[name] is None


def test_f10_a_notice_is_marked_as_a_machine_s(world: World) -> None:
    world.receives(letter())  # a new conversation, which is acknowledged
    (row,) = rows(OutgoingMail.Kind.ACKNOWLEDGEMENT)
    world.out()
    mails = [parsed(raw) for raw in world.to(V)]
    (notice,) = [mail for mail in mails if mail["Message-ID"] == row.message_id]
    assert notice["Auto-Submitted"] == "auto-replied"
    assert notice["Precedence"] == "auto_reply"
    assert notice["X-Auto-Response-Suppress"] == "All"
    assert notice["X-Desk-Relay"]


def test_the_html_says_what_the_text_says(world: World) -> None:
    world.answers("5 < 6 & <b>7</b>\n\n{team} stays as it is")
    mail = parsed(only(world).raw)
    html = mail.get_body(("html",))
    assert html is not None
    assert "5 &lt; 6 &amp; &lt;b&gt;7&lt;/b&gt;" in html.get_content()
    assert "{team} stays as it is" in html.get_content()
    assert "{team} stays as it is" in said(world.to(V)[0])


def test_nothing_is_sent_twice_by_looking_twice(world: World) -> None:
    world.answers("Once.")
    assert len(world.out()) == 1
    assert queue_due() == 0
    assert send_due() == 0
    assert len(world.out()) == 1
