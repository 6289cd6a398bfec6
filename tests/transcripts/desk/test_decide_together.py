"""Two people at the compliance desk at once, and one who presses twice: one outcome, said to both."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry, User
from tests.attacks.racing import at_once
from tests.factories import Cast, make_compliance
from tests.transcripts.browsers import comes_in
from tests.transcripts.desk.everything import Everything
from tests.transcripts.exporting.archive import exported, talked
from transcripts.actions import holding, matters, purposes
from transcripts.actions.exporting import deciding
from transcripts.actions.exporting.asking import NotPossible, Wanted, ask
from transcripts.models import AskedSearch, Export, ExportRules, ExportState, Matter, Proposal, Purpose, SavedSearch

both_at_once = pytest.mark.django_db(transaction=True)
NEW = {"number": "2026-100", "name": "Coats", "note": ""}


def purpose_of(user: User) -> Purpose:
    return purposes.say(user, f"session of {user.pk}", None, "review of May")


@both_at_once
def test_one_number_opens_one_matter_whoever_was_first() -> None:
    people = [make_compliance(name) for name in ("cora", "carl", "cleo")]
    reasons = [purpose_of(user) for user in people]

    def opens(place: int) -> object:
        try:
            return matters.open_matter(people[place], reasons[place], "2026-100", "Coats", "")
        except matters.NotPossible as refused:
            return str(refused)

    outcomes = at_once(*(lambda place=place: opens(place) for place in range(3)))
    assert sum(isinstance(each, Matter) for each in outcomes) == 1
    assert Matter.objects.filter(number="2026-100").count() == 1
    assert {str(each) for each in outcomes if not isinstance(each, Matter)} == {
        "There is a matter of this number already."
    }


def test_who_comes_second_is_told_beside_the_form(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The form had looked before the other one was there."""
    desk.post("/transcripts/matters/", NEW)
    monkeypatch.setattr("transcripts.views.matters.MatterForm.clean_number", lambda form: form.cleaned_data["number"])
    answer = desk.post("/transcripts/matters/", NEW)
    assert answer.status_code == 422
    assert "There is a matter of this number already." in answer.content.decode()
    assert Matter.objects.filter(number=NEW["number"]).count() == 1


@both_at_once
def test_a_name_kept_at_once_has_a_version_for_each() -> None:
    cora = make_compliance()
    why, matter = purpose_of(cora), Matter.objects.create(number="1", name="x", created_by=cora)
    asked = AskedSearch.objects.create(purpose=why, query="torn", conversations=0, texts=0, first=[])
    at_once(*[lambda: matters.keep(cora, why, asked, matter.pk, "Coats")] * 4)
    assert sorted(SavedSearch.objects.values_list("version", flat=True)) == [1, 2, 3, 4]


@both_at_once
def test_of_two_who_decide_about_an_export_one_has_decided() -> None:
    cora, carl, cleo = (make_compliance(name) for name in ("cora", "carl", "cleo"))
    ExportRules.load()
    export = ask(Wanted(), cora)
    Export.objects.update(state=ExportState.WAITING)

    def decides(deed: str, by: User) -> str:
        try:
            deciding.approve(export, by) if deed == "yes" else deciding.refuse(export, by, "no")
        except NotPossible:
            return "late"
        return deed

    outcomes = at_once(lambda: decides("yes", carl), lambda: decides("no", cleo))
    assert outcomes.count("late") == 1
    export.refresh_from_db()
    assert export.state == (ExportState.QUEUED if "yes" in outcomes else ExportState.REFUSED)
    assert (
        AuditEntry.objects.filter(action__in=["transcripts.export.approve", "transcripts.export.refuse"]).count() == 1
    )


def test_who_asked_decides_nothing_whatever_they_press(cast: Cast, cora: User, desk: Client, other: Client) -> None:
    """C-02: neither by the export's page nor by a second browser of their own."""
    ExportRules.load()
    ExportRules.objects.update(approve_above=0)
    talked(cast, "what was said")
    export = exported(cora)
    assert export.state == ExportState.WAITING
    page = f"/transcripts/exports/{export.ref}/"
    for browser in (desk, comes_in(cora)):
        for deed in ("approve", "refuse", "resume", "acknowledge"):
            browser.post(f"{page}act/", {"act": deed, "reason": "mine", "manifest": ""})
            export.refresh_from_db()
            assert export.state == ExportState.WAITING, deed
    assert desk.get(f"{page}volumes/1/").status_code == 404
    other.post(f"{page}act/", {"act": "refuse", "reason": "too wide"})
    late = comes_in(make_compliance("cleo")).post(f"{page}act/", {"act": "approve"}, follow=True)
    assert "moved on meanwhile" in late.content.decode()
    export.refresh_from_db()
    assert export.state == ExportState.REFUSED


def test_a_release_is_asked_for_once_however_often_it_is_pressed(
    desk: Client, other: Client, everything: Everything
) -> None:
    Proposal.objects.all().delete()
    page = f"/transcripts/holds/{everything.hold.pk}/release/"
    for browser in (desk, desk, other):
        browser.post(page, {"reason": "the case is over"})
    assert Proposal.objects.filter(verb="hold.release").count() == 1
    number = Proposal.objects.get().pk
    desk.post(f"/transcripts/retention/proposals/{number}/", {"agree": "1"})
    assert Proposal.objects.get().state == Proposal.State.WAITING, "C-02"
    for _twice in range(2):
        other.post(f"/transcripts/retention/proposals/{number}/", {"agree": "1"})
    assert Proposal.objects.get().state == Proposal.State.DELAYED
    assert AuditEntry.objects.filter(action="retention.approve").count() <= 1


def test_a_matter_closed_meanwhile_ends_what_is_read_for_it(
    desk: Client, other: Client, everything: Everything, matter: Matter
) -> None:
    reading = f"/transcripts/conversations/{everything.chat.ref}/"
    assert desk.get(reading).status_code == 200
    other.post(f"/transcripts/matters/{matter.pk}/change/")
    for path in everything.paths():
        answer = desk.get(path)
        if not path.endswith("/purpose/"):
            assert answer.status_code in (302, 405), path
            assert answer.status_code == 405 or "/transcripts/purpose/" in answer.headers["Location"], path
    kept = desk.post(reading, {"reason": "x"})
    assert kept.status_code in (302, 405)


def test_closed_twice_it_is_noted_once(desk: Client, cora: User, carl: User, matter: Matter) -> None:
    for user in (cora, carl, cora):
        matters.close_matter(user, purpose_of(user), matter.pk)
    assert AuditEntry.objects.filter(action="transcripts.matter.close").count() == 1
    first = Matter.objects.get(pk=matter.pk).closed_at
    assert first is not None
    assert first <= timezone.now()


def test_the_form_that_was_open_longest_writes_over_nobody(desk: Client, other: Client, everything: Everything) -> None:
    """A hold only grows: what one added stands when the other sends an older page."""
    page = f"/transcripts/holds/{everything.hold.pk}/"
    other.post(page, {"scopes": "refund"})
    desk.post(page, {"scopes": "torn"})
    everything.hold.refresh_from_db()
    assert [each for each in everything.hold.scopes if each in ("refund", "torn")] == ["refund", "torn"]
    assert len(holding.preview(everything.hold.scopes)) == 3


def test_a_reader_who_is_locked_out_between_two_pages_reads_no_second(
    desk: Client, everything: Everything, cora: User
) -> None:
    number = AuditEntry.objects.filter(action="transcripts.read").count()
    User.objects.filter(pk=cora.pk).update(is_active=False)
    for path in everything.paths():
        answer = desk.get(path)
        assert answer.status_code in (302, 403, 405), path
        assert not re.search(r"torn coat", answer.content.decode()), path
    assert AuditEntry.objects.filter(action="transcripts.read").count() == number
