"""The settings of buckets and locked copies: what an admin sees, what is never shown, and what can't be changed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.request import Request, urlopen

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry, User
from chatdesk.advice import advice
from tests.accounts.people import signed_in
from tests.factories import Cast, make_compliance
from tests.services.s3 import KEY, S3, SECRET
from tests.transcripts.locking.stage import PLAIN, ended, locked, make_bucket, switch_on
from transcripts.actions.buckets.trying import try_out
from transcripts.actions.locking.counting import counted
from transcripts.actions.locking.keeping import keep_due
from transcripts.actions.locking.keys import shred
from transcripts.models import Bucket, LockedCopy, LockedRules

BUCKETS = "/admin/transcripts/bucket/"
RULES = "/admin/transcripts/lockedrules/"


@pytest.fixture
def browser(ada: User) -> Client:
    return signed_in(ada)


def form(**facts: Any) -> dict[str, Any]:
    usual = {"name": "Archive", "endpoint": "https://s3.example.org", "region": "", "bucket": "archive", "prefix": ""}
    return {**usual, "access_key": "AK", "new_secret": "very-secret", **facts}


def said(answer: Any) -> str:
    return " ".join(str(each) for each in get_messages(answer.wsgi_request))


def test_the_secret_is_sealed_and_never_shown(browser: Client) -> None:
    assert browser.post(f"{BUCKETS}add/", form()).status_code == 302
    bucket = Bucket.objects.get()
    assert bucket.secret_key == "very-secret"
    assert "very-secret" not in bucket.sealed
    page = browser.get(f"{BUCKETS}{bucket.pk}/change/").content.decode()
    assert "very-secret" not in page
    assert bucket.sealed not in page
    told = "".join(str(entry.after) for entry in AuditEntry.objects.all())
    assert "very-secret" not in told
    assert bucket.sealed not in told


def test_an_empty_secret_keeps_the_one_that_is_there(browser: Client) -> None:
    browser.post(f"{BUCKETS}add/", form())
    bucket = Bucket.objects.get()
    assert browser.post(f"{BUCKETS}{bucket.pk}/change/", form(new_secret="", name="Other")).status_code == 302
    bucket.refresh_from_db()
    assert (bucket.name, bucket.secret_key) == ("Other", "very-secret")


@pytest.mark.parametrize("change", [{"endpoint": "https://evil.example"}, {"access_key": "other"}])
def test_the_secret_goes_to_no_other_place_by_itself(browser: Client, change: dict[str, str]) -> None:
    browser.post(f"{BUCKETS}add/", form())
    pk = Bucket.objects.get().pk
    answer = browser.post(f"{BUCKETS}{pk}/change/", form(new_secret="", **change))
    assert "Type the secret again" in answer.content.decode()
    assert browser.post(f"{BUCKETS}{pk}/change/", form(new_secret="its-own", **change)).status_code == 302
    assert Bucket.objects.get().secret_key == "its-own"


@pytest.mark.parametrize(
    "wrong",
    [
        {"bucket": "Big_Letters"},
        {"bucket": "a"},
        {"bucket": "a/b"},
        {"bucket": "arch\nive"},
        {"prefix": "/leading"},
        {"prefix": "a//b"},
        {"prefix": "ä"},
        {"prefix": "a b"},
        {"endpoint": "ftp://s3.example.org"},
        {"endpoint": "javascript:alert(1)"},
        {"name": ""},
    ],
)
def test_what_is_no_bucket_is_refused_in_words(browser: Client, wrong: dict[str, str]) -> None:
    answer = browser.post(f"{BUCKETS}add/", form(**wrong))
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert not Bucket.objects.exists()


def test_where_copies_lie_is_not_renamed(browser: Client, cast: Cast, server: S3, bucket: Bucket) -> None:
    switch_on(bucket)
    copy = locked(cast)
    facts = form(name="New", endpoint=server.url, bucket="another", prefix="elsewhere", access_key=KEY, new_secret="")
    assert browser.post(f"{BUCKETS}{bucket.pk}/change/", facts).status_code == 302
    before = bucket.key_of(copy.name)
    bucket.refresh_from_db()
    assert bucket.name == "New"
    assert bucket.key_of(copy.name) == before
    assert browser.post(f"{BUCKETS}{bucket.pk}/delete/", {"post": "yes"}).status_code == 200
    assert Bucket.objects.filter(pk=bucket.pk).exists()


def test_tried_out_it_says_what_it_is_good_for(browser: Client, server: S3, bucket: Bucket) -> None:
    make_bucket(server, PLAIN)
    make_bucket(server, "nowhere-at-all")
    make_bucket(server, "away", endpoint="http://127.0.0.1:9")
    chosen = list(Bucket.objects.values_list("pk", flat=True))
    words = said(browser.post(BUCKETS, {"action": "try_out", "_selected_action": chosen}))
    assert "has Object Lock: good for locked copies" in words
    assert "plain: It answers, and has no Object Lock" in words
    assert "nowhere-at-all: It can't be used: there is no such bucket." in words
    assert "away: It can't be used: the storage does not answer." in words
    assert SECRET not in words


def test_the_rules_are_one_page_and_off_at_first(browser: Client) -> None:
    assert LockedRules.load().is_on is False
    assert browser.get(RULES).headers["Location"] == f"{RULES}1/change/"
    page = browser.get(f"{RULES}1/change/").content.decode()
    assert "no file system can promise" in page
    assert browser.get(f"{RULES}add/").status_code == 403
    assert browser.post(f"{RULES}1/delete/", {"post": "yes"}).status_code == 403


def test_switched_on_with_a_bucket_that_can_t_lock_it_warns(browser: Client, server: S3, bucket: Bucket) -> None:
    LockedRules.load()
    plain = make_bucket(server, PLAIN)
    facts = {"is_on": "on", "bucket": plain.pk, "mode": "COMPLIANCE", "days": "30"}
    assert "no Object Lock" not in said(browser.post(f"{RULES}1/change/", {**facts, "bucket": bucket.pk}))
    assert LockedRules.load().bucket == bucket
    assert "no Object Lock" in said(browser.post(f"{RULES}1/change/", facts))
    assert AuditEntry.objects.filter(action="setting.change").exists()


@pytest.mark.parametrize("days", ["0", "-1", "36526", "many", ""])
def test_days_that_can_t_be(browser: Client, days: str) -> None:
    LockedRules.load()
    answer = browser.post(f"{RULES}1/change/", {"mode": "COMPLIANCE", "days": days})
    assert "errorlist" in answer.content.decode()
    assert LockedRules.load().days == 365


def test_counted_in_sentences(cast: Cast) -> None:
    assert counted() == []
    switch_on()
    locked(cast)
    ended(cast, guest=cast.walt)
    LockedCopy.objects.filter(state="waiting").update(state="failed", trouble="silent")
    assert counted() == ["not made yet: 1", "kept: 1", "Trouble: the storage does not answer."]


def test_an_admin_is_told_of_what_is_late(cast: Cast, browser: Client) -> None:
    switch_on()
    ended(cast)
    LockedCopy.objects.update(state="failed", trouble="refused", asked_at=timezone.now() - timedelta(minutes=59))
    assert not [each for each in advice() if "locked copies" in each.text]
    LockedCopy.objects.update(asked_at=timezone.now() - timedelta(minutes=61))
    [told] = [each for each in advice() if "locked copies" in each.text]
    assert "the storage refuses these credentials" in told.text
    assert browser.get(told.url).status_code == 302


def test_others_do_not_get_there(cast: Cast) -> None:
    for user in (cast.alice, make_compliance()):
        assert signed_in(user).get(BUCKETS).status_code in (302, 403)
        assert signed_in(user).get(RULES).status_code in (302, 403)


# --- credentials that the storage refuses: its own server checks them once it is told to ---


@pytest.fixture
def strict() -> Any:
    with S3() as server:
        server.client.create_bucket(Bucket=PLAIN, ObjectLockEnabledForBucket=True)
        asked = Request(f"{server.url}/moto-api/reset-auth", data=b"0", headers={"Content-Type": "text/plain"})
        urlopen(asked, timeout=5).close()
        yield server


def test_wrong_credentials_are_said_and_tried_again(cast: Cast, strict: S3) -> None:
    wrong = make_bucket(strict, PLAIN, access_key="nobody")
    assert "refuses these credentials" in try_out(wrong).words
    switch_on(wrong)
    ended(cast)
    assert keep_due() == 0
    copy = LockedCopy.objects.get()
    assert (copy.state, copy.trouble) == ("failed", "refused")


# --- beside a conversation ---


def test_the_reading_page_says_how_they_stand(cast: Cast, server: S3, bucket: Bucket) -> None:
    cora = make_compliance()
    browser = signed_in(cora)
    browser.post("/transcripts/purpose/", {"reason": "a test of the page", "next": "/transcripts/"})
    switch_on(bucket)
    copy = locked(cast)
    page = f"/transcripts/conversations/{copy.ref}/"
    until = f"{timezone.localtime(copy.until):%Y}"
    assert f"kept, and locked until {timezone.localtime(copy.until).day} " in text(browser, page)
    assert until in text(browser, page)
    LockedCopy.objects.update(mode="", is_held=True)
    assert "a file system can't promise it" in text(browser, page)
    assert "held" in text(browser, page)
    LockedCopy.objects.update(mode="GOVERNANCE")
    assert "a right of their own in the storage" in text(browser, page)
    LockedCopy.objects.update(state="failed", trouble="silent")
    assert "about to be made" in text(browser, page)
    assert "the storage does not answer" in text(browser, page)
    LockedCopy.objects.update(state="kept", trouble="")
    assert copy.conversation_id is not None
    shred(copy.conversation_id)
    assert "its key was destroyed" in text(browser, page)
    LockedCopy.objects.update(state="gone")
    assert "deleted." in text(browser, page)
    LockedCopy.objects.all().delete()
    assert "Locked copies" not in text(browser, page)


def text(browser: Client, page: str) -> str:
    answer = browser.get(page)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().replace("&#x27;", "'").split())
