"""Replies in HTML alone: what each program's own markup says of the mail below, whatever language it speaks."""

from __future__ import annotations

import pytest

from tests.mail.reading.makers import text
from tickets.reading.message import read
from tickets.reading.trimming import Trimmed
from tickets.reading.visible import visible_text

pytestmark = pytest.mark.once

OLD = "<p>Old words</p>"
PROGRAMS = {
    "gmail": '<div dir="ltr">New words</div><br><div class="gmail_quote"><div class="gmail_attr">Xyz qrs tuv<br></div>'
    f'<blockquote class="gmail_quote" style="margin:0">{OLD}</blockquote></div>',
    "outlook on the web": f'<div>New words</div><div id="appendonsend"></div><div id="divRplyFwdMsg">Xyz</div>{OLD}',
    "outlook quoted by another": f'<div>New words</div><div id="x_divRplyFwdMsg">Xyz</div>{OLD}',
    "outlook": '<div class="WordSection1"><p>New words</p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt;'
    f'padding:3.0pt 0cm 0cm 0cm"><p><b>Xyz:</b> Ann<br><b>Qrs:</b> Bo</p></div></div>{OLD}</div>',
    "outlook for mac": f'<p>New words</p><span id="OLK_SRC_BODY_SECTION"><div>Xyz</div>{OLD}</span>',
    "thunderbird": f'New words<div class="moz-cite-prefix">Xyz:<br></div><blockquote type="cite">{OLD}</blockquote>',
    "apple mail": '<div>New words</div><div id="AppleMailSignature">Xyz from my thing</div>'
    f'<blockquote type="cite"><div>On 6 May 2024, at 10:12, Ann &lt;a@x.test&gt; wrote:</div>{OLD}</blockquote>',
    "proton": f'<div>New words</div><div class="protonmail_quote">Xyz<blockquote type="cite">{OLD}</blockquote></div>',
    "zimbra": f'<div>New words</div><hr id="zwchr"><div data-marker="__QUOTED_TEXT__">{OLD}</div>',
    "yahoo": f'<div>New words</div><div id="ydp12ab34yahoo_quoted" class="yahoo_quoted"><div>Xyz</div>{OLD}</div>',
    "front": f'<p>New words</p><blockquote class="front-blockquote">{OLD}</blockquote>',
    "words alone": f"<p>New words</p><p>On 6 May 2024, Ann &lt;a@x.test&gt; wrote:</p><blockquote>{OLD}</blockquote>",
    "header lines": f"<p>New words</p><p>From: Ann<br>Sent: 6 May 2024<br>To: Bo<br>Subject: Hi</p>{OLD}",
}


def trimmed(html: str, subject: str = "Re: x") -> Trimmed:
    return visible_text(
        read(f"From: a@b.test\r\nSubject: {subject}\r\n".encode() + text(html, "text/html; charset=utf-8"))
    )


@pytest.mark.parametrize("program", PROGRAMS)
def test_new_words_alone_are_shown(program: str) -> None:
    found = trimmed(PROGRAMS[program])
    assert found.visible == "New words"
    assert "Old words" in found.folded


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_forwarded_mail_is_shown_whole(program: str) -> None:
    found = trimmed(PROGRAMS[program], "Fwd: x")
    assert "Old words" in found.visible


def test_a_forward_by_gmail_is_shown_whole_without_a_subject() -> None:
    html = (
        PROGRAMS["gmail"]
        .replace("Xyz qrs tuv", "---------- Forwarded message ---------<br>From: Ann")
        .replace("blockquote", "div")
    )
    assert "Old words" in trimmed(html, "x").visible


def test_a_signature_is_folded_and_what_follows_it_is_not() -> None:
    found = trimmed('<div>One</div><div class="gmail_signature">Ann<br>Example Ltd</div><div>Two</div>')
    assert (found.visible.split(), found.folded) == (["One", "Two"], "Ann\nExample Ltd")


def test_answers_between_quoted_parts_are_shown_with_them() -> None:
    html = (
        'Hello<div class="moz-cite-prefix">On 6.5.24 10:12, Ann wrote:</div><blockquote type="cite">When?</blockquote>'
        '<p>At nine.</p><blockquote type="cite">Where?</blockquote><p>Here.</p><blockquote type="cite">Ann</blockquote>'
    )
    found = trimmed(html)
    assert found.visible.split("\n") == ["Hello", "", "> When?", "", "At nine.", "", "> Where?", "", "Here."]
    assert found.folded.split("\n") == ["On 6.5.24 10:12, Ann wrote:", "", "> Ann"]


def test_html_of_a_quote_alone_is_shown() -> None:
    assert trimmed(f'<div class="gmail_quote"><blockquote>{OLD}</blockquote></div>').visible == "> Old words"


def test_no_words_are_no_words() -> None:
    assert trimmed('<img src="cid:x">') == Trimmed("", "")
