"""The visitor's address at the desk: masked, and shown for a reason that is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry, Scope, User, UserType
from chatdesk.actions.records import REVEALED_FOR
from chatdesk.contact import masked
from chatdesk.models import Conversation
from tests.accounts.people import signed_in
from tests.chatdesk.desk_doors import address, fragment, html
from tests.factories import Cast, make_conversation

pytestmark = pytest.mark.django_db
EMAIL = "vera.privat@example.org"
MASKED = "v•••@e•••.org"


@pytest.fixture
def held(cast: Cast) -> Conversation:
    return make_conversation(cast.sales_button, operator=cast.alice, email=EMAIL)


def ask(user: User, conversation: Conversation, reason: str = "to send the offer", **facts: Any) -> Any:
    headers = {"HX-Request": "true"}
    return signed_in(user).post(address(conversation, "contact/"), {"reason": reason}, headers=headers, **facts)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (EMAIL, MASKED),
        ("a@b.c", "a•••@b•••.c"),
        ("ann@mail.shop.example.co.uk", "a•••@m•••.uk"),
        ("ann@localhost", "a•••@l•••"),
        ('"a@b"@c.example', '"•••@c•••.example'),
        ("no address", "n•••"),
        ("", ""),
    ],
)
def test_masking_leaves_too_little_to_write_to(written: str, shown: str) -> None:
    assert masked(written) == shown


def test_the_desk_shows_it_masked(cast: Cast, held: Conversation) -> None:
    text = html(fragment(cast.alice, address(held)))
    assert MASKED in text
    assert EMAIL not in text
    assert "What do you need it for?" in text


def test_a_reason_shows_it_and_is_kept(cast: Cast, held: Conversation) -> None:
    answer = ask(cast.alice, held, "  to send\n the offer ", REMOTE_ADDR="192.0.2.3")
    assert answer.status_code == 200
    assert EMAIL in answer.content.decode()
    row = AuditEntry.objects.get(action="contact.reveal")
    assert (row.actor_id, row.object_id, row.address) == (cast.alice.pk, str(held.pk), "192.0.2.3")
    assert row.reason == "to send the offer"
    assert EMAIL not in repr(AuditEntry.objects.values().get(pk=row.pk))


@pytest.mark.parametrize("reason", ["", "  ", "x", "x" * 201])
def test_without_a_reason_it_stays_masked(cast: Cast, held: Conversation, reason: str) -> None:
    answer = ask(cast.alice, held, reason)
    text = answer.content.decode()
    assert EMAIL not in text
    assert 'role="alert"' in text
    assert not AuditEntry.objects.filter(action="contact.reveal").exists()


def test_it_stays_open_an_hour_to_who_asked_and_to_nobody_else(cast: Cast, sam: User, held: Conversation) -> None:
    ask(cast.alice, held)
    assert EMAIL in html(fragment(cast.alice, address(held, "?part=frame")))
    assert EMAIL not in html(fragment(sam, address(held)))
    assert EMAIL not in html(fragment(cast.alice, address(make_conversation(cast.sales_button, email=EMAIL))))


def test_then_it_is_masked_again(cast: Cast, held: Conversation) -> None:
    long_ago = timezone.now() - REVEALED_FOR - timedelta(seconds=1)
    facts: dict[str, Any] = {"actor_id": cast.alice.pk, "object_type": "chatdesk.conversation", "object_id": held.pk}
    AuditEntry.objects.create(action="contact.reveal", at=long_ago, **facts)
    assert EMAIL not in html(fragment(cast.alice, address(held)))


def test_a_permission_that_is_withdrawn_masks_it_at_once(cast: Cast, held: Conversation) -> None:
    ask(cast.alice, held)
    UserType.objects.filter(users=cast.alice).update(contact=Scope.NONE)
    text = html(fragment(cast.alice, address(held)))
    assert EMAIL not in text
    assert "What do you need it for?" not in text
    assert ask(cast.alice, held).status_code == 403


def test_who_may_only_see_the_chat_is_refused(cast: Cast, sam: User) -> None:
    colleagues = make_conversation(cast.sales_button, operator=sam, email=EMAIL)
    answer = ask(cast.alice, colleagues)
    assert answer.status_code == 403
    assert EMAIL not in answer.content.decode()


def test_an_outsider_learns_nothing(cast: Cast, held: Conversation) -> None:
    unknown = held.ref[::-1]
    real = ask(cast.bob, held)
    held.ref = unknown
    never = ask(cast.bob, held)
    assert (real.status_code, real.content) == (404, never.content)
    assert ask(cast.charlie, held).status_code == 403
    assert Client().post(address(held, "contact/"), {"reason": "because"}).status_code == 302
    assert not AuditEntry.objects.filter(action="contact.reveal").exists()


def test_it_is_asked_for_by_post_and_with_the_forms_token(cast: Cast, held: Conversation) -> None:
    browser = signed_in(cast.alice)
    assert browser.get(address(held, "contact/")).status_code == 405
    strict = signed_in(cast.alice, checks=True)
    assert strict.post(address(held, "contact/"), {"reason": "because"}).status_code == 403
    assert not AuditEntry.objects.filter(action="contact.reveal").exists()


def test_nothing_is_asked_for_when_there_is_no_address(cast: Cast) -> None:
    text = html(fragment(cast.alice, address(make_conversation(cast.sales_button, operator=cast.alice))))
    assert "What do you need it for?" not in text
