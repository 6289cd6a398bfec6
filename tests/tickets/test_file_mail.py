"""A mail that begins a conversation: where it stands, what is shown of it, and what is kept beside."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import OperationalError
from django.utils import timezone

from accounts.sealing import unseal
from chatdesk.models import Conversation, SiteSettings
from chatdesk.protocol import Code, Refused
from chatdesk.querysets import messages_for
from chatdesk.sitelimits import forget
from routing.models import Outcome
from tests.factories import make_button, make_group
from tests.mail.office import SALES, SUPPORT, Office, V, a_mail, entry_of, files, held, letter_of, of, said, token
from tickets import remarks
from tickets.actions import attachments, correspondents
from tickets.actions.newcomers import button_of
from tickets.actions.processing import process, process_due
from tickets.models import Correspondent, ForwardingAddress, Held, IncomingMail, OutgoingMail, Ticket


@pytest.fixture
def office(db: None) -> Office:
    forget()
    return Office()


# --- where it stands -------------------------------------------------------------------------------------------------


def test_it_is_a_message_among_those_of_its_group(office: Office) -> None:
    conversation = of(office.gets(a_mail()))
    assert conversation.group == office.cast.support
    assert conversation.standing == "message"
    assert conversation.request.outcome == Outcome.MESSAGE
    assert list(messages_for(office.cast.bob)) == [conversation]
    assert list(messages_for(office.cast.alice)) == []


def test_it_has_a_ticket_with_the_masked_subject(office: Office) -> None:
    conversation = of(office.gets(a_mail(Subject="Write to v.real@home.test")))
    subject = Ticket.objects.get(conversation=conversation).subject
    assert subject.startswith("Write to ")
    assert "home.test" not in subject


def test_its_sender_is_acknowledged_once(office: Office) -> None:
    raw = a_mail()
    office.gets(raw)
    office.gets(raw)
    mail = OutgoingMail.objects.get(kind="ack")
    assert mail.to is not None
    assert correspondents.address_of(mail.to) == V


def test_an_address_that_does_not_acknowledge_says_nothing(office: Office) -> None:
    ForwardingAddress.objects.update(acknowledges=False)
    office.gets(a_mail())
    assert not OutgoingMail.objects.exists()


def test_an_answer_to_a_token_is_not_acknowledged(office: Office) -> None:
    _talk, vera = office.talk()
    office.gets(a_mail(to=token(vera)), token(vera))
    assert not OutgoingMail.objects.filter(kind="ack").exists()


def test_the_button_is_the_addresses_own_or_one_that_leads_to_its_group(office: Office) -> None:
    cast = office.cast
    address = ForwardingAddress.objects.get(address=SUPPORT)
    assert button_of(address) == cast.support_button
    address.button = cast.sales_button
    assert button_of(address) == cast.sales_button


def test_a_group_that_no_button_leads_to_has_the_default_one(office: Office) -> None:
    address = ForwardingAddress.objects.create(address="x@relay.test", group=make_group("lonely"))
    assert button_of(address) == office.cast.default_button


def test_a_button_that_offers_the_group_is_before_the_default_one(office: Office) -> None:
    group = make_group("offered")
    button = make_button("choice")
    button.choices.add(group)
    assert button_of(ForwardingAddress.objects.create(address="x@relay.test", group=group)) == button


def test_a_desk_without_any_button_keeps_the_mail_for_a_person(office: Office) -> None:
    mail = office.keeps(a_mail())
    office.cast.default_button.delete()
    office.cast.sales_button.delete()
    office.cast.support_button.delete()
    mail = process(mail.pk)
    assert mail.state == "failed"
    assert held(mail) == [Held.Reason.UNREADABLE]
    assert not Conversation.objects.exists()


def test_the_postmaster_is_whoever_has_an_address(office: Office) -> None:
    for name in ("postmaster", "ABUSE"):
        mail = office.gets(a_mail(Message_ID=f"<{name}@home.test>"), f"{name}@relay.test")
        assert of(mail).group == office.cast.support


def test_mail_for_nobody_is_held_and_shown_to_nobody(office: Office) -> None:
    mail = office.gets(a_mail(), "unknown@relay.test")
    assert held(mail) == [Held.Reason.NEW_SENDER]
    assert mail.conversation is None


# --- what is shown ---------------------------------------------------------------------------------------------------


def test_the_senders_name_is_shown_and_never_an_address(office: Office) -> None:
    assert of(office.gets(a_mail(sender="Vera Real <v.real@home.test>"))).name == "Vera Real"
    odd = a_mail(sender='"v.real@home.test" <v.real@home.test>', Message_ID="<2@home.test>")
    assert "home.test" not in of(office.gets(odd)).name


def test_the_entry_is_the_new_words_and_the_quote_is_folded(office: Office) -> None:
    text = "It works now.\n\nOn Monday, Bob wrote:\n> Did you try v.real@home.test?\n"
    mail = office.gets(a_mail(text=text))
    assert entry_of(mail).body == "It works now."
    assert "Did you try" in letter_of(mail).folded
    assert "home.test" not in letter_of(mail).folded
    original = json.loads(unseal(letter_of(mail).sealed_original))
    assert "v.real@home.test" in original["folded"]
    assert letter_of(mail).masked_count > 0


def test_a_text_longer_than_a_message_is_cut_between_lines_and_loses_nothing(office: Office) -> None:
    SiteSettings.objects.update_or_create(pk=1, defaults={"message_limit": 200})
    forget()
    lines = [f"line {n} of many" for n in range(40)]
    mail = office.gets(a_mail(text="\n".join(lines)))
    letter = letter_of(mail)
    assert len(entry_of(mail).body) <= 200
    assert f"{entry_of(mail).body}\n{letter.folded}".split() == "\n".join(lines).split()
    assert remarks.CUT in letter.remarks
    forget()


def test_characters_that_can_not_be_stored_are_left_out(office: Office) -> None:
    raw = a_mail(text="before").replace(b"before", b"be\x00fore")
    assert "\x00" not in entry_of(office.gets(raw)).body


def test_somebody_who_wants_answers_elsewhere_is_marked(office: Office) -> None:
    mail = office.gets(a_mail(Reply_To="other@else.test"))
    assert remarks.ANSWERS_ELSEWHERE in letter_of(mail).remarks
    same = office.gets(a_mail(Reply_To=V, Message_ID="<2@home.test>"))
    assert remarks.ANSWERS_ELSEWHERE not in letter_of(same).remarks


def test_an_address_written_on_purpose_is_masked_and_held(office: Office) -> None:
    mail = office.gets(a_mail(text="Write to new@else.example.com please"))
    assert "else.example.com" not in entry_of(mail).body
    row = Held.objects.get(reason=Held.Reason.ADDRESS_WRITTEN)
    assert (row.entry, row.conversation) == (mail.entry, mail.conversation)


def test_every_remark_has_words() -> None:
    names = {value for name, value in vars(remarks).items() if name.isupper() and isinstance(value, str)}
    assert names == set(remarks.WORDS)
    assert all(str(words).endswith(".") for words in remarks.WORDS.values())


# --- files -----------------------------------------------------------------------------------------------------------


def test_a_kind_of_file_that_is_not_allowed_is_held_and_not_lost(office: Office) -> None:
    SiteSettings.objects.update_or_create(pk=1, defaults={"file_types": ["png"]})
    forget()
    mail = office.gets(a_mail(files={"a.txt": b"a", "b.txt": b"b"}))
    rows = list(Held.objects.filter(incoming=mail).order_by("part"))
    assert [(row.reason, row.name, row.entry) for row in rows] == [
        (Held.Reason.FILE_TYPE, "a.txt", mail.entry),
        (Held.Reason.FILE_TYPE, "b.txt", mail.entry),
    ]
    assert len({row.part for row in rows}) == 2
    assert remarks.FILES_HELD in letter_of(mail).remarks
    assert files(of(mail)) == []
    forget()


def test_storage_that_is_down_puts_the_files_off_and_not_the_words(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_what: object) -> None:
        raise OSError("no room")

    with monkeypatch.context() as patch:
        patch.setattr(default_storage, "save", broken)
        mail = office.gets(a_mail(files={"a.txt": b"a"}))
    assert (mail.state, mail.tries) == ("stored", 1)
    assert len(said(of(mail))) == 1
    IncomingMail.objects.update(due_at=timezone.now())
    process_due()
    assert (len(said(of(mail))), files(of(mail))) == (1, ["a.txt"])


def test_many_files_at_once_are_no_flood(office: Office) -> None:
    names = {f"{n}.txt": b"paper" for n in range(15)}
    assert len(files(of(office.gets(a_mail(files=names))))) == 15


# --- when it fails ---------------------------------------------------------------------------------------------------


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def arrive(_mail: IncomingMail) -> dict[str, Any]:
        raise error

    monkeypatch.setattr("tickets.actions.processing.arrive", arrive)


def test_what_our_own_code_can_not_do_is_held_after_three_tries(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, KeyError("x"))
    mail = office.keeps(a_mail())
    states = [process(mail.pk).state for _n in range(3)]
    assert states == ["stored", "stored", "failed"]
    mail.refresh_from_db()
    assert mail.error == "KeyError"
    assert held(mail) == [Held.Reason.UNREADABLE]


@pytest.mark.parametrize("error", [OperationalError(), OSError(), Refused(Code.BUSY, "later", retry=True)])
def test_what_is_only_away_is_tried_for_ever_and_ever_more_seldom(
    office: Office, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    failing(monkeypatch, error)
    mail = office.keeps(a_mail())
    pauses = []
    for _n in range(12):
        process(mail.pk)
        mail.refresh_from_db()
        pauses.append(round((mail.due_at - timezone.now()).total_seconds()))
    assert mail.state == "stored"
    assert pauses == sorted(pauses)
    assert pauses[0] == 5
    assert pauses[-1] == 900
    assert process_due() == 0


def test_a_mail_that_is_done_is_not_done_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    mail = office.gets(a_mail())
    failing(monkeypatch, KeyError("x"))
    assert process(mail.pk).state == "done"


# --- who corresponds -------------------------------------------------------------------------------------------------


def test_a_visitor_has_one_token_whatever_their_address(office: Office) -> None:
    talk, vera = office.talk()
    again = correspondents.of_visitor(talk, "new@home.test")
    assert (again.pk, token(again)) == (vera.pk, token(vera))
    assert correspondents.address_of(again) == "new@home.test"
    assert not again.is_proven


def test_another_spelling_is_the_same_mailbox(office: Office) -> None:
    assert correspondents.address_hash("V.Real+desk@Home.test") == correspondents.address_hash(V)
    assert correspondents.address_hash("w.real@home.test") != correspondents.address_hash(V)


def test_everybody_has_a_token_of_their_own(office: Office) -> None:
    talk, vera = office.talk()
    bob = correspondents.of_operator(talk, office.cast.bob)
    walt = correspondents.of_third(talk, "walt@home.test", "Walt")
    tokens = {token(each) for each in (vera, bob, walt)}
    assert len(tokens) == 3
    assert [correspondents.find(each.partition("@")[0]) for each in (token(bob), token(walt))] == [bob, walt]
    assert correspondents.of_operator(talk, office.cast.bob) == bob


def test_addresses_are_sealed_in_the_table(office: Office) -> None:
    office.talk()
    row = Correspondent.objects.values().get()
    assert V not in str(row)


def test_the_same_visitor_at_two_addresses_of_ours_is_two_conversations(office: Office) -> None:
    one, two = office.gets(a_mail(), SUPPORT), office.gets(a_mail(to=SALES), SALES)
    assert of(one) != of(two)
    assert token(letter_of(one).sender or vera_of(of(one))) != token(letter_of(two).sender or vera_of(of(two)))


def vera_of(conversation: Conversation) -> Correspondent:
    return Correspondent.objects.get(conversation=conversation)


def test_ended_between_words_and_files_it_is_taken_up_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    talk, vera = office.talk()
    real = attachments.put_all

    def ended_before(shelf: Any, *rest: Any) -> list[int]:
        if not ended:
            ended.append(True)
            Conversation.objects.filter(pk=talk.pk).update(closed_at=timezone.now())
            shelf.conversation.refresh_from_db()
        return real(shelf, *rest)

    ended: list[bool] = []
    monkeypatch.setattr("tickets.actions.delivering.put_all", ended_before)
    mail = office.gets(a_mail(to=token(vera), files={"a.txt": b"a"}), token(vera))
    assert (mail.state, files(talk)) == ("stored", [])
    assert (process(mail.pk).state, files(talk), len(said(talk))) == ("done", ["a.txt"], 1)
    talk.refresh_from_db()
    assert talk.closed_at is None
