"""X-16 in what people of the desk type beside a conversation: answers, subjects, tags, promises and reasons."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chatdesk import sitelimits
from chatdesk.actions.records import reveal_contact
from chatdesk.models import Conversation
from chatdesk.protocol import Code, Refused
from tests.chatdesk.sensitive.numbers import VISA
from tests.chatdesk.sensitive.test_doors import SHOWN, SPOKEN, bodies, everything, holds_number
from tests.factories import Cast, make_conversation, make_supervisor
from tests.tickets.test_promise import contact, wanted
from tickets.actions import followups, tickets
from tickets.actions.outbox import answers
from tickets.actions.reasons import checked_reason
from tickets.models import FollowUp, PendingAnswer


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    sitelimits.forget()
    yield
    sitelimits.forget()


@pytest.fixture
def chat(cast: Cast) -> Conversation:
    return make_conversation(cast.sales_button, cast.vera, cast.alice)


def test_an_answer_that_can_be_taken_back(chat: Conversation, cast: Cast) -> None:
    kept = answers.answer(cast.alice, chat.ref, f"You wrote {SPOKEN}", "one")
    assert kept.body == f"You wrote {SHOWN}"
    answers.change_answer(cast.alice, kept.pk, f"No: {SPOKEN}")
    assert PendingAnswer.objects.get().body == f"No: {SHOWN}"
    answers.post_due_answers(kept.due_at.replace(year=2100))
    assert f"No: {SHOWN}" in bodies(chat)


def test_the_subject_and_the_tags_of_a_ticket(chat: Conversation, cast: Cast) -> None:
    tickets.make(cast.alice, chat.ref)
    assert tickets.rename(cast.alice, chat.ref, f"Card {SPOKEN}").subject == f"Card {SHOWN}"
    tickets.tag(cast.alice, chat.ref, f"urgent, {VISA}")
    assert not holds_number(everything())


def test_a_promise_and_what_its_contact_is_kept_for(chat: Conversation, cast: Cast) -> None:
    asked = wanted(cast.alice, question=f"Is {SPOKEN} charged?")
    followups.promise(cast.alice, chat.ref, asked)
    assert FollowUp.objects.get().question == f"Is {SHOWN} charged?"
    by_phone = wanted(cast.alice, "phone", contact=contact("+49 170 1234567", reason=f"to ask for {SPOKEN}"))
    followups.promise(cast.alice, chat.ref, by_phone)
    assert FollowUp.objects.latest("pk").reason == f"to ask for {SHOWN}"
    assert not holds_number(everything())


def test_an_address_for_a_promise_with_a_number_in_it(chat: Conversation, cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        followups.promise(cast.alice, chat.ref, wanted(cast.alice, "mail", contact=contact(f"{VISA}@mail.example")))
    assert refused.value.code == Code.FORM


def test_reasons_for_the_record(chat: Conversation, cast: Cast) -> None:
    assert checked_reason(f"it was {SPOKEN}") == f"it was {SHOWN}"
    reveal_contact(make_supervisor(), chat.ref, f"it was {SPOKEN}")
    assert not holds_number(everything())
