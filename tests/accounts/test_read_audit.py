"""What people read in a row of the audit log."""

from __future__ import annotations

import pytest

from accounts.templatetags.audit import fact, kind_of_object


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("Sales", "Sales"),
        (3, "3"),
        (False, "False"),
        (None, "–"),
        ("", "–"),
        ([], ""),
        (["a", 2], "a, 2"),
        ({"start": "17:45", "end": "22:15"}, "start: 17:45, end: 22:15"),
        ({"Evan": {"chat_limit": 3, "languages": ["de", "en"]}}, "Evan: chat_limit: 3, languages: de, en"),
        ({"note": "<b>bold</b>"}, "note: <b>bold</b>"),
    ],
)
def test_values_are_read_without_their_notation(value: object, words: str) -> None:
    assert fact(value) == words


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("accounts.usertype", "User type"),
        ("routing.group", "Routing group"),
        ("gone.model", "gone.model"),
        ("nothing", "nothing"),
        ("", ""),
    ],
)
def test_objects_are_called_what_the_settings_call_them(label: str, words: str) -> None:
    assert kind_of_object(label) == words
