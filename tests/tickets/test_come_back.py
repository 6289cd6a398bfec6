"""What came meanwhile is told of once, to whom it concerns."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from chatdesk.models import Conversation
from tests.accounts.people import signed_in
from tests.chatdesk.desk_doors import fragment, html, page
from tests.factories import Cast, make_conversation, make_entry, make_present, make_supervisor
from tests.tickets.test_promise import wanted
from tickets.actions import followups, meanwhile
from tickets.models import DeskNews, FollowUp

HEAD = "New messages while you were away"


@pytest.fixture
def left_an_hour_ago(cast: Cast) -> datetime:
    return make_present(cast.alice, seconds=-3600).lease_until


def came(user: User) -> list[tuple[Conversation, int]]:
    return [(one, one.fresh) for one in meanwhile.news_of(user).conversations]  # type: ignore[attr-defined]


def test_what_visitors_wrote_since_is_told_of(cast: Cast, left_an_hour_ago: datetime) -> None:
    before = make_conversation(cast.sales_button)
    make_entry(before, "early", at=left_an_hour_ago - timedelta(minutes=1))
    fresh = make_conversation(cast.sales_button)
    make_entry(fresh, "one")
    make_entry(fresh, "two")
    make_entry(fresh, "an answer", cast.bob)
    make_entry(make_conversation(cast.support_button), "not mine")
    assert came(cast.alice) == [(fresh, 2)]


def test_it_stays_until_it_was_seen_and_never_comes_again(cast: Cast, left_an_hour_ago: datetime) -> None:
    make_entry(make_conversation(cast.sales_button), "one")
    assert len(came(cast.alice)) == 1
    make_present(cast.alice)
    make_entry(make_conversation(cast.sales_button), "while I am here")
    assert len(came(cast.alice)) == 1
    meanwhile.dismiss(cast.alice)
    assert came(cast.alice) == []


def test_the_next_absence_is_told_of_by_itself(cast: Cast, left_an_hour_ago: datetime) -> None:
    make_entry(make_conversation(cast.sales_button), "one", at=left_an_hour_ago + timedelta(minutes=5))
    assert len(came(cast.alice)) == 1
    meanwhile.dismiss(cast.alice)
    DeskNews.objects.update(since=left_an_hour_ago, until=left_an_hour_ago)
    make_present(cast.alice, seconds=-60)
    again = make_conversation(cast.sales_button)
    make_entry(again, "two")
    assert came(cast.alice) == [(again, 1)]


def test_what_was_not_seen_is_kept_over_another_absence(cast: Cast, left_an_hour_ago: datetime) -> None:
    make_entry(make_conversation(cast.sales_button), "one")
    assert len(came(cast.alice)) == 1
    make_present(cast.alice, seconds=-1)
    DeskNews.objects.update(until=timezone.now() - timedelta(minutes=30))
    make_entry(make_conversation(cast.sales_button), "two")
    assert len(came(cast.alice)) == 2


def test_who_was_never_here_is_told_of_what_came_since_they_joined(cast: Cast) -> None:
    make_entry(make_conversation(cast.sales_button), "one")
    assert len(came(cast.alice)) == 1


def test_more_than_a_few_are_counted(cast: Cast) -> None:
    for _ in range(10):
        make_entry(make_conversation(cast.sales_button))
    found = meanwhile.news_of(cast.alice)
    assert (len(found.conversations), found.more) == (8, 2)


def test_the_desk_shows_it_until_seen_is_pressed(cast: Cast) -> None:
    conversation = make_conversation(cast.sales_button, name="Vera")
    make_entry(conversation)
    text = html(page(cast.alice))
    assert HEAD in text
    assert f'href="/desk/conversations/{conversation.ref}/"' in text
    assert HEAD not in html(page(cast.bob))
    answer = signed_in(cast.alice).post("/desk/tickets/news/dismiss/")
    assert HEAD not in answer.content.decode()
    assert HEAD not in html(page(cast.alice))


def test_what_has_not_changed_is_not_drawn_again(cast: Cast) -> None:
    make_entry(make_conversation(cast.sales_button))
    text = html(fragment(cast.alice, "/desk/tickets/news/"))
    mark = text.split("?shown=")[1][:16]
    assert fragment(cast.alice, f"/desk/tickets/news/?shown={mark}").status_code == 204
    meanwhile.dismiss(cast.alice)
    assert HEAD not in html(fragment(cast.alice, f"/desk/tickets/news/?shown={mark}"))


def test_promises_that_are_due_stand_there_for_whom_they_concern(cast: Cast, sam: User) -> None:
    conversation = make_conversation(cast.sales_button, cast.vera, cast.alice)
    made = followups.promise(cast.alice, conversation.ref, wanted(cast.alice, question="When does it come?"))
    assert "When does it come?" not in html(fragment(cast.alice, "/desk/tickets/news/"))
    followups.remind_due(made.promised_for - timedelta(minutes=10))
    assert "When does it come?" in html(fragment(cast.alice, "/desk/tickets/news/"))
    assert "When does it come?" not in html(fragment(sam, "/desk/tickets/news/"))
    FollowUp.objects.update(promised_for=timezone.now() - timedelta(minutes=1))
    followups.remind_due()
    assert "overdue since" in html(fragment(sam, "/desk/tickets/news/"))
    followups.keep(cast.alice, conversation.ref, made.pk)
    assert "When does it come?" not in html(fragment(cast.alice, "/desk/tickets/news/"))


@pytest.fixture
def sam(cast: Cast) -> User:
    return make_supervisor()
