"""Nobody but the desk makes an address, an id or a return path of its own; what it made it knows again, in any case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from chatdesk.models.conversation import new_ref
from tickets.composing import ids, keys, tokens, verp

pytestmark = pytest.mark.once

NOW = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)  # in an hour that some clocks skip
DOMAIN = "relay.test"
numbers = st.integers(0, 2**63 - 1)
refs = st.one_of(st.builds(new_ref), st.text(alphabet="abcXYZ019_-", min_size=1, max_size=24)).filter(
    lambda x: x != "-"
)
words = st.text(max_size=80)


@given(st.binary(max_size=60))
def test_letters_of_base32_are_bytes_again_in_any_case(data: bytes) -> None:
    written = keys.base32(data)
    assert keys.from_base32(written) == keys.from_base32(written.upper()) == data


@given(words)
@example("a")
@example("1")
@example("ſ")
@example("\u212a" * 8)
def test_any_words_are_bytes_or_none(text: str) -> None:
    data = keys.from_base32(text)
    assert data is None or isinstance(data, bytes)


@given(words, words)
def test_a_signature_is_of_one_purpose_and_one_value(value: str, other: str) -> None:
    made = keys.short_mac("one", value)
    assert keys.is_signed("one", value, made.upper())
    assert not keys.is_signed("two", value, made)
    assert keys.is_signed("one", other, made) == (other == value)
    assert not keys.is_signed("one", value, made[:-1])
    assert not keys.is_signed("one", value, "")


@pytest.mark.parametrize("signature", ["\ud7ff" * 16, "é" * 16, "a" * 10_000, "\x00"])
def test_a_signature_of_any_letters_is_only_wrong(signature: str) -> None:
    assert not keys.is_signed("one", "value", signature)


@given(refs)
def test_every_reference_comes_back_from_its_ids(ref: str) -> None:
    for made in (ids.new_message_id(ref, DOMAIN), ids.thread_id(ref, DOMAIN)):
        assert ids.signed_conversation(made) == ids.signed_conversation(made.swapcase()) == ref
        assert ids.signed_conversation(made.strip("<>")) == ref
    assert tokens.archived_conversation(tokens.archive_local_part(ref).upper()) == ref


@given(refs, st.data())
def test_no_letter_of_an_id_can_be_changed(ref: str, data: st.DataObject) -> None:
    made = ids.new_message_id(ref, DOMAIN)
    name = made[1 : made.index("@")]
    at = data.draw(st.integers(0, len(name) - 1))
    letter = data.draw(st.sampled_from("abcdefgh234567").filter(lambda each: each != name[at]))
    assert ids.signed_conversation(f"<{name[:at]}{letter}{name[at + 1 :]}@{DOMAIN}>") is None


@pytest.mark.parametrize(
    "strange",
    [
        "",
        "<>",
        "<a@b>",
        "<" + "a" * 5000 + ".b.c@d>",
        "<x-mfrgg.thread.aaaaaaaaaaaaaaaa@relay.test>",
        "\x00",
        "<a.b.c@d e>",
    ],
)
def test_strangers_ids_name_nothing(strange: str) -> None:
    assert ids.signed_conversation(strange) is None


def test_an_id_of_no_conversation_names_none() -> None:
    assert ids.signed_conversation(ids.new_message_id("", DOMAIN)) is None


def test_an_id_is_short_enough_never_to_be_folded() -> None:
    """Programs that break a line at 78 letters break the id with it."""
    assert len("References: " + ids.thread_id(new_ref(), DOMAIN)) <= 78 + len(DOMAIN)


@given(numbers)
def test_a_return_path_names_its_mail_for_sixty_days(number: int) -> None:
    made = verp.new_verp(number, DOMAIN, NOW)
    assert len(made.partition("@")[0]) <= 64
    assert verp.is_verp(made.upper())
    for later in (timedelta(), timedelta(days=59), verp.LASTS - timedelta(hours=1)):
        assert verp.checked(made, NOW + later) == verp.Checked(number)
    assert verp.checked(f"<{made.upper()}>", NOW) == verp.Checked(number)
    assert verp.checked(made.partition("@")[0], NOW) == verp.Checked(number)


@pytest.mark.parametrize("ahead", [timedelta(days=61), timedelta(days=-1), timedelta(days=4000)])
def test_a_return_path_that_is_too_old_or_of_tomorrow_names_none(ahead: timedelta) -> None:
    made = verp.new_verp(7, DOMAIN, NOW)
    assert verp.is_verp(made)
    assert verp.checked(made, NOW + ahead) is None


@given(st.integers(0, 52), st.sampled_from("abz27"))
def test_no_letter_of_a_return_path_can_be_changed(at: int, letter: str) -> None:
    local = verp.new_verp(7, DOMAIN, NOW).partition("@")[0]
    changed = local[:at] + letter + local[at + 1 :]
    assert changed == local or verp.checked(changed, NOW) is None


def test_a_return_path_outlives_the_desks_secret_by_its_former_one(settings: Settings) -> None:
    made = verp.new_verp(7, DOMAIN, NOW)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"
    assert verp.checked(made, NOW) == verp.Checked(7)
    settings.SECRET_KEY_FALLBACKS = []
    assert verp.checked(made, NOW) is None


def test_what_one_purpose_signed_opens_no_other() -> None:
    """An id that a reader sees is no return path, and a return path is no way into an archive."""
    _v, name, signature = verp.new_verp(7, DOMAIN, NOW).partition("@")[0].split("-")
    assert tokens.archived_conversation(f"a-{name}-{signature}") is None
    _a, name, signature = tokens.archive_local_part("abc").split("-")
    assert verp.checked(f"b-{name}-{signature}@{DOMAIN}", NOW) is None
    assert ids.signed_conversation(f"<{name}.thread.{signature}@{DOMAIN}>") is None
