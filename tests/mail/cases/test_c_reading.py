"""Cases C: what of a reply is shown, what is folded, and what of HTML remains. The masking is in test_c_masking.py."""

from __future__ import annotations

import json
import time

import pytest

from accounts.sealing import unseal
from chatdesk.models import Entry
from tests.mail.letters import letter
from tests.mail.people import O, V, X
from tests.mail.reading.makers import text as part
from tests.mail.reading.test_fold_quotes import HARD
from tests.mail.reading.test_trim_replies import SAMPLES
from tests.mail.sent import said
from tests.mail.world import World
from tickets.models import IncomingMail, Letter
from tickets.reading.html import clean_html
from tickets.reading.trimming import trim

OUTLOOK = f"""Yes, please send it.

From: {O.name} <{O.address}>
Sent: Monday, May 6, 2024 10:12 AM
To: {V.mailbox}
Cc: {X.mailbox}
Subject: Your order

Shall we send it to {V.address}?
"""
GMAIL = f"""Yes, please send it.

On Mon, May 6, 2024 at 10:12 AM {O.name} via Desk <
{O.address}> wrote:

> Shall we send it?
> Or write to
> {V.address}
"""
BETWEEN = f"""Hello {O.name},

On Mon, May 6, 2024 at 10:12 AM {O.name} <{O.address}> wrote:
> When do you arrive? Tell {O.address}.

At nine, as {V.address} said.

> Do you need a room?

No, thanks.
"""
BELOW = f"""On Mon, May 6, 2024 at 10:12 AM {O.name} <{O.address}> wrote:
> When do you arrive?

At nine o'clock, by train.
"""
FORWARDED = f"""Please see what they wrote.

---------- Forwarded message ---------
From: {X.mailbox}
Date: Mon, May 6, 2024 at 10:12 AM
Subject: Delivery
To: {V.mailbox}, {O.mailbox}

The goods leave on Friday.

--\x20
{X.name}
"""


def entry_of(mail: IncomingMail) -> Entry:
    mail.refresh_from_db()
    assert mail.entry is not None, (mail.state, mail.error)
    return mail.entry


def original_of(entry: Entry) -> dict[str, str]:
    """What only who may see contacts can read."""
    original = json.loads(unseal(Letter.objects.get(entry=entry).sealed_original))
    assert isinstance(original, dict)
    return original


def written(world: World, text: str, subject: str = "A question") -> Entry:
    """V writes to the conversation by mail; the mail to O is on its way."""
    entry = entry_of(world.receives(letter(V, text, to=world.t_v, subject=subject), world.t_v))
    world.out()
    return entry


@pytest.mark.parametrize("text", [OUTLOOK, GMAIL], ids=["c1 outlook", "c2 gmail"])
def test_c1_c2_a_reply_on_top_brings_its_new_words_alone(world: World, text: str) -> None:
    entry = written(world, text)
    assert entry.body == "Yes, please send it."
    (mail,) = world.to(O)
    assert "Yes, please send it." in said(mail)
    assert "Shall we send it" not in said(mail)
    assert world.leaks() == []
    original = original_of(entry)
    assert f"{original['text']}\n{original['folded']}".split() == text.split()
    assert world.leaks_in_text(Letter.objects.get(entry=entry).folded, "X") == []


def test_c3_answers_between_quoted_lines_are_kept_with_them(world: World) -> None:
    entry = written(world, BETWEEN)
    assert [line for line in entry.body.split("\n") if line][1].startswith("> When do you arrive? Tell ")
    for words in ("At nine, as ", "> Do you need a room?", "No, thanks."):
        assert words in entry.body
    (mail,) = world.to(O)
    assert "At nine, as " in said(mail)
    assert world.leaks() == []
    assert not any(address in entry.body for address in (O.address, V.address))


def test_c4_an_answer_below_is_kept(world: World) -> None:
    assert written(world, BELOW).body == "At nine o'clock, by train."
    (mail,) = world.to(O)
    assert "At nine o'clock, by train." in said(mail)


def test_c5_following_up_on_an_own_mail_shows_nobody_the_own_address(world: World) -> None:
    """The quote names the writer, as it does under an own mail; O's program puts it there unasked."""
    quote = f"One more thing.\n\nOn Mon, May 6, 2024 at 10:12 AM {O.name} <{O.address}> wrote:\n> The first thing.\n"
    entry = entry_of(world.receives(letter(O, quote, to=world.t_o), world.t_o, by=O))
    assert entry.body == "One more thing."
    world.out()
    (mail,) = world.to(V)
    assert "One more thing." in said(mail)
    assert O.address not in mail.decode("latin-1")
    assert world.leaks() == []


@pytest.mark.parametrize("subject", ["Fwd: Delivery", "Delivery"])
def test_c11_a_forwarded_mail_is_kept_whole_and_every_address_masked(world: World, subject: str) -> None:
    entry = written(world, FORWARDED, subject=subject)
    for words in ("Please see what they wrote.", "Forwarded message", "The goods leave on Friday.", X.name):
        assert words in entry.body
    assert world.leaks_in_text(entry.body, "S") == []
    assert Letter.objects.get(entry=entry).folded == ""
    (mail,) = world.to(O)
    assert "The goods leave on Friday." in said(mail)


def test_c12_replies_in_many_languages_show_their_new_words() -> None:
    """Each sample alone is in test_trim_replies.py; this is the whole of them, with nothing lost."""
    assert len({name.split()[0] for name, _text, _shown in SAMPLES}) >= 12
    assert [name for name, text, shown in SAMPLES if trim(text).visible.split() != shown.split()] == []
    for _name, text, _shown in SAMPLES:
        trimmed = trim(text)
        assert sorted(f"{trimmed.visible}\n{trimmed.folded}".split()) == sorted(text.split())


@pytest.mark.parametrize("text", [HARD["one line of quote signs"], "> > >\n" * 170_000, "On\n" * 200_000])
def test_c13_texts_made_to_take_long_do_not(text: str) -> None:
    began = time.process_time()
    trimmed = trim(text)
    assert time.process_time() - began < 2
    assert trimmed.visible == text.strip()


ACTIVE = """<p onclick="alert(1)" style="background:url(https://evil.test/a.png)">Good morning</p>
<script>alert(2)</script><meta http-equiv="refresh" content="0;url=https://evil.test/">
<form action="https://evil.test/"><input name="a"><button>Go</button></form>
<iframe src="https://evil.test/"></iframe><svg onload="alert(3)"><image href="https://evil.test/b.png"/></svg>
<style>@import url(https://evil.test/c.css)</style><link rel="stylesheet" href="https://evil.test/d.css">
<img src="https://evil.test/e.gif" srcset="https://evil.test/f.gif 2x" onerror="alert(4)">
<a href="javascript:alert(5)">one</a> <a href="https://shop.test/offer">two</a>"""


def test_c17_nothing_in_html_runs_or_loads(world: World) -> None:
    entry = entry_of(world.receives(letter(V, "Good morning", to=world.t_v, html=ACTIVE), world.t_v))
    html = Letter.objects.get(entry=entry).html
    assert "Good morning" in html
    for sign in (
        "alert",
        "script",
        "onclick",
        "onerror",
        "style",
        "<form",
        "<input",
        "<iframe",
        "<svg",
        "<meta",
        "<link",
    ):
        assert sign not in html, sign
    assert " src=" not in html
    assert "srcset" not in html
    assert (
        html.count("evil.test")
        == html.count('data-remote="https://evil.test/e.gif"')
        == clean_html(ACTIVE).count("evil")
    )
    world.out()
    (mail,) = world.to(O)
    assert "evil.test" not in mail.decode("latin-1")


def test_c1_an_outlook_reply_in_html_alone_brings_its_new_words_alone(world: World) -> None:
    html = (
        '<div><p>Yes, please send it.</p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt">'
        f"<p><b>From:</b> {O.name} &lt;{O.address}&gt;<br><b>Sent:</b> May 6, 2024<br><b>To:</b> {V.name}"
        f" &lt;{V.address}&gt;<br><b>Subject:</b> Your order</p></div></div><p>Shall we send it?</p></div>"
    )
    head = f"From: {V.mailbox}\r\nTo: {world.t_v}\r\nSubject: Re\r\nMessage-ID: <1@x>\r\n"
    entry = entry_of(world.receives(head.encode() + part(html, "text/html"), world.t_v))
    world.out()
    assert entry.body == "Yes, please send it."
    (mail,) = world.to(O)
    assert "Shall we send it" not in mail.decode("latin-1")
    assert world.leaks_in_text(Letter.objects.get(entry=entry).html, "X") == []
