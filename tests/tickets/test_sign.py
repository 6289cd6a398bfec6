"""What the desk signs: tokens, Message-IDs and envelope senders that nobody else can make."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from chatdesk.models.conversation import new_ref
from tickets.composing import ids, tokens, verp

REF = "AbCdEfGhIjKlMnOpQrSt-w"
DOMAIN = "relay.test"


def test_a_token_is_26_letters_that_survive_any_case() -> None:
    local = tokens.local_part("nonce")
    assert tokens.LOCAL_PART.fullmatch(local)
    assert tokens.LOCAL_PART.fullmatch(local.upper())
    assert tokens.token_hash(local) == tokens.token_hash(local.upper())
    assert tokens.local_part("nonce") == local != tokens.local_part("other")


def test_a_token_outlives_the_desk_s_secret(settings: Settings) -> None:
    local = tokens.local_part("nonce")
    kept = tokens.token_hash(local)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    assert kept in tokens.token_hashes(local)
    assert tokens.kept_local_part("nonce", kept) == local
    assert tokens.local_part("nonce") != local


def test_a_token_of_a_secret_that_is_gone_is_made_anew() -> None:
    assert tokens.kept_local_part("nonce", "unknown") == tokens.local_part("nonce")


def test_the_archive_s_address_names_its_conversation() -> None:
    local = tokens.archive_local_part(REF)
    assert len(local) <= 64
    assert tokens.archived_conversation(local.upper()) == REF


@pytest.mark.parametrize("local", ["a-mfrgg-aaaaaaaaaaaaaaaa", "a-", "t-mfrgg", "a-1-aaaaaaaaaaaaaaaa"])
def test_a_forged_archive_address_names_none(local: str) -> None:
    assert tokens.archived_conversation(local) is None


def test_an_id_names_its_conversation() -> None:
    made = ids.new_message_id(REF, DOMAIN)
    assert made.endswith("@relay.test>")
    assert ids.signed_conversation(made) == REF
    assert ids.signed_conversation(made.upper()) == REF
    assert ids.new_message_id(REF, DOMAIN) != made


def test_the_thread_s_id_is_always_the_same() -> None:
    assert ids.thread_id(REF, DOMAIN) == ids.thread_id(REF, DOMAIN)
    assert ids.signed_conversation(ids.thread_id(REF, DOMAIN)) == REF


def test_an_id_of_no_conversation_names_none() -> None:
    assert ids.signed_conversation(ids.new_message_id("", DOMAIN)) is None


def test_a_changed_id_is_not_ours() -> None:
    made = ids.new_message_id(REF, DOMAIN)
    for place in (1, len(made) // 2):
        changed = made[:place] + ("a" if made[place] != "a" else "b") + made[place + 1 :]
        assert ids.signed_conversation(changed) is None
    for foreign in ("", "<x@y.z>", "<[x]@y>", "<a.b.c@relay.test>"):
        assert ids.signed_conversation(foreign) is None


def test_an_id_survives_a_change_of_secret(settings: Settings) -> None:
    made = ids.new_message_id(REF, DOMAIN)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    assert ids.signed_conversation(made) == REF


def test_an_envelope_sender_names_its_mail_for_60_days() -> None:
    now = timezone.now()
    made = verp.new_verp(4711, DOMAIN, now)
    assert len(made.partition("@")[0]) <= 64
    assert verp.checked(f"<{made.upper()}>", now) == verp.Checked(4711)
    assert verp.checked(made, now + timedelta(days=59)) == verp.Checked(4711)
    assert verp.checked(made, now + timedelta(days=61)) is None
    assert verp.is_verp(made)


def test_a_forged_envelope_sender_is_none_of_ours() -> None:
    made = verp.new_verp(1, DOMAIN)
    forged = made.replace(made[-12], "a" if made[-12] != "a" else "b", 1)
    signature = made.partition("@")[0].rpartition("-")[2]
    assert verp.checked(made.replace(signature, "a" * 16)) is None
    assert verp.checked(forged.replace("b-", "x-", 1)) is None
    assert verp.is_verp(made.replace(signature, "a" * 16))
    assert not verp.is_verp("v.real@home.test")


def test_the_mark_against_loops_is_the_desk_s_own(settings: Settings) -> None:
    mark = ids.loop_mark()
    settings.SECRET_KEY = "another"
    assert ids.loop_mark() != mark


def test_an_id_is_short_enough_for_programs_that_break_long_ones() -> None:
    assert len(ids.new_message_id(new_ref(), "mail.example.org")) < 78


@pytest.mark.parametrize("ref", ["short", "A" * 22, "A" * 21 + "B", "ünusual", "A" * 16])
def test_any_ref_comes_back_as_it_was(ref: str) -> None:
    assert ids.signed_conversation(ids.new_message_id(ref, DOMAIN)) == ref
