from __future__ import annotations

from pytest_django.fixtures import Settings

from accounts.sealing import seal, unseal


def test_what_is_sealed_opens_again_and_reads_like_nothing() -> None:
    sealed = seal("pässword")
    assert unseal(sealed) == "pässword"
    assert "ssword" not in sealed
    assert seal("pässword") != sealed


def test_nothing_stays_nothing() -> None:
    assert seal("") == ""
    assert unseal("") == ""


def test_another_desk_opens_nothing(settings: Settings) -> None:
    sealed = seal("secret")
    settings.SECRET_KEY = "another key of another desk"
    assert unseal(sealed) == ""


def test_an_old_key_still_opens_what_it_sealed(settings: Settings) -> None:
    sealed = seal("secret")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "a new key"
    assert unseal(sealed) == "secret"


def test_what_was_tampered_with_is_nothing() -> None:
    assert unseal(seal("secret")[:-4] + "AAAA") == ""
    assert unseal("no seal at all") == ""
