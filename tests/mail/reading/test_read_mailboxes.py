"""Who a mail says it is from: read in one way, and marked where others could read it in another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.reading.mailboxes import Mailbox, mailboxes

pytestmark = pytest.mark.once

SOUND = [
    ("v@home.test", ("", "v@home.test")),
    ("Vera <v@home.test>", ("Vera", "v@home.test")),
    ('"Real, Vera" <v@home.test>', ("Real, Vera", "v@home.test")),
    ('"v@home.test" <x@else.test>', ("v@home.test", "x@else.test")),
    ("<v@home.test>", ("", "v@home.test")),
    ("v@home.test (Vera)", ("Vera", "v@home.test")),
    ("=?utf-8?q?J=C3=B6rg?= <j@home.test>", ("Jörg", "j@home.test")),
    ("=?utf-8?q?v=40home=2Etest?= <j@home.test>", ("v@home.test", "j@home.test")),
    ("V.Real+desk@Home.Test", ("", "V.Real+desk@Home.Test")),
    ('"odd local"@home.test', None),
    ('"odd.local"@home.test', ("", '"odd.local"@home.test')),
    ("Jörg <jörg@müller.test>", ("Jörg", "jörg@müller.test")),
    ("v@[192.0.2.1]", ("", "v@[192.0.2.1]")),
]


@pytest.mark.parametrize(("field", "found"), SOUND)
def test_one_clear_address_is_sound(field: str, found: tuple[str, str] | None) -> None:
    (mailbox,) = mailboxes(field)
    assert mailbox.is_sound == (found is not None)
    assert found is None or (mailbox.name, mailbox.address) == found


UNSOUND = [
    "a@x.test <b@y.test>",
    "alice@example.org)bob@evil.test",
    "alice@example.org <bob@evil.test",
    "bob@evil.test> alice@example.org",
    "<a@x.test> <b@y.test>",
    "a@b@c.test",
    "a@x.test b@y.test",
    "Vera",
    "Vera <>",
    "v@home..test",
    ".v@home.test",
    "v@-home.test",
    '"unclosed <v@home.test>',
    "v@home.test (unclosed",
    "v @home.test x",
    "=?utf-8?q?v=40home=2Etest?=",
    "=?utf-8?q?<v@home.test>,?= <x@else.test>",
    "=?utf-8?q?Vera,?= <x@else.test>",
]


@pytest.mark.parametrize("field", UNSOUND)
def test_what_two_programs_could_read_differently_is_not_sound(field: str) -> None:
    assert not any(mailbox.is_sound for mailbox in mailboxes(field))


def test_several_are_told_apart_and_groups_are_opened() -> None:
    found = mailboxes('A <a@x.test>, "b, c" <b@x.test>; Team: d@x.test, e@x.test;')
    assert [each.address for each in found] == ["a@x.test", "b@x.test", "d@x.test", "e@x.test"]


def test_an_empty_field_has_none() -> None:
    assert mailboxes("") == mailboxes(" , ;,") == mailboxes("undisclosed-recipients:;") == ()


def test_a_name_with_line_breaks_is_one_line() -> None:
    assert mailboxes("=?utf-8?q?a=0D=0AX:_b?= <v@home.test>") == (Mailbox("a X: b", "v@home.test", False),)


@pytest.mark.parametrize("field", ["a@b.test," * 20_000, "(" * 50_000, '"' * 50_000, "<" * 50_000])
def test_endless_fields_are_cut(field: str) -> None:
    assert len(mailboxes(field)) <= 200


@given(st.text(alphabet='ab@.<>()",;: \\\r\n=?', max_size=40))
def test_a_sound_mailbox_has_one_at_sign_and_no_space(field: str) -> None:
    for mailbox in mailboxes(field):
        if mailbox.is_sound:
            assert mailbox.address.count("@") == 1
            assert not set(mailbox.address) & set(' <>(),;:"\\\r\n') or mailbox.address.startswith('"')
