"""What stands in the mails that leave: names, subjects, signatures, forgetful templates, other alphabets."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdesk.models import Conversation
from tests.factories import make_entry, make_membership, make_operator
from tests.mail.letters import letter
from tests.mail.people import SUPPORT, O, V
from tests.mail.sent import parsed
from tests.mail.world import World
from tickets.actions import outbox
from tickets.actions.drafting import language_of
from tickets.actions.drafting.relay import _without_re
from tickets.actions.drafting.rich import _placed
from tickets.models import ForwardingAddress, MailSettings, MailTemplate, OperatorMail, OutgoingMail

Kind = MailTemplate.Kind


def last_to_v(world: World) -> EmailMessage:
    world.later(seconds=20)
    world.out()
    return parsed(world.to(V)[-1])


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def html_of(mail: EmailMessage) -> str:
    body = mail.get_body(("html",))
    assert body is not None
    return str(body.get_content())


def name_of(mail: EmailMessage) -> str:
    return str(mail["From"].addresses[0].display_name)


# --- who it is from --------------------------------------------------------------------------------------------------


def test_one_writer_stands_above_the_mail(world: World) -> None:
    world.answers("It is back.")
    assert name_of(last_to_v(world)) == O.name


def test_of_two_writers_the_team_does_and_each_stands_above_their_words(world: World) -> None:
    ann = make_operator("ann", world.group)
    world.answers("It is back.")
    world.conversation.refresh_from_db()
    make_entry(world.conversation, "And in blue.", ann)
    mail = last_to_v(world)
    assert name_of(mail) == world.group.name
    assert f"{O.name}:\nIt is back." in text_of(mail)
    assert "Ann:\nAnd in blue." in text_of(mail)


@pytest.mark.parametrize("name", ["o.real@va.test", "=?utf-8?q?o=2Ereal=40va=2Etest?=", "Olga <o.real@va.test>"])
def test_a_name_that_is_an_address_is_not_shown(world: World, name: str) -> None:
    world.operator.display_name = name
    world.operator.save()
    world.answers("It is back.")
    shown = name_of(last_to_v(world))
    assert "@" not in shown
    assert "=?" not in shown
    assert shown in {world.group.name, "Olga"}


@pytest.mark.parametrize("name", ["Nguyễn Văn A", "שרה", "محمد", 'O\'Brien, "Pat"', "🙂", "名前", "a\u202eb"])
def test_a_name_of_any_alphabet_comes_through(world: World, name: str) -> None:
    world.operator.display_name = name
    world.operator.save()
    world.answers("It is back.")
    shown = name_of(last_to_v(world))
    assert shown.replace("\u202e", "") == name.replace("\u202e", "")


def test_a_notice_is_from_the_group_s_own_address_and_else_from_the_desk_s(world: World) -> None:
    outbox.queue("notice", conversation=world.conversation, address=V.address, facts={"question": "When?"})
    assert last_to_v(world)["From"].addresses[0].addr_spec == SUPPORT
    ForwardingAddress.objects.update(is_active=False)
    outbox.queue("notice", conversation=world.conversation, address=V.address, facts={"question": "When?"})
    assert last_to_v(world)["From"].addresses[0].addr_spec == "desk@relay.test"


# --- what stands below -----------------------------------------------------------------------------------------------


def test_a_signature_stands_below_the_words_of_one_and_not_of_two(world: World) -> None:
    OperatorMail.objects.create(user=world.operator, signature="Olga\nat your service")
    world.answers("It is back.")
    assert "-- \nOlga\nat your service" in text_of(last_to_v(world))
    world.conversation.refresh_from_db()
    make_entry(world.conversation, "And in blue.", make_operator("ann", world.group))
    world.answers("Or in red.")
    assert "at your service" not in text_of(last_to_v(world))


def test_a_signature_with_an_address_gives_nobody_away(world: World) -> None:
    OperatorMail.objects.create(user=world.operator, signature="Olga")
    world.answers(f"Write to {O.address}")
    assert O.address not in text_of(last_to_v(world))


def test_every_mail_says_that_it_is_recorded(world: World) -> None:
    MailSettings.objects.update(recorded_text="")
    own = MailSettings.load()
    own.recorded_text = "We keep this."
    own.save()
    world.answers("It is back.")
    mail = last_to_v(world)
    assert text_of(mail).rstrip().endswith("We keep this.")
    assert "We keep this." in html_of(mail)


# --- templates -------------------------------------------------------------------------------------------------------


def template(body: str, **facts: str) -> MailTemplate:
    usual = {"kind": Kind.MESSAGE, "language": "en", "subject": "About {team}"}
    return MailTemplate.objects.create(body=body, **(usual | facts))


@pytest.mark.parametrize("body", ["", "Dear {name},", "Dear {name},\n\n{text}\n\nYours", "{text}{text}", "{unknown}"])
def test_a_template_loses_nobody_s_words(world: World, body: str) -> None:
    template(body)
    world.answers("It is back.\n\nIn blue.")
    mail = last_to_v(world)
    assert "It is back.\n\nIn blue." in text_of(mail)
    assert "It is back." in html_of(mail)
    assert mail["Subject"] in {f"About {world.group.name}", "Re: A question"}


def test_words_in_braces_are_words(world: World) -> None:
    world.answers("Use {team} and {text} and {link} as they are: {0} %(name)s")
    assert "Use {team} and {text} and {link} as they are: {0} %(name)s" in text_of(last_to_v(world))


def test_markup_in_words_is_words(world: World) -> None:
    world.answers("<b>bold</b> & <script>alert(1)</script>")
    mail = last_to_v(world)
    assert "<script>alert(1)" in text_of(mail)
    assert "<script>" not in html_of(mail)
    assert "&lt;script&gt;" in html_of(mail)


# --- subjects --------------------------------------------------------------------------------------------------------


@pytest.mark.once
@pytest.mark.parametrize(
    ("subject", "bare"),
    [
        ("Re: Re: AW: sv: Parcel", "Parcel"),
        ("RE:Parcel", "Parcel"),
        ("Regarding: x", "Regarding: x"),
        ("re:", ""),
        ("", ""),
        ("Aw", "Aw"),
    ],
)
def test_answers_to_answers_are_answers_once(subject: str, bare: str) -> None:
    assert _without_re(subject) == bare


@pytest.mark.once
@given(st.text(max_size=30), st.lists(st.sampled_from(["Re:", "AW: ", "sv: ", " re: "]), max_size=6))
def test_whatever_stands_before_a_subject_is_taken_off_once_and_for_all(subject: str, before: list[str]) -> None:
    bare = _without_re("".join(before).lstrip() + subject)
    assert _without_re(bare) == bare
    assert subject.strip().endswith(bare.strip()) or not bare


def test_the_thread_keeps_the_subject_it_began_with(world: World) -> None:
    world.receives(letter(V, "Hello", to=world.t_v, subject="AW: Re: My lamp"), world.t_v)
    world.receives(letter(V, "And another thing", to=world.t_v, subject="Something else"), world.t_v)
    world.answers("It is back.")
    assert last_to_v(world)["Subject"] == "Re: My lamp"


# --- pictures --------------------------------------------------------------------------------------------------------


@pytest.mark.once
@pytest.mark.parametrize(
    ("image", "placed"),
    [
        ('<img data-cid="a" alt="A lamp">', '<img src="cid:new" alt="A lamp">'),
        ('<img data-cid="b" alt="A lamp">', "A lamp"),
        ('<img data-cid="b">', ""),
        ('<img src="https://x.test/p.gif" alt="&lt;b&gt;">', "&lt;b&gt;"),
        ('<img data-cid="a" alt="&quot; onerror=&quot;x">', '<img src="cid:new" alt="&quot; onerror=&quot;x">'),
    ],
)
def test_a_picture_stands_in_its_place_or_its_words_do(image: str, placed: str) -> None:
    assert _placed(image, {"a": "new"}) == placed


@pytest.mark.once
@given(st.text(alphabet=" <>\"'=&;abonerrx/", max_size=40))
def test_no_words_of_a_picture_become_markup(words: str) -> None:
    image = f'<img data-cid="a" alt="{words.replace(chr(34), "&quot;").replace(">", "&gt;")}">'
    found = _placed(image, {"a": "new"})
    assert (found.count("<"), found.count(">")) == (1, 1)
    assert found.count('"') == 4


# --- languages -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [("de", "de"), ("de-AT", "de"), ("ar", "ar"), ("xx", "en"), ("", "en"), ("../de", "en"), ("DE", "en"), ("-", "en")],
)
def test_a_mail_speaks_a_language_that_the_desk_has(world: World, asked: str, spoken: str) -> None:
    world.conversation.request.language = asked[:10]
    world.conversation.request.save()
    mail = OutgoingMail.objects.create(kind="relay", conversation=world.conversation, to=world.to_v, message_id="m")
    assert language_of(mail) == spoken
    mail.to = world.to_o
    assert language_of(mail) == "en", "people of the desk read the desk's own"


def test_a_visitor_who_reads_from_right_to_left_gets_a_page_that_does(world: World) -> None:
    world.conversation.request.language = "ar"
    world.conversation.request.save()
    world.answers("مرحبا")
    mail = last_to_v(world)
    assert 'dir="rtl"' in html_of(mail)
    assert "مرحبا" in text_of(mail)


# --- nothing to say any more -----------------------------------------------------------------------------------------


def test_what_the_visitor_has_read_meanwhile_in_the_chat_is_not_in_a_later_mail(world: World) -> None:
    world.answers("First")
    mail = last_to_v(world)
    assert "First" in text_of(mail)
    world.answers("Second")
    assert "First" not in text_of(last_to_v(world))


def test_who_was_given_no_words_gets_no_mail(world: World) -> None:
    Conversation.objects.filter(pk=world.conversation.pk).update(last_seq=50)
    make_membership(world.group, make_operator("ann"))
    assert world.out() == []
    assert not OutgoingMail.objects.exists()
