"""A day at the compliance desk, from the hold to the destruction, told step by step to whoever looks on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.browser.stage import run_inside
from tests.browser.story.compliance import ComplianceWindow, verify
from tests.services.product import Product

HELD = "group:sales refund"
FORMATS = ["jsonl", "pdf", "csv-safe"]
OLD_DAYS = 400
# A day later: what two people agreed to is in force, and the job of the night has run.
A_DAY_LATER = """
from datetime import timedelta
from django.db.models import F
from transcripts.actions.retaining.clock import database_now
from transcripts.actions.retaining.running import run
from transcripts.models import Proposal, RetentionRun
Proposal.objects.filter(state="delayed").update(effective_at=F("effective_at") - timedelta(days=2))
RetentionRun.objects.update(begun_at=F("begun_at") - timedelta(days=2))
run(database_now())
"""
MINUTES_LATER = """
from transcripts.tasks import keep_and_destroy, tend_requests
keep_and_destroy()
tend_requests()
"""
FREE = "group:support -refund"
Step = Callable[[str], None]


def holds_and_searches(cora: ComplianceWindow, step: Step) -> str:
    """The reference of a held conversation, which lies open."""
    cora.opens_matter("2026-014", "Refunds that were promised")
    cora.holds("Refunds of sales", HELD, "a letter from a lawyer")
    step("hold")
    cora.searches(HELD)
    step("search")
    ref = cora.reads_first()
    step("reading")
    return ref


def redacts(cora: ComplianceWindow, step: Step) -> None:
    """A word in the open conversation."""
    cora.redacts("refund")
    step("redaction")


def answers_request(cora: ComplianceWindow, colin: ComplianceWindow, product: Product, held: str, step: Step) -> str:
    """Somebody wants all of theirs erased: one may go, one is held. The reference of the one that goes."""
    cora.searches(FREE)
    free = cora.reads_first()
    request = cora.takes_request([free, held])
    cora.proves_who_asks()
    cora.means_all()
    colin.goes(request)
    colin.erases()
    run_inside(product, MINUTES_LATER)
    cora.goes(request)
    step("request")
    cora.answers()
    step("answer")
    return free


def exports(cora: ComplianceWindow, colin: ComplianceWindow, folder: Path, step: Step) -> list[str]:
    """Three formats, fetched, and checked elsewhere: what the verifier said of each volume."""
    export = cora.asks_for_export(HELD, FORMATS)
    if cora.waits_for_approval():
        colin.approves(export)
    volumes = cora.fetches(export, folder)
    step("export")
    return [verify(volume, folder) for volume in volumes]


def retains(cora: ComplianceWindow, colin: ComplianceWindow, product: Product, step: Step) -> None:
    cora.wants_policy(OLD_DAYS, "the policy of the house")
    step("policy")
    colin.agrees()
    run_inside(product, A_DAY_LATER)
    cora.counts_what_is_due()
    step("dry-run")
    cora.goes("retention/")
    step("put-away")
