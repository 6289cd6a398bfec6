"""What is said to come of a proposal: never sooner than the day that is said, and all that is due is named."""

from __future__ import annotations

from datetime import timedelta

from axes.models import AccessAttempt
from django.utils import timezone
from django.utils.translation import override

from accounts.models import User
from chatdesk.models import Conversation
from tests.factories import Cast
from tests.transcripts.retention.stage import after, make_full, step
from transcripts.actions import holding
from transcripts.actions.retaining import policies, proposing
from transcripts.actions.retaining.foretelling import day
from transcripts.models import Disposition, LegalHold, Matter, Proposal, Purpose, RetentionMail, RetentionPolicy


def ask(user: User, **facts: object) -> Proposal:
    asked = policies.save_policy(user, RetentionPolicy(**facts), "less to lose")
    assert asked is not None
    return asked


def in_a_day(days: float = 0) -> str:
    return day(timezone.now() + timedelta(days=1 + days))


def test_whole_conversations_with_both_days(cast: Cast, cora: User) -> None:
    for _chat in range(2):
        make_full(cast)
    (said,) = proposing.foretold(ask(cora, delete_days=30))
    assert said == (
        f"2 conversations would be put away on {in_a_day()} at the earliest, and destroyed on {in_a_day(30)}."
    )


def test_once_agreed_to_the_days_stand_fast_and_are_kept(cast: Cast, cora: User, carl: User) -> None:
    make_full(cast)
    agreed = proposing.approve(carl, ask(cora, delete_days=30).pk)
    assert agreed.effective_at is not None
    begins, ends = agreed.effective_at, agreed.effective_at + timedelta(days=30)
    (said,) = proposing.foretold(agreed)
    assert said.endswith(f"put away on {day(begins)} at the earliest, and destroyed on {day(ends)}.")
    step(0.99)
    assert not Disposition.objects.exists()
    step(1.1)
    assert Disposition.objects.get().destroy_at >= ends
    step(30.9)
    assert Conversation.objects.exists()


def test_a_part_is_named(cast: Cast, cora: User) -> None:
    make_full(cast)
    (said,) = proposing.foretold(ask(cora, data="files", delete_days=30))
    assert said == f"Of 1 conversation a part would be deleted on {in_a_day(30)} at the earliest: files."


def test_what_belongs_to_no_conversation_goes_at_once_and_for_good(cora: User) -> None:
    tried = AccessAttempt.objects.create(username="x", ip_address="192.0.2.1", failures_since_start=1)
    AccessAttempt.objects.filter(pk=tried.pk).update(attempt_time=after(-60))
    (said,) = proposing.foretold(ask(cora, data="logins", delete_days=30))
    assert said.endswith(f": 1 would be deleted on {in_a_day()}, and can't be brought back.")


def test_what_is_not_due_yet_is_not_made_larger(cast: Cast, cora: User) -> None:
    make_full(cast)
    assert proposing.foretold(ask(cora, delete_days=5000)) == ["Nothing is due by it yet."]


def test_a_release_lets_policies_count_again_a_month_later(cast: Cast, cora: User, matter: Matter) -> None:
    chat = make_full(cast)
    purpose = Purpose.objects.create(user=cora, session="s", matter=matter)
    for name in ("One", "Two"):
        holding.place(cora, purpose, matter.pk, name=name, scopes=[f"ref:{chat.ref}"], reason="a letter")
    one, two = LegalHold.objects.order_by("pk")
    asked = holding.ask_release(cora, purpose, one.pk, "the case is over")
    assert proposing.foretold(asked) == ["It holds nothing that no other hold keeps."]
    LegalHold.objects.filter(pk=one.pk).update(released_at=after(-40))
    (said,) = proposing.foretold(holding.ask_release(cora, purpose, two.pk, "the case is over"))
    assert said == f"1 conversation is held by nothing else. From {in_a_day(30)} on its policies count again."


def test_mails_are_in_one_language_whoever_asks(cast: Cast, cora: User) -> None:
    make_full(cast)
    with override("de"):
        ask(cora, delete_days=30)
    facts = RetentionMail.objects.get().facts
    assert facts["what"] == "a policy that lets records go earlier"
    assert facts["foretold"].startswith("1 conversation would be put away on ")
