"""Plain text: every spelling of an address goes, everything else stays, and it takes time in proportion."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.tickets.masking.spellings import spellings, surroundings, texts
from tickets.masking import Rules, What, Words, mask_text

RULES = Rules(
    protected=frozenset({"v.real@home.test", "o.real@va.test", "o'neil+x@va.test"}),
    shown={"o.real@va.test": "Olga", "t-abcdefghijklmnopqrstuvwxyz@relay.test": "Vera"},
    allowed=frozenset({"info@company.test", "@shop.test", "support@relay.test"}),
    masks_phones=True,
    relay_domain="relay.test",
    hosts=frozenset({"home.test", "198.51.100.23"}),
)
ADDRESS, LINK, NUMBER = "[address hidden]", "[link hidden]", "[number hidden]"
MEGABYTE = 1_000_000


def shown(text: str, rules: Rules = RULES) -> str:
    return mask_text(text, rules).text


@given(before=surroundings, spelling=spellings(), after=surroundings)
@settings(max_examples=300, deadline=None)
@example(before="", spelling="v.real@home.test", after="Hallo")
@example(before="a<", spelling="v.real@home.test", after=">")
def test_no_spelling_between_any_words_survives(before: str, spelling: str, after: str) -> None:
    masked = mask_text(f"{before} {spelling} {after}", RULES)
    assert masked.found
    folded = masked.text.lower().replace("\uff20", "@")
    assert "home" not in folded
    assert "real" not in folded


@given(text=texts)
@settings(max_examples=300, deadline=None)
@example(text="a@b.com@c.com@d.com")
@example(text="a@b.com\u00ada@b.com")
@example(text="v.real@home.testv.real@home.test")
def test_masking_twice_is_masking_once(text: str) -> None:
    once = mask_text(text, RULES)
    assert mask_text(once.text, RULES).text == once.text


@given(text=st.text(alphabet="abc \n.,:;!?()äöü0123456789", max_size=200))
@settings(max_examples=200, deadline=None)
def test_text_without_an_address_stays_to_the_letter(text: str) -> None:
    rules = Rules(protected=RULES.protected)
    assert mask_text(text, rules).text == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("write to o.real@va.test!", "write to Olga!"),
        ("a <o.real@va.test> b", "a <Olga> b"),
        ("t-abcdefghijklmnopqrstuvwxyz@relay.test", "Vera"),
        ("T-ABCDEFGHIJKLMNOPQRSTUVWXYZ@RELAY.TEST", "Vera"),
        ("t-zzzzzzzzzzzzzzzzzzzzzzzzzz@relay.test", ADDRESS),
        ("o'neil+x@va.test and oneil", f"{ADDRESS} and oneil"),
        ("new@else.test.", f"{ADDRESS}."),
        ("josé@münchen.de", ADDRESS),
        ("x@xn--mnchen-3ya.de", ADDRESS),
        ("请写信到v.real@home.test谢谢", f"请写信到{ADDRESS}谢谢"),
        ("v.real@home.testHallo", f"{ADDRESS}Hallo"),
        ("v.real@[198.51.100.23]", ADDRESS),
        ("see www.home.test/x?y. Bye", f"see {LINK}. Bye"),
        ("https://shop.home.test:8080/a", LINK),
        ("bob (at) gmail (dot) com", ADDRESS),
        ("bob at gmail dot com", ADDRESS),
        ("v.real(a)home.test, f(a)b.com", f"{ADDRESS}, f(a)b.com"),
        ("From: =?utf-8?b?di5yZWFsQGhvbWUudGVzdA==?= <x>", f"From: {ADDRESS} <x>"),
        ("=?utf-8?q?v=2Ereal?=\n =?utf-8?b?QGhvbWUudGVzdA==?=", ADDRESS),
        ("=?utf-8?q?Gr=C3=BC=C3=9Fe?= =?x?q?", "=?utf-8?q?Gr=C3=BC=C3=9Fe?= =?x?q?"),
        ("from 198.51.100.23:", f"from {LINK}:"),
        ("'v.real@home.test'", f"'{ADDRESS}'"),
        ('"v.real"@home.test', ADDRESS),
    ],
)
def test_what_is_masked(text: str, expected: str) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "A@12", "@mention", "user@host",
        "ssh root@10.0.0.1", "logo@2x.png", "left@1.2.3", "5 @ 3.50",
        "Thanks @john.me", "look at google.com", "info@company.test",
        "any.body@shop.test", "support@relay.test", "myhome.test",
        "home.test.org", "at home. Test", "x@y", "@", "a@", "@b.com", "198.51.100.234",
    ],
)  # fmt: skip
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert shown(text) == text


@pytest.mark.parametrize(
    "number",
    [
        "+49 89 636-48018",
        "0049 89 63648018",
        "(212) 555-0123",
        "212-555-0123",
        "Tel: 089 636480",
        "mobile 0151/23456789",
    ],
)
def test_telephone_numbers_are_masked_by_rule(number: str) -> None:
    assert NUMBER in shown(f"Call {number}, please")
    assert mask_text(f"Call {number}, please", Rules()).found == ()


@pytest.mark.parametrize(
    "text",
    [
        "Order 4711-2024-000123", "2024-01-02 10:00:00", "22.11.2026", "1 234 567,89 EUR",
        "IBAN DE89 3704 0044 0532 0130 00",
        "123-456-7890", "Version 10.0.19045.3693", "ISBN 978-3-16-148410-0", "0.123456789", "1+2345678901",
    ],
)  # fmt: skip
def test_other_numbers_are_not_telephones(text: str) -> None:
    assert shown(text) == text


def test_links_by_rule_but_never_our_own() -> None:
    rules = Rules(masks_links=True, own_hosts=frozenset({"desk.example"}), allowed=frozenset({"@shop.test"}))
    told = "https://else.test/a, www.else.test, https://desk.example/x, http://www.shop.test/y"
    assert shown(told, rules) == f"{LINK}, {LINK}, https://desk.example/x, http://www.shop.test/y"


def test_keys_and_signatures_go_whole() -> None:
    told = "a\n-----BEGIN PGP SIGNATURE-----\nabc\n-----END PGP SIGNATURE-----\nb\n-----BEGIN CERTIFICATE-----\nabc"
    assert shown(told) == "a\n[key removed]\nb\n[key removed]"


def test_protected_people_are_told_from_strangers() -> None:
    found = mask_text("v.real@home.test new@else.test t-x@relay.test", RULES).found
    assert [each.kind for each in found] == [What.PROTECTED, What.ADDRESS, What.TOKEN]
    assert [each.original for each in found] == ["v.real@home.test", "new@else.test", "t-x@relay.test"]


def test_a_protected_person_s_address_goes_even_if_their_domain_may_stay() -> None:
    rules = Rules(protected=frozenset({"o@shop.test"}), allowed=frozenset({"@shop.test"}))
    assert shown("o@shop.test i@shop.test", rules) == f"{ADDRESS} i@shop.test"


def test_the_words_are_the_callers() -> None:
    assert shown("a@b.com", Rules(words=Words(address="[versteckt]"))) == "[versteckt]"


@pytest.mark.parametrize(
    "piece",
    [
        "Hello, this is a letter.\n", "v.real@home.test ", "@", "a@", "(at)", " at ", "%40", "&#64;", "&", "<a ",
        "home.test.", "home.test ", "+49 89 1", "1 ", "\u200b", "\uff20", "https://",
        "-----BEGIN CERTIFICATE-----", '"',
        "x.", "tel ", "=\n",
    ],
)  # fmt: skip
def test_time_grows_with_the_length_alone(piece: str) -> None:
    """Ten times the text must not take much more than ten times as long; measured in the process's own time."""
    small, large = (_seconds(piece * (size // len(piece))) for size in (MEGABYTE // 50, MEGABYTE // 5))
    assert large < 0.3 + 30 * small


def _seconds(text: str) -> float:
    began = time.process_time()
    mask_text(text, RULES)
    return time.process_time() - began


def test_a_megabyte_takes_less_than_a_second() -> None:
    assert _seconds("Dear Olga, my address is v.real@home.test, see you soon. Vera\n" * (MEGABYTE // 62)) < 1
