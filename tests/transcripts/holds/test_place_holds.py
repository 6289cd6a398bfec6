"""What a hold finds, now and later, and what is kept by it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEntry, User
from chatdesk.actions.erasing import erase
from chatdesk.models import Conversation
from chatdesk.protocol import Refused
from tests.factories import Cast, make_conversation, make_entry
from tests.transcripts.holds.conftest import Places
from tests.transcripts.retention.stage import MARKER, make_full, policy, step
from transcripts import holds
from transcripts.actions import holding
from transcripts.actions.finding import conversation_ids
from transcripts.models import HoldMatch, LogLeaf, Matter, Purpose
from transcripts.query import Query
from transcripts.words import Unclear


def held() -> set[int]:
    return set(HoldMatch.objects.values_list("conversation_id", flat=True))


def test_each_search_holds_what_it_finds(cast: Cast, places: Places) -> None:
    sales = make_conversation(cast.sales_button, cast.vera, cast.alice)
    support = make_conversation(cast.support_button, cast.walt, email="walt@home.example")
    other = make_conversation(cast.support_button)
    place = places("group:sales", "visitor:walt@home.example")
    assert held() == {sales.pk, support.pk}
    assert dict(place.matches.values_list("conversation", "scope")) == {sales.pk: 0, support.pk: 1}
    assert holds.held([sales.pk, support.pk, other.pk]) == {
        sales.pk: ["2026-014 · The coats"],
        support.pk: ["2026-014 · The coats"],
    }


def test_by_words_dates_people_and_single_conversations(cast: Cast, places: Places) -> None:
    said = make_conversation(cast.sales_button, cast.vera)
    make_entry(said, "the torn jacket")
    answered = make_conversation(cast.sales_button, cast.walt, cast.alice)
    alone = make_conversation(cast.sales_button)
    year = timezone.now().year
    places('"torn jacket"', name="words")
    places(f"operator:{cast.alice.display_name} from:{year}-01-01", name="people")
    places(f"ref:{alone.ref}", name="one")
    assert {pk: names[0].split()[-1] for pk, names in holds.held([said.pk, answered.pk, alone.pk]).items()} == {
        said.pk: "words",
        answered.pk: "people",
        alone.pk: "one",
    }


def test_what_comes_later_is_found_before_and_by_the_sweep(cast: Cast, places: Places) -> None:
    places("refund")
    late = make_conversation(cast.sales_button)
    assert holds.held([late.pk]) == {}
    make_entry(late, "I want a refund")
    assert list(holds.held([late.pk])) == [late.pk], "asked before anything goes: the sweep has not run yet"
    assert held() == set()
    assert holding.follow_all() == 1
    assert held() == {late.pk}
    assert holding.follow_all() == 0


def test_found_once_is_held_although_the_words_go(cast: Cast, places: Places) -> None:
    chat = make_conversation(cast.sales_button, name="Vera Visitor")
    places('visitor:"Vera Visitor"')
    Conversation.objects.filter(pk=chat.pk).update(name="")
    chat.participants.update(name="")
    assert conversation_ids(Query.parse('visitor:"Vera Visitor"')).count() == 0
    assert list(holds.held([chat.pk])) == [chat.pk]


def test_who_is_renamed_is_still_meant(cast: Cast, places: Places) -> None:
    places(f"operator:{cast.alice.email}")
    User.objects.filter(pk=cast.alice.pk).update(display_name="Alicia", email="alicia@desk.example")
    later = make_conversation(cast.sales_button, cast.vera, cast.alice)
    assert list(holds.held([later.pk])) == [later.pk]


def test_a_visitor_who_gave_an_address_once_is_meant(cast: Cast, places: Places) -> None:
    make_conversation(cast.sales_button, cast.vera, email="vera@home.example")
    places("visitor:vera@home.example")
    without = make_conversation(cast.support_button, cast.vera)
    assert list(holds.held([without.pk])) == [without.pk]


def test_its_visitor_can_not_delete_it_and_learns_nothing_of_the_matter(cast: Cast, places: Places) -> None:
    chat = make_full(cast, cast.vera)
    places(f"ref:{chat.ref}")
    with pytest.raises(Refused) as refused:
        erase(chat)
    assert "kept by law" in refused.value.detail
    assert "coats" not in refused.value.detail
    chat.refresh_from_db()
    assert chat.erased_at is None


def test_what_is_due_stays_while_it_is_held(cast: Cast, places: Places) -> None:
    chat, other = make_full(cast, cast.vera), make_full(cast, cast.walt)
    policy(delete_days=30)
    places(f"ref:{chat.ref}")
    step(0)
    step(31)
    assert list(Conversation.objects.all()) == [chat]
    assert not Conversation.objects.filter(pk=other.pk).exists()


def test_a_hold_brings_back_what_was_put_away(cast: Cast, places: Places) -> None:
    chat = make_full(cast, cast.vera)
    policy(delete_days=30)
    step(0)
    chat.refresh_from_db()
    assert chat.hidden_at is not None
    places(MARKER)
    step(1)
    step(40)
    chat.refresh_from_db()
    assert chat.hidden_at is None


def test_what_nobody_may_hold(cast: Cast, places: Places, matter: Matter, purpose: Purpose, cora: User) -> None:
    for text, words in (("", "at least one"), ("zone:Europe/Berlin", "every conversation"), ("from:yesterday", "date")):
        with pytest.raises(Unclear, match=words):
            holding.scopes_of(text)
    with pytest.raises(Unclear, match="at most"):
        holding.scopes_of("\n".join(f"word{n}" for n in range(holding.MOST_SCOPES + 1)))
    with pytest.raises(Refused):
        holding.place(cora, purpose, matter.pk, name="No reason", scopes=["refund"], reason=" ")
    Matter.objects.update(closed_at=timezone.now())
    with pytest.raises(Refused, match="closed"):
        places("refund")


def test_placing_and_widening_are_on_record(cast: Cast, places: Places, cora: User, purpose: Purpose) -> None:
    one = make_conversation(cast.sales_button)
    place = places(f"ref:{one.ref}")
    two = make_conversation(cast.support_button)
    holding.widen(cora, purpose, place.pk, holding.scopes_of(f"ref:{two.ref}\nref:{one.ref}"))
    assert held() == {one.pk, two.pk}
    leaves = LogLeaf.objects.filter(kind__startswith="hold.").order_by("index")
    assert [leaf.kind for leaf in leaves] == ["hold.created", "hold.changed"]
    assert "coats" not in "".join(leaf.data for leaf in leaves)
    noted = AuditEntry.objects.filter(action__startswith="transcripts.hold.").order_by("pk")
    assert [row.action for row in noted] == ["transcripts.hold.place", "transcripts.hold.widen"]
    assert all("coats" not in row.object_name for row in noted)


def test_without_holds_two_questions_are_asked(db: None) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert holding.held_by([1, 2, 3]) == {}
    assert len(asked) == 2
    with CaptureQueriesContext(connection) as asked:
        assert holding.held_by([]) == {}
    assert len(asked) == 0
