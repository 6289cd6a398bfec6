"""The pages: a record's form, a person's name, the same words everywhere, the log, and what the reading view draws."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEntry, User
from chatdesk.models import Conversation
from tests.factories import Cast, make_admin
from tests.transcripts.exporting.archive import exported, talked
from tests.transcripts.redaction.marking import marked, number_of
from transcripts.actions.exporting.running import run_due
from transcripts.models import AskedSearch, Export, ExportState, Matter, Purpose, Redaction, RedactionReason
from transcripts.views import redacting
from transcripts.views.redacting import place_in_reading

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def talk(cast: Cast) -> Conversation:
    return talked(
        cast, f"call zebra {SCRIPT}", files=1, note="zebra inside", name="Vera Winter", page="https://x/zebra"
    )


def address(talk: Conversation, kind: str = "message") -> str:
    return f"/transcripts/conversations/{talk.ref}/redact/{number_of(talk, kind)}/"


Form = Callable[..., dict[str, str]]


@pytest.fixture
def form(privacy: RedactionReason) -> Form:
    return lambda **given: {"reason": str(privacy.pk), "field": "body", "words": "", "note": "", **given}


def page(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def reading(browser: Client, talk: Conversation) -> str:
    return page(browser, f"/transcripts/conversations/{talk.ref}/")


def test_exact_words_are_covered_and_drawn_as_a_box(browser: Client, talk: Conversation, form: Form) -> None:
    answer = browser.post(address(talk), form(words="ZEBRA", note="a note"))
    number = number_of(talk, "message")
    assert answer["Location"] == f"/transcripts/conversations/{talk.ref}/#record-{number}"
    row = Redaction.objects.get()
    assert (row.number, row.field, row.start, row.end) == (number, "body", 5, 10)
    shown = reading(browser, talk)
    box = f'<span class="covered" tabindex="0" data-tip="Privacy · Cora" aria-describedby="mark-{row.pk}">zebra</span>'
    assert f"call {box} &lt;script&gt;" in shown
    assert f'id="mark-{row.pk}"' in shown
    assert "a note" in shown
    assert SCRIPT not in shown


def test_nothing_written_covers_the_whole_field(browser: Client, talk: Conversation, form: Form) -> None:
    browser.post(address(talk), form())
    row = Redaction.objects.get()
    assert (row.field, row.start, row.length) == ("body", None, 11 + len(SCRIPT))


def test_a_file_is_covered_with_or_without_its_name(browser: Client, talk: Conversation, form: Form) -> None:
    shown = page(browser, address(talk, "file"))
    for word in ("All of it", "The name of the file", "The file itself"):
        assert word in shown
    browser.post(address(talk, "file"), form(field="document"))
    browser.post(address(talk, "file"), form(field="name", words="invoice"))
    browser.post(address(talk, "file"), form(field=""))
    assert [(row.field, row.length) for row in Redaction.objects.order_by("pk")] == [
        ("document", 0),
        ("name", 7),
        ("", 13),
    ]


def test_the_form_of_the_visitor(browser: Client, talk: Conversation, form: Form) -> None:
    assert "https://x/zebra" in page(browser, address(talk, "opened"))
    browser.post(address(talk, "opened"), form(field="page", words="zebra"))
    browser.post(address(talk, "opened"), form(field="name"))
    page_row, person = Redaction.objects.order_by("pk")
    assert (page_row.field, page_row.start) == ("page", 10)
    assert (person.number, person.person) == (0, "visitor")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"words": "giraffe"}, "do not stand there"),
        ({"words": "zebra", "start": "4", "end": "9"}, "not as you saw it"),
        ({"words": "zebra", "start": "5", "end": "99999"}, "not as you saw it"),
        ({"field": "nothing"}, "Select a valid choice"),
        ({"reason": "999999"}, "Select a valid choice"),
        ({"reason": ""}, "required"),
        ({"words": "zebra\x00"}, "Null characters"),
        ({"note": "x" * 301}, "at most 300"),
    ],
)
def test_what_can_not_be_covered_is_said(
    browser: Client, talk: Conversation, form: Form, given: dict[str, str], said: str
) -> None:
    answer = browser.post(address(talk), form(**given))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Redaction.objects.exists()


def test_a_selection_is_the_place_that_was_shown(browser: Client, cast: Cast, form: Form) -> None:
    """Controls of direction are written out on the page, and a browser makes one line end of CR and LF."""
    talk = talked(cast, "a\u202eb\r\nzebra and zebra 🦓")
    shown = "a[U+202E]b\nzebra and zebra 🦓"
    start = shown.rindex("zebra")
    browser.post(address(talk), form(words="zebra 🦓", start=str(start), end=str(start + 7)))
    row = Redaction.objects.get()
    body = talk.entries.get(kind="message", participant__user=None).body
    assert body[row.start : row.end] == "zebra 🦓"
    assert row.start == body.rindex("zebra")


@pytest.mark.parametrize("ending", ["redact/99999/", f"redact/{10**30}/", "redact/operator-99/", "redact/nobody/"])
def test_what_is_not_there(browser: Client, talk: Conversation, ending: str) -> None:
    assert browser.get(f"/transcripts/conversations/{talk.ref}/{ending}").status_code == 404
    assert browser.get(f"/transcripts/conversations/nothing/{ending}").status_code == 404


def test_a_seal_says_nothing(browser: Client, talk: Conversation) -> None:
    assert browser.get(address(talk, "seal")).status_code == 404
    assert f"redact/{number_of(talk, 'seal')}/" not in reading(browser, talk)


def test_a_name_is_redacted_and_crossed_out(browser: Client, talk: Conversation, form: Form) -> None:
    door = f"/transcripts/conversations/{talk.ref}/redact/visitor/"
    assert "Vera Winter" in page(browser, door)
    browser.post(door, form())
    assert Redaction.objects.get().person == "visitor"
    assert '<bdi class="covered">Vera Winter</bdi>' in reading(browser, talk)
    assert "Withdraw" in page(browser, door)


def keys(html: str) -> list[str]:
    return re.findall(r'name="hit" value="([^"]+)"', html)


def test_the_same_words_everywhere_in_it(browser: Client, talk: Conversation, form: Form) -> None:
    door = f"/transcripts/redactions/everywhere/?ref={talk.ref}"
    assert "Look for them" in page(browser, door)
    shown = browser.post(door, {"words": "zebra", "look": "1"}).content.decode()
    assert len(keys(shown)) == 3
    assert SCRIPT not in shown
    assert not Redaction.objects.exists()
    answer = browser.post(door, form(words="zebra", mark="1", hit=keys(shown)[1:]))
    assert answer.status_code == 302
    assert {row.field for row in Redaction.objects.all()} == {"body"}
    assert Redaction.objects.count() == 2
    again = browser.post(door, {"words": "zebra", "look": "1"}).content.decode()
    assert again.count("covered already") == 2


@pytest.mark.parametrize("given", [{}, {"hit": "1-2-3-body"}, {"hit": "\x00"}])
def test_nothing_ticked_covers_nothing(browser: Client, talk: Conversation, form: Form, given: dict[str, Any]) -> None:
    door = f"/transcripts/redactions/everywhere/?ref={talk.ref}"
    answer = browser.post(door, form(words="zebra", mark="1", **given))
    assert answer.status_code == 422
    assert "Tick at least one" in answer.content.decode()
    assert not Redaction.objects.exists()


def test_the_same_words_in_all_that_was_found(browser: Client, cast: Cast, talk: Conversation, form: Form) -> None:
    other = talked(cast, "a zebra too")
    talked(cast, "a zebra that was not found", button=cast.support_button)
    browser.post("/transcripts/", {"q": "group:sales"})
    asked = AskedSearch.objects.latest("pk")
    assert f"/transcripts/redactions/everywhere/?found={asked.pk}" in page(browser, f"/transcripts/found/{asked.pk}/")
    door = f"/transcripts/redactions/everywhere/?found={asked.pk}"
    shown = browser.post(door, {"words": "zebra", "whole": "on"}).content.decode()
    assert browser.post(door, form(words="zebra", whole="on", mark="1", hit=keys(shown)))["Location"].endswith(
        f"/found/{asked.pk}/"
    )
    assert set(Redaction.objects.values_list("conversation", flat=True)) == {talk.pk, other.pk}
    assert Redaction.objects.values("act").distinct().count() == 1


def test_nobody_elses_search_and_no_scope_at_all(browser: Client, carl: User, talk: Conversation) -> None:
    browser.post("/transcripts/", {"q": "group:sales"})
    AskedSearch.objects.update(purpose=Purpose.objects.create(user=carl, session="other", reason="another"))
    asked = AskedSearch.objects.latest("pk")
    for query in (f"?found={asked.pk}", "?found=x", "?ref=x", "?ref=%00", ""):
        assert browser.get(f"/transcripts/redactions/everywhere/{query}").status_code == 404


def test_the_log_of_a_matter(browser: Client, talk: Conversation, cora: User, matter: Matter) -> None:
    first = marked(talk, cora, number=3, field="body", matter=matter, note=f"of the matter {SCRIPT}")
    marked(talk, cora, number=4, field="body", note="of none", act=first.act)
    both = page(browser, "/transcripts/redactions/")
    assert "of the matter" in both
    assert "of none" in both
    assert SCRIPT not in both
    assert f"?act={first.act}" in both
    alone = page(browser, f"/transcripts/redactions/?matter={matter.pk}")
    assert "of the matter" in alone
    assert "of none" not in alone
    assert f"/transcripts/redactions/?matter={matter.pk}" in page(browser, f"/transcripts/matters/{matter.pk}/")
    for odd in ("?matter=x", "?before=-1", "?act=%00", "?before=1"):
        assert browser.get(f"/transcripts/redactions/{odd}").status_code == 200


def test_withdrawn_from_the_page(browser: Client, talk: Conversation, cora: User) -> None:
    row = marked(talk, cora, number=number_of(talk, "message"), field="body")
    browser.post("/transcripts/redactions/withdraw/", {"mark": row.pk})
    row.refresh_from_db()
    assert row.withdrawn_by == cora
    assert "withdrawn by Cora" in page(browser, "/transcripts/redactions/")
    assert 'class="covered"' not in reading(browser, talk)
    assert (
        "it stands" in browser.post("/transcripts/redactions/withdraw/", {"mark": row.pk}, follow=True).content.decode()
    )


def test_a_whole_act_is_withdrawn_at_once(browser: Client, talk: Conversation, cora: User) -> None:
    first = marked(talk, cora, number=3, field="body")
    marked(talk, cora, number=4, field="body", act=first.act)
    marked(talk, cora, number=4, field="body")
    browser.post("/transcripts/redactions/withdraw/", {"act": first.act})
    assert Redaction.objects.filter(withdrawn_at=None).count() == 1
    assert browser.post("/transcripts/redactions/withdraw/", {"act": "\x00"}).status_code == 302
    assert browser.get("/transcripts/redactions/withdraw/").status_code == 405


def test_what_an_export_covered_is_a_table(browser: Client, talk: Conversation, cora: User) -> None:
    row = marked(talk, cora, number=number_of(talk, "message"), field="body", start=5, end=10, note="the zebra")
    export = exported(by=cora, formats=["csv"])
    shown = page(browser, f"/transcripts/exports/{export.ref}/")
    assert "1 place covered (CSV)" in shown
    answer = browser.get(f"/transcripts/exports/{export.ref}/redactions/")
    table = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert f'"{row.number}","body","5","5","privacy","Privacy"' in table
    assert "zebra" not in table
    assert "used in 1 export" in page(browser, "/transcripts/redactions/")
    assert "it stands" in reading(browser, talk)


def test_looking_is_written_down_without_words(browser: Client, talk: Conversation) -> None:
    browser.get(address(talk))
    browser.post(f"/transcripts/redactions/everywhere/?ref={talk.ref}", {"words": "zebra"})
    rows = AuditEntry.objects.filter(action__in=["transcripts.read", "transcripts.redact.preview"]).order_by("pk")
    read, preview = (row.after or {} for row in rows)
    assert read["record"] == number_of(talk, "message")
    assert preview["hits"] == 3
    assert "zebra" not in str([row.after for row in AuditEntry.objects.all()])


def test_an_admin_keeps_the_reasons(db: None, talk: Conversation, cora: User) -> None:
    used = marked(talk, cora, number=3, field="body").reason
    client = Client()
    client.force_login(make_admin(), backend="accounts.backends.UserTypeBackend")
    add = "/admin/transcripts/redactionreason/add/"
    assert client.post(add, {"name": "Works council", "code": "works", "is_offered": "on"}).status_code == 302
    assert client.post(add, {"name": "no [brackets]", "code": "x", "is_offered": "on"}).status_code == 200
    change = f"/admin/transcripts/redactionreason/{used.pk}/"
    client.post(f"{change}change/", {"name": "Private", "code": "other", "is_offered": "on"})
    used.refresh_from_db()
    assert (used.name, used.code) == ("Private", "privacy")
    client.post(f"{change}delete/", {"post": "yes"})
    assert RedactionReason.objects.filter(pk=used.pk).exists()
    assert RedactionReason.objects.filter(code="works").exists()


def test_back_to_the_page_on_which_the_record_stands(browser: Client, cast: Cast) -> None:
    talk = talked(cast, "hello")
    assert place_in_reading(talk, 7).endswith(f"{talk.ref}/#record-7")
    assert place_in_reading(talk, 250).endswith(f"{talk.ref}/#record-250")
    assert place_in_reading(talk, 251).endswith(f"{talk.ref}/?after=250#record-251")


def test_more_than_can_be_shown_is_said(
    browser: Client, cast: Cast, form: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redacting, "MOST_HITS", 2)
    monkeypatch.setattr(redacting, "MOST_CONVERSATIONS", 1)
    talked(cast, "a zebra that is not looked at")
    talked(cast, "zebra zebra zebra")
    browser.post("/transcripts/", {"q": "group:sales"})
    door = f"/transcripts/redactions/everywhere/?found={AskedSearch.objects.latest('pk').pk}"
    shown = browser.post(door, {"words": "zebra"}).content.decode()
    assert len(keys(shown)) == 2
    assert "These are the first 2" in shown
    assert "Narrow the search" in shown


def test_an_export_without_redactions_is_asked_for_and_waits(browser: Client, talk: Conversation) -> None:
    asked = {"formats": "csv", "profile": "full", "volume_mb": "100", "without_redactions": "on"}
    answer = browser.post("/transcripts/exports/", asked)
    run_due()
    export = Export.objects.get()
    assert (export.with_redactions, export.state) == (False, ExportState.WAITING)
    shown = page(browser, answer["Location"])
    assert "not covered: everything is shown" in shown
    assert "Another person of compliance has to approve it" in shown


def test_only_compliance_staff_marks(talk: Conversation, cast: Cast, form: Form) -> None:
    """C-01: neither who operates nor who administrates."""
    for user in (cast.alice, make_admin()):
        client = Client()
        client.force_login(user, backend="accounts.backends.UserTypeBackend")
        assert client.post(address(talk), form()).status_code == 403
    assert not Redaction.objects.exists()
