"""X-01, X-09: what people said and called themselves is text on every page and in every file of the compliance desk."""

from __future__ import annotations

import csv
import io
import re
from html.parser import HTMLParser

import pytest
from django.http import HttpResponseBase
from django.test import Client

from accounts.models import AuditEntry, User
from chatdesk.models import File
from tests.factories import Cast
from tests.transcripts.desk.everything import Everything, make_everything
from tests.transcripts.formats.xlist import SCRIPTS
from transcripts.models import AskedSearch, Matter, SavedSearch

MORE = (
    "<details open ontoggle=alert(1)>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<svg><script>alert&#40;1)</script>",
    '" autofocus onfocus=alert(1) x="',
    "' onmouseover='alert(1)",
    "</textarea><script>alert(1)</script>",
    "</option></select><img src=x onerror=alert(1)>",
    "<base href=//evil.test/>",
    "<meta http-equiv=refresh content=0;url=//evil.test>",
    "<form id=forms action=//evil.test><input name=attributes>",
    "<a href=//evil.test target=_blank>here</a>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
    "<scr\u0000ipt>alert(1)</scr\u0000ipt>".replace("\x00", ""),
    "<IMG SRC=JaVaScRiPt:alert(1)>",
    "<xss style=animation-name:x onanimationend=alert(1)>",
    "{% debug %}{{ request.user.password }}%(x)s {0.__class__}",
)
ALL = "\n".join((*SCRIPTS, *MORE))
FOREIGN = frozenset({"iframe", "base", "xss", "math", "mglyph", "template", "object", "embed", "img"})
OWN = ("template", [("id", "redact-button")])  # the reading page's own


class Markup(HTMLParser):
    """What a page holds beside its texts: the tags, and the addresses and handlers in them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        if (tag, attrs) != OWN:
            self.tags.append(tag)
        if tag == "script" and not (facts.get("nonce") or facts.get("src", "")):
            self.wrong.append("a script without the page's mark")
        if tag == "meta" and facts.get("http-equiv"):
            self.wrong.append("a meta tag that sends somewhere")
        for name, value in attrs:
            leads = name in ("href", "src", "action", "formaction", "data", "hx-get", "hx-post")
            if (tag, value) == ("link", "data:,"):  # the pages' own: no picture beside their title
                continue
            if name.startswith("on") or name == "style" or (leads and not sound(value or "")):
                self.wrong.append(f"{tag} {name}={value}")


def sound(address: str) -> bool:
    return not re.match(r"\s*(//|\\\\|[a-z][a-z0-9+.-]*:)", address, re.IGNORECASE)


def judged(page: str) -> list[str]:
    parser = Markup()
    parser.feed(page)
    return parser.wrong + sorted(FOREIGN.intersection(parser.tags))


def said(answer: HttpResponseBase) -> str:
    """All of it: what is not read to its end stays open."""
    return b"".join(answer).decode("utf-8", "replace")


def pages(desk: Client, known: Everything) -> dict[str, str]:
    """Every page as text, by its address."""
    found = {path: desk.get(path) for path in known.paths() if "/volumes/" not in path}
    texts = {path: said(each) for path, each in found.items()}
    return {path: texts[path] for path, each in found.items() if "text/html" in each.headers.get("Content-Type", "")}


@pytest.fixture
def hostile(cast: Cast, cora: User, desk: Client, matter: Matter) -> Everything:
    User.objects.filter(pk=cora.pk).update(display_name=MORE[0])
    cast.sales.name = SCRIPTS[2]
    cast.sales.save()
    cast.sales_button.title = SCRIPTS[1]
    cast.sales_button.question_label = MORE[5]
    cast.sales_button.save()
    return make_everything(cast, cora, desk, matter, ALL)


def test_the_judge_finds_each_kind_of_it() -> None:
    for text in (
        "<img src=x onerror=alert(1)>",
        "<a href=javascript:alert(1)>",
        "<script>1</script>",
        MORE[7],
        MORE[8],
    ):
        assert judged(f"<p>{text}</p>"), text
    assert judged('<p><a href="/transcripts/">x</a></p>') == []


def test_no_page_takes_a_name_or_a_message_for_markup(desk: Client, hostile: Everything) -> None:
    File.objects.filter(pk=hostile.file.pk).update(name=f'"><svg onload=alert(1)>{MORE[3]}.pdf')
    found = pages(desk, hostile)
    assert len(found) >= 15
    assert {path: judged(page) for path, page in found.items() if judged(page)} == {}
    assert sum("alert(1)" in page for page in found.values()) >= 8, "the words are there, as words"
    assert not any("603729" in page for page in found.values()), "nothing is worked out"


def test_no_answer_to_a_form_gives_back_markup(desk: Client, hostile: Everything) -> None:
    wrong = {"number": "", "reason": "", "matter": ALL, "formats": ALL, "profile": ALL, "days": ALL, "kind": ALL}
    wrong |= dict.fromkeys(("q", "name", "note", "scopes", "query", "since", "zone", "group", "stream"), ALL)
    wrong |= {"bates_prefix": MORE[3], "next": MORE[3], "volume_mb": MORE[3], "data": ALL, "anchor": ALL}
    shown = 0
    for path in hostile.paths():
        answer = desk.post(path, wrong)
        if answer.status_code in (200, 422) and "text/html" in answer.headers["Content-Type"]:
            assert judged(said(answer)) == [], path
            shown += 1
    assert shown >= 6


def test_what_was_searched_for_is_text_wherever_it_comes_back(desk: Client, cast: Cast, matter: Matter) -> None:
    for text in (*SCRIPTS, *MORE):
        answer = desk.post("/transcripts/", {"q": text, "visitor": text[:200], "file": text[:90]}, follow=True)
        assert judged(answer.content.decode()) == [], text
    number = AskedSearch.objects.latest("pk").pk
    for path in ("/transcripts/", "/transcripts/readings/", f"/transcripts/holds/new/?search={number}"):
        assert judged(desk.get(path).content.decode()) == [], path


def test_all_pages_keep_the_strict_policy(desk: Client, everything: Everything) -> None:
    for path in everything.paths():
        answer = desk.get(path)
        said(answer)
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe-inline" not in policy, path
        assert "unsafe-eval" not in policy, path
        assert re.search("frame-ancestors '(none|self)'", policy), path
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path


FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|'/c calc'!A0", '=HYPERLINK("http://evil.test")', "\uff1d1")


@pytest.mark.parametrize("text", FORMULAS, ids=range(len(FORMULAS)))
def test_no_cell_of_a_report_begins_as_a_formula(
    desk: Client, cast: Cast, matter: Matter, cora: User, text: str
) -> None:
    """X-05: in the line as a whole, and in each of its terms."""
    for query in (text, f'visitor:"{text}"', f"-{text}", f"torn OR {text}"):
        facts = {"version": SavedSearch.objects.count() + 1, "conversations": 0, "texts": 0}
        saved = SavedSearch.objects.create(matter=matter, name=text, query=query, created_by=cora, **facts)
        answer = desk.get(f"/transcripts/searches/{saved.pk}/report/?form=csv")
        rows = list(csv.reader(io.StringIO(answer.content.decode())))
        assert len(rows) >= 2
        for row in rows:
            assert not re.match(r"[\s\u200b\ufeff]*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]", row[0]), (query, row)


@pytest.mark.parametrize("agent", ["\x1b[31mred\x1b[0m", "a\r\nINFO forged line", "\u202egnp.exe", "=?utf-8?q?x?="])
def test_no_line_of_the_log_is_forged_by_who_reads(
    desk: Client, cast: Cast, caplog: pytest.LogCaptureFixture, agent: str
) -> None:
    """X-09."""
    secret = "Zwetschgenkuchen\r\nCRITICAL forged\x1b[2J"
    desk.post("/transcripts/", {"q": secret}, headers={"User-Agent": agent})
    desk.get(f"/transcripts/conversations/{'%0d%0aforged%1b[2J'}/", headers={"User-Agent": agent})
    desk.post("/transcripts/matters/", {"number": secret, "name": secret}, headers={"User-Agent": agent})
    written = [record.getMessage() for record in caplog.records]
    assert not any("\n" in line or "\x1b" in line for line in written), written
    assert "Zwetschgenkuchen" not in "".join(written)


def test_the_trail_holds_no_words_of_anybody(desk: Client, hostile: Everything) -> None:
    """Numbers and hashes: what was said may have to be forgotten, and the trail can't forget."""
    pages(desk, hostile)
    rows = AuditEntry.objects.filter(action__startswith="transcripts.").exclude(action__startswith="transcripts.hold")
    told = "".join(f"{row.before}{row.after}" for row in rows)
    assert rows.count() > 5
    assert "alert" not in told
    assert "vera@home.test" not in told
