"""A mail with formatted text and pictures arrives with both, and with nothing of its own left inside."""

from __future__ import annotations

import re
from email.message import EmailMessage
from email.message import EmailMessage as Mail
from io import BytesIO

import pytest
from PIL import Image

from tests.mail.letters import letter
from tests.mail.people import RELAY, V
from tests.mail.sent import files_of, only, parsed, said
from tests.mail.world import World
from tickets.models import Letter, MailTemplate

HTML = '<p>A <b>bold</b> word from <a href="mailto:v.real@home.test">v.real@home.test</a></p>'


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "PNG")
    return out.getvalue()


def with_picture(html: str) -> bytes:
    """As Outlook writes it: the Content-ID names the machine."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = V.mailbox, "support@relay.test", "A picture"
    mail["Message-ID"] = "<1@laptop.v-house.test>"
    mail.set_content("A picture")
    mail.add_alternative(html, subtype="html")
    body = mail.get_body(("html",))
    assert isinstance(body, Mail)
    body.add_related(picture(), "image", "png", cid="<image001@laptop.v-house.test>", filename="image001.png")
    return mail.as_bytes(policy=mail.policy.clone(linesep="\r\n"))


def html_of(raw: bytes) -> str:
    body = parsed(raw).get_body(("html",))
    assert body is not None
    return str(body.get_content())


def test_bold_stays_bold_and_addresses_go(world: World) -> None:
    world.receives(letter(text="A bold word", html=HTML), to=world.t_v)
    html = html_of(only(world).raw)
    assert "<b>bold</b>" in html
    assert "home.test" not in html
    assert "mailto" not in html


def test_d5_a_picture_is_shown_in_its_place_under_a_new_id(world: World) -> None:
    world.receives(with_picture('<p>Look: <img src="cid:image001@laptop.v-house.test" alt="the lamp"></p>'), world.t_v)
    mail = only(world)
    found = re.search(r'<img src="cid:([^"]+)" alt="the lamp">', html_of(mail.raw))
    assert found
    assert found[1].endswith(f"@{RELAY}")
    (shown,) = [part for part in parsed(mail.raw).walk() if part.get_content_type().startswith("image/")]
    assert shown["Content-ID"] == f"<{found[1]}>"
    assert b"image001@" not in mail.raw
    assert files_of(mail.raw) == {}


def test_a_picture_that_nothing_shows_is_a_file(world: World) -> None:
    world.receives(with_picture("<p>No picture here</p>"), world.t_v)
    assert len(files_of(only(world).raw)) == 1


def test_a_remote_picture_is_its_words_alone(world: World) -> None:
    html = '<p>See <img src="https://tracker.test/?u=v.real@home.test" alt="our logo"></p>'
    world.receives(letter(text="See our logo", html=html), to=world.t_v)
    shown = html_of(only(world).raw)
    assert "our logo" in shown
    assert "<img" not in shown
    assert "tracker.test" not in shown


def test_a_quote_that_was_folded_away_stays_away(world: World) -> None:
    quote = "<blockquote>old words</blockquote>"
    world.receives(letter(text="New\n\nOn Monday, Olga wrote:\n> old words\n", html=f"<p>New</p>{quote}"), world.t_v)
    assert Letter.objects.get().folded
    mail = only(world)
    assert "old words" not in html_of(mail.raw)
    assert "old words" not in said(mail.raw)


@pytest.mark.parametrize("body", ["Hello,\n\n{text}\n\nBye", "Hello {text}", "Hello"])
def test_the_template_stands_around_it(world: World, body: str) -> None:
    MailTemplate.objects.create(kind="message", subject="{team}", body=body)
    world.receives(letter(text="A bold word", html="<p>A <b>bold</b> word</p>"), to=world.t_v)
    mail = only(world)
    html = html_of(mail.raw)
    assert html.index("Hello") < html.index("<b>bold</b>")
    assert "A bold word" in said(mail.raw)
    assert "\ue000" not in html


def test_two_mails_in_one_are_plain(world: World) -> None:
    for text in ("One", "Two"):
        world.receives(letter(text=text, html=f"<p>{text} <b>bold</b></p>"), to=world.t_v)
    html = html_of(only(world).raw)
    assert "<b>" not in html
    assert html.index("One") < html.index("Two")
