"""C-02, C-03: what lets records go earlier needs a second person, a day, and is told to everybody it concerns."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import AuditEntry, User
from chatdesk.protocol import Refused
from tests.factories import Cast, make_admin, make_operator
from tests.transcripts.retention.stage import after, make_full, policy, step
from transcripts.actions.retaining import forecasting, policies, proposing, telling
from transcripts.actions.retaining.forecasting import Forecast
from transcripts.models import Disposition, LogLeaf, Proposal, RetentionMail, RetentionPolicy

State = Proposal.State


def ask(user: User, **facts: object) -> Proposal:
    asked = policies.save_policy(user, RetentionPolicy(**facts), "less to lose")
    assert asked is not None
    return asked


def test_keeping_longer_begins_at_once(cora: User, carl: User) -> None:
    assert policies.save_policy(cora, RetentionPolicy(keep_days=100), "the law says so") is None
    made = RetentionPolicy.objects.get()
    assert (made.keep_days, made.version) == (100, 1)
    made.keep_days = 200
    assert policies.save_policy(cora, made, "a new law") is None
    assert RetentionPolicy.objects.values_list("keep_days", "version").get() == (200, 2)
    assert LogLeaf.objects.filter(kind="policy.changed").count() == 2
    assert AuditEntry.objects.filter(action="retention.policy").count() == 2
    assert RetentionMail.objects.filter(letter="changed").count() == 4  # two changes, two people


def test_c03_deleting_waits_for_a_second_person_and_a_day(cast: Cast, cora: User, carl: User) -> None:
    make_full(cast)
    asked = ask(cora, delete_days=30)
    assert (asked.forecast["whole"], asked.forecast["groups"]) == (1, {"Sales": 1})
    assert asked.forecast["oldest"] == asked.forecast["newest"]
    step(0.5)
    assert not RetentionPolicy.objects.exists()
    approved = proposing.approve(carl, asked.pk)
    assert approved.effective_at is not None
    assert approved.effective_at - timezone.now() > timedelta(hours=23, minutes=59)
    step(0.99)
    assert not RetentionPolicy.objects.exists()
    assert not Disposition.objects.exists()
    step(1.1)
    assert RetentionPolicy.objects.get().delete_days == 30
    assert Disposition.objects.get().state == Disposition.State.QUARANTINED
    leaf = LogLeaf.objects.get(kind="policy.changed")
    assert f'"approver":{carl.pk}' in leaf.data
    assert "less to" not in leaf.data
    assert LogLeaf.objects.filter(kind="disposition.approved").count() == 1


def test_c02_nobody_agrees_to_their_own(cora: User, carl: User) -> None:
    asked = ask(cora, delete_days=30)
    with pytest.raises(Refused, match="yourself"):
        proposing.approve(cora, asked.pk)
    with pytest.raises(IntegrityError), transaction.atomic():  # the database would not take it either
        Proposal.objects.update(decider=cora, state=State.DELAYED)
    assert proposing.approve(carl, asked.pk).state == State.DELAYED
    with pytest.raises(Refused, match="already"):
        proposing.approve(carl, asked.pk)


def test_c01_operators_and_admins_agree_to_nothing(cast: Cast, cora: User) -> None:
    asked = ask(cora, delete_days=30)
    admin = make_admin()
    admin.user_type.opens_transcripts = False  # type: ignore[union-attr]
    for person in (cast.alice, make_operator("oscar"), admin):
        with pytest.raises(Refused, match="compliance staff"):
            proposing.approve(person, asked.pk)
        with pytest.raises(Refused, match="compliance staff"):
            proposing.withdraw(person, asked.pk)
    asked.refresh_from_db()
    assert asked.state == State.WAITING


def test_anybody_of_the_staff_can_stop_it_until_it_is_done(cora: User, carl: User) -> None:
    asked = ask(cora, delete_days=30)
    proposing.approve(carl, asked.pk)
    assert proposing.withdraw(cora, asked.pk).state == State.WITHDRAWN
    step(2)
    assert not RetentionPolicy.objects.exists()
    refused = ask(cora, delete_days=30)
    assert proposing.withdraw(carl, refused.pk).state == State.REFUSED
    with pytest.raises(Refused, match="already"):
        proposing.withdraw(carl, refused.pk)


def test_taking_a_policy_away_is_asked_for_as_well(cora: User, carl: User) -> None:
    made = policy(keep_days=100)
    asked = policies.delete_policy(cora, made, "no longer")
    proposing.approve(carl, asked.pk)
    assert RetentionPolicy.objects.exists()
    step(1.1)
    assert not RetentionPolicy.objects.exists()


def test_what_was_changed_meanwhile_is_not_overwritten(cora: User, carl: User) -> None:
    made = policy(keep_days=100, delete_days=100)
    made.delete_days = 100
    made.keep_days = 50
    asked = policies.save_policy(cora, made, "shorter")
    assert asked is not None
    proposing.approve(carl, asked.pk)
    RetentionPolicy.objects.update(keep_days=99, version=2)
    step(1.1)
    asked.refresh_from_db()
    assert asked.state == State.FAILED
    assert RetentionPolicy.objects.get().keep_days == 99
    doubled = ask(cora, delete_days=30, data="files")
    proposing.approve(carl, doubled.pk)
    policy(data="files", keep_days=1)
    step(2.2)
    doubled.refresh_from_db()
    assert doubled.state == State.FAILED


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({}, "Say for how long"),
        ({"keep_days": 100, "delete_days": 99}, "before the time"),
        ({"data": "nothing", "keep_days": 1}, "no such kind"),
        ({"kind": "fax", "keep_days": 1}, "no such kind"),
        ({"data": "audit", "delete_days": 1}, "never deleted"),
        ({"data": "logins", "kind": "live", "delete_days": 1}, "no group"),
    ],
)
def test_what_can_not_be(cora: User, facts: dict[str, object], why: str) -> None:
    with pytest.raises(Refused, match=why):
        policies.save_policy(cora, RetentionPolicy(**facts), "a reason")
    with pytest.raises(Refused, match="why"):
        policies.save_policy(cora, RetentionPolicy(keep_days=5), "")
    assert not RetentionPolicy.objects.exists()


def test_the_compliance_people_are_told(cast: Cast, cora: User, carl: User) -> None:
    make_full(cast)
    asked = ask(cora, delete_days=30)
    proposing.approve(carl, asked.pk)
    proposing.withdraw(carl, asked.pk)
    assert telling.send_due() == 6
    assert telling.send_due() == 0
    assert {address for each in mail.outbox for address in each.to} == {"cora@desk.example", "carl@desk.example"}
    texts = [str(each.body) for each in mail.outbox]
    assert sum("1 conversation would be put away on" in text for text in texts) == 2
    assert sum("was agreed to" in text for text in texts) == 2
    assert sum("will not happen" in text for text in texts) == 2
    assert all("less to lose" in text for text in texts if "asked for" in text and "agree;" in text)


def test_who_works_at_the_desk_is_not_told(cast: Cast, cora: User) -> None:
    assert telling.compliance_people() == [cora]


def test_an_approval_far_away_in_time_is_done_once(cora: User, carl: User) -> None:
    asked = ask(cora, delete_days=30)
    proposing.approve(carl, asked.pk)
    assert proposing.apply_due(after(2)) == 1
    assert proposing.apply_due(after(3)) == 0
    assert proposing.name_of(asked).startswith("a policy")


def test_what_would_go_is_counted_while_others_write(cora: User, carl: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a large archive that takes seconds: no transaction is open meanwhile, which on SQLite would stop the desk."""
    seen: list[int] = []

    def counted(*args: Any) -> Forecast:
        seen.append(len(connection.savepoint_ids))
        return forecasting.forecast(*args)

    monkeypatch.setattr(policies, "forecast", counted)
    outside = len(connection.savepoint_ids)
    ask(cora, delete_days=30)
    made = RetentionPolicy.objects.create(keep_days=10)
    policies.delete_policy(cora, made, "no longer")
    assert seen == [outside, outside]


def test_a_policy_that_changed_meanwhile_is_decided_anew(
    cora: User, carl: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Longer than what it was is shorter than what it has become: then a second person is asked after all."""
    made = RetentionPolicy.objects.create(keep_days=10)
    mine = RetentionPolicy.objects.get()
    mine.keep_days = 20
    stored = policies._stored

    def late(*args: Any) -> bool:
        if not Proposal.objects.exists() and made.keep_days != 90:
            made.keep_days, made.version = 90, 2
            made.save()
        return stored(*args)

    monkeypatch.setattr(policies, "_stored", late)
    assert policies.save_policy(cora, mine, "longer") is not None
    assert RetentionPolicy.objects.get().keep_days == 90
