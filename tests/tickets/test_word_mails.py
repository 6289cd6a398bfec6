"""The words around a mail: the usual ones, the desk's own, a group's own; in the reader's language."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from tests.factories import Cast, make_conversation
from tickets.actions import outbox
from tickets.actions.drafting import language_of
from tickets.actions.drafting.wording import USUAL, filled, recorded_notice, usual, wording
from tickets.actions.outbox import MailOff
from tickets.actions.sending.dialogue import End, Result
from tickets.actions.sending.reasons import reason
from tickets.composing.template import names_in
from tickets.models import Correspondent, MailSettings, MailTemplate, OutgoingMail

pytestmark = pytest.mark.django_db
Kind = MailTemplate.Kind


@pytest.fixture
def mail_on() -> None:
    settings = MailSettings.load()
    settings.relay_domain = "relay.test"
    settings.save()


def own(kind: str = Kind.MESSAGE, subject: str = "Ours", **facts: object) -> MailTemplate:
    return MailTemplate.objects.create(kind=kind, subject=subject, body="{text}", **facts)


@pytest.mark.parametrize("kind", MailTemplate.Kind.values)
@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_every_kind_has_usual_words_in_every_language(kind: str, language: str) -> None:
    words = usual(kind, language)
    assert words.subject
    assert words.body
    english = usual(kind, "en")
    assert names_in(words.subject + words.body) == names_in(english.subject + english.body)


def test_the_usual_words_are_complete() -> None:
    assert set(USUAL) == set(MailTemplate.Kind.values)


def test_a_group_s_words_come_before_the_desk_s(cast: Cast) -> None:
    own(subject="The desk's")
    assert wording(Kind.MESSAGE, cast.sales, "en").subject == "The desk's"
    own(subject="Sales'", group=cast.sales)
    assert wording(Kind.MESSAGE, cast.sales, "en").subject == "Sales'"
    assert wording(Kind.MESSAGE, cast.support, "en").subject == "The desk's"
    assert wording(Kind.MESSAGE, None, "en").subject == "The desk's"


def test_the_reader_s_language_comes_before_the_desk_s(cast: Cast) -> None:
    own(subject="English", group=cast.sales)
    own(subject="Deutsch", group=cast.sales, language="de")
    assert wording(Kind.MESSAGE, cast.sales, "de").subject == "Deutsch"
    assert wording(Kind.MESSAGE, cast.sales, "ar").subject == "English"


def test_other_kinds_keep_their_usual_words(cast: Cast) -> None:
    own()
    assert wording(Kind.RETURN_LINK, None, "en") == usual(Kind.RETURN_LINK, "en")


def test_words_are_filled() -> None:
    words = filled(usual(Kind.REMINDER, "en"), {"question": "the price", "name": "Alice", "due": "noon", "link": "x"})
    assert words.subject == "A promise is due: the price"
    assert "Hello Alice" in words.body


def test_the_recording_notice_is_the_owner_s_or_the_usual_one() -> None:
    assert "recorded" in recorded_notice("en")
    MailSettings.load()
    MailSettings.objects.update(recorded_text="Kept for ten years.")
    assert recorded_notice("de") == "Kept for ten years."


# --- languages --------------------------------------------------------------------------------------------------------


def queued(cast: Cast, spoken: str, side: str = "visitor", **facts: object) -> OutgoingMail:
    conversation = make_conversation(cast.sales_button, cast.vera)
    conversation.request.language = spoken
    conversation.request.save()
    to = Correspondent.objects.create(conversation=conversation, side=side, token_hash=f"{side}{conversation.pk}")
    return outbox.queue("notice", conversation=conversation, to=to, facts=dict(facts))


@pytest.mark.parametrize(("asked", "spoken"), [("de", "de"), ("de-at", "de"), ("fr", "en"), ("", "en")])
def test_a_visitor_is_written_to_in_their_language(cast: Cast, mail_on: None, asked: str, spoken: str) -> None:
    assert language_of(queued(cast, asked)) == spoken


def test_people_of_the_desk_are_written_to_in_the_desk_s(cast: Cast, mail_on: None) -> None:
    assert language_of(queued(cast, "de", side="operator")) == "en"
    assert language_of(queued(cast, "de", side="operator", language="ar")) == "ar"


# --- rows -------------------------------------------------------------------------------------------------------------


def test_without_a_domain_nothing_is_queued(cast: Cast) -> None:
    assert not outbox.is_on()
    with pytest.raises(MailOff):
        outbox.queue("notice", conversation=None, address="ada@desk.example")
    assert OutgoingMail.objects.count() == 0


def test_a_row_has_its_id_and_return_path_before_anything_is_sent(cast: Cast, mail_on: None) -> None:
    row = outbox.queue("notice", conversation=None, address="ada@desk.example")
    row.refresh_from_db()
    assert row.message_id.endswith("@relay.test>")
    assert row.verp.startswith("b-")
    assert "ada@desk.example" not in row.sealed_recipient
    assert row.content is None


def test_an_entry_is_mailed_to_somebody_once(cast: Cast, mail_on: None) -> None:
    first = queued(cast, "en")
    facts = {"conversation": first.conversation, "to": first.to, "first_seq": 3}
    outbox.queue("relay", **facts)  # type: ignore[arg-type]
    with pytest.raises(IntegrityError), transaction.atomic():
        outbox.queue("relay", **facts)  # type: ignore[arg-type]


# --- reasons ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (Result(End.REFUSED, 550, "5.1.1 <v@home.test> unknown"), "The address does not exist"),
        (Result(End.REFUSED, 552, "5.2.3 too big for v@home.test"), "mailbox is full"),
        (Result(End.LATER, 451, "4.7.1 greylisted"), "by a rule of the receiving server"),
        (Result(End.REFUSED, 554, "v@home.test: no"), "The mail server refused it. (554)"),
        (Result(End.DOWN, 0, "ConnectionRefusedError"), "can't be reached"),
        (Result(End.UNCERTAIN), "may have arrived"),
    ],
)
def test_a_reason_is_plain_and_names_nobody(result: Result, said: str) -> None:
    words = reason(result)
    assert said in words
    assert "home.test" not in words
