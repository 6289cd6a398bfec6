"""C: what a mail's body says, without who anybody is (C6 to C10, C14 to C16; and B5, B9, B12 of the headers)."""

from __future__ import annotations

from email.message import EmailMessage, Message

import pytest

from chatdesk.models import Entry, Kind
from tests.mail.letters import letter
from tests.mail.people import RELAY, O, Person, V, X
from tests.mail.sent import only, parsed, said
from tests.mail.world import World
from tickets.models import Held, Letter, MailPolicy

HIDDEN = "[address hidden]"
SPELLINGS = (
    "v.real%40home.test",
    "v.real%2540home%2Etest",
    "v.real&#64;home.test",
    "v.real&#x40;home&period;test",
    "v<b></b>.real@home.test",
    "V.REAL@HOME.TEST",
    "v.re\u200dal@ho\u200bme.test",
    "v.re\u00adal@home.te\u00adst",
    "v.real @ home.test",
    "v.real(at)home.test",
    "v.real [at] home [dot] test",
    "v.real at home.test",
    "v real at home dot test",
    "v.real=40home.test",
    "v.re=\nal@home.test",
    "v.real@\nhome.test",
    "\uff36.real\uff20home\uff0etest",
    "vreal@home.test",
    "V.Real+desk@home.test",
)


def relayed(world: World, raw: bytes, *, by: Person = V) -> bytes:
    """What the other side got of a mail that `by` wrote to their token address."""
    world.receives(raw, to=world.t_v if by is V else world.t_o, by=by)
    return only(world).raw


def as_text(part: Message) -> str:
    data = part.get_payload(decode=True)
    assert isinstance(data, bytes)
    return data.decode("utf-16" if data[:2] == b"\xff\xfe" else "utf-8")


def filed() -> Letter:
    return Letter.objects.order_by("-pk")[0]


# --- headers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "shown",
    ['"v.real@home.test"', "=?utf-8?q?v=2Ereal=40home=2Etest?=", "v.real (at) home.test", '"Vera v.real@home.test"'],
)
def test_b5_a_name_that_is_an_address_is_not_shown(world: World, shown: str) -> None:
    raw = letter().replace(b"From: Vera <", f"From: {shown} <".encode(), 1)
    mail = parsed(relayed(world, raw))
    assert len(mail.get_all("From", [])) == 1
    assert mail["From"].addresses[0].addr_spec == world.t_o
    assert "home" not in str(mail["From"])
    assert world.leaks("O") == []


def test_b5_a_name_with_a_line_break_stays_one_line(world: World) -> None:
    raw = letter().replace(b"From: Vera <", b"From: =?utf-8?q?Vera=0D=0ABcc=3A_x?= <", 1)
    mail = parsed(relayed(world, raw))
    assert mail["Bcc"] is None
    assert "\n" not in str(mail["From"])


@pytest.mark.parametrize("by", [V, O])
def test_b9_the_subject_is_masked_too(world: World, by: Person) -> None:
    subject = "Parcel for v.real@home.test" if by is V else "From o.real@va.test, about v.real@home.test"
    mail = parsed(relayed(world, letter(by, subject=subject), by=by))
    assert "@" not in mail["Subject"]
    assert world.leaks() == []


def test_b12_a_file_s_name_is_masked_in_both_places(world: World) -> None:
    name = "report_v.real@home.test.txt"
    mail = parsed(relayed(world, letter(files=[(name, "text/plain", b"harmless")])))
    (part,) = mail.iter_attachments()
    assert part.get_filename() == "report_Vera.txt"
    assert part["Content-Disposition"].params["filename"] == "report_Vera.txt"
    assert part["Content-Type"].params.get("name", "report_Vera.txt") == "report_Vera.txt"
    assert world.leaks("O") == []


# --- bodies -----------------------------------------------------------------------------------------------------------


def test_c6_token_addresses_in_quotes_become_names(world: World) -> None:
    raw = letter(
        O, text=f"See below, and don't use {world.t_o}.\n\nOn Monday {V.name} <{world.t_o}> wrote:\n> Hello {world.t_v}"
    )
    mail = relayed(world, raw, by=O)
    assert world.t_o.encode() not in mail
    assert f"don't use {V.name}." in said(mail)
    assert world.t_v not in said(mail)


def test_c7_phones_by_the_groups_rule_addresses_always(world: World) -> None:
    signature = f"Vera\n{V.phone}, v.real@home.test, https://shop.else.test/\nOrder 4711-2024-000123, 22.11.2026"
    text = said(relayed(world, letter(text=signature)))
    assert "[number hidden]" in text
    assert "[number hidden], Vera," in text
    assert "https://shop.else.test/" in text
    assert "Order 4711-2024-000123, 22.11.2026" in text


def test_c7_the_rule_may_let_phones_stay_and_hide_sites(world: World) -> None:
    MailPolicy.objects.create(group=world.group, masks_phones=False, masks_links=True)
    text = said(relayed(world, letter(text="Call +49 89 636-48018 or see https://shop.else.test/vera. Bye")))
    assert "+49 89 636-48018" in text
    assert "see [link hidden]. Bye" in text


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_c8_every_spelling_is_masked_in_text(world: World, spelling: str) -> None:
    text = said(relayed(world, letter(text=f"Write to {spelling} please")))
    assert " ".join(text.split()).startswith(("Write to Vera please", f"Write to {HIDDEN} please"))
    assert world.leaks("O") == []


@pytest.mark.parametrize("spelling", [each for each in SPELLINGS if "\n" not in each])
def test_c8_every_spelling_is_masked_in_html(world: World, spelling: str) -> None:
    relayed(world, letter(text="See the other part", html=f"<p>Write to {spelling} please, <i>now</i></p>"))
    html = filed().html
    assert "home" not in html.lower()
    assert "please, <i>now</i>" in html
    assert world.leaks_in_text(html, "O") == []


def test_c8_a_soft_line_break_of_quoted_printable_parts_nothing(world: World) -> None:
    head = "From: Vera <v.real@home.test>\r\nTo: x@relay.test\r\nSubject: A\r\nMessage-ID: <1@laptop.v-house.test>\r\n"
    kind = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    raw = f"{head}{kind}Write to v.re=\r\nal=40home=2Etest\r\n".encode()
    assert said(relayed(world, raw)).startswith("Write to Vera")


def test_c9_nothing_hides_behind_the_text_of_a_page(world: World) -> None:
    page = (
        '<p title="v.real@home.test">Hi <a href="mailto:v.real@home.test?subject=x">mail me</a>'
        '<img src="https://else.test/i.gif?u=v.real@home.test&amp;n=1" alt="by v.real@home.test">'
        '<a href="https://else.test/out?e=v.real%40home.test&amp;keep=1">out</a>'
        '<a href="https://else.test/u/di5yZWFsQGhvbWUudGVzdA/">off</a>'
        '<a href="https://www.home.test/vera">my page</a></p>'
        '<!-- v.real@home.test --><div style="display:none">v.real@home.test preheader</div>'
    )
    relayed(world, letter(text="See the other part", html=page))
    html = filed().html
    assert world.leaks_in_text(html, "O") == []
    assert "mailto:" not in html
    assert "<!--" not in html
    assert "keep=1" in html
    assert "mail me" in html
    assert "my page" in html
    assert "home" not in html
    assert "di5yZWFs" not in html


def test_c10_text_in_any_encoding_and_part_is_masked(world: World) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = (
        V.mailbox,
        "x@relay.test",
        "A",
        "<2@laptop.v-house.test>",
    )
    mail.set_content("First v.real@home.test", cte="base64")
    mail.add_attachment(
        "Second v.real@home.test grüße".encode("utf-16"), maintype="text", subtype="plain", filename="second.txt"
    )
    mail.add_attachment("Third v.real@home.test", filename="third.txt")
    raw = relayed(world, mail.as_bytes(policy=mail.policy.clone(linesep="\r\n")))
    told = said(raw) + "".join(map(as_text, parsed(raw).iter_attachments()))
    for word in ("First", "Second", "Third", "grüße"):
        assert word in told
    assert world.leaks("O") == []


def test_c10_a_forwarded_mail_waits_for_a_person(world: World) -> None:
    inner = letter(text="v.real@home.test asked").replace(b"\r\n", b"\n")
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = (
        V.mailbox,
        "x@relay.test",
        "A",
        "<3@laptop.v-house.test>",
    )
    mail.set_content("See the mail below")
    mail.make_mixed()
    wrapped = EmailMessage()
    wrapped["Content-Type"] = "message/rfc822"
    wrapped.set_payload(inner.decode())
    mail.attach(wrapped)
    text = said(relayed(world, mail.as_bytes(policy=mail.policy.clone(linesep="\r\n"))))
    assert "See the mail below" in text
    held = Held.objects.get()
    assert (held.reason, held.state) == (Held.Reason.CARD, Held.State.HELD)
    assert world.leaks("O") == []


def test_c14_an_address_that_somebody_gives_is_masked_and_held(world: World) -> None:
    mail = relayed(world, letter(text="my other address is new@else.test"))
    assert f"my other address is {HIDDEN}" in said(mail)
    held = Held.objects.get(reason=Held.Reason.ADDRESS_WRITTEN)
    assert held.state == Held.State.HELD
    assert "new@" not in held.detail + held.name
    assert b"new@else.test" not in mail


def test_c15_public_addresses_stay(world: World) -> None:
    MailPolicy.objects.create(group=world.group, allowed_addresses="info@company.test\n@shop.test")
    told = f"Ask info@company.test, sales@shop.test or support@{RELAY}"
    assert told in said(relayed(world, letter(text=told)))
    assert not Held.objects.exists()


def test_c16_what_only_looks_like_an_address_stays(world: World) -> None:
    told = "Order A@12 of @mention: `ssh user@host`, npm i left@1.2.3, logo@2x.png, cost 5 @ 3.50, look at example.com"
    mail = relayed(world, letter(text=told))
    assert told in " ".join(said(mail).split())
    assert filed().masked_count == 0


def test_c16_that_something_was_masked_can_be_seen(world: World) -> None:
    relayed(world, letter(text=f"I am {V.address}"))
    assert filed().masked_count == 1


def test_what_is_said_in_the_chat_leaves_masked(world: World) -> None:
    world.answers(f"Ask {X.address} or me, {O.address}")
    mail = only(world)
    assert "@" not in said(mail.raw).split("\n")[0]
    assert Entry.objects.filter(kind=Kind.MESSAGE, body__contains=X.address).exists()


def test_a_subject_without_addresses_stays_as_it_is(world: World) -> None:
    assert "Grüße an Olga" in parsed(relayed(world, letter(subject="Grüße an Olga")))["Subject"]
