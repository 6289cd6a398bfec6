"""The line above a quote: known in each form a program writes it, and not in sentences of people."""

from __future__ import annotations

from pathlib import Path

import pytest

from tickets.reading.replies.attributions import Sureness, attribution_at, sureness_of
from tickets.reading.replies.headblocks import role_of
from tickets.reading.replies.phrases import is_forwarded_line, is_original_line, is_sent_from
from tickets.reading.trimming import trim

pytestmark = pytest.mark.once

LINES = (Path(__file__).parent / "replies" / "attributions.list").read_text().splitlines()


@pytest.mark.parametrize("line", LINES)
def test_what_stands_below_is_folded_quoted_or_not(line: str) -> None:
    assert trim(f"New words\n\n{line}\n> Old words").visible == "New words"
    assert trim(f"New words\n\n{line}\n\nOld words\n\nOf somebody").visible == "New words"


@pytest.mark.parametrize("line", [line for line in LINES if " " in line[40:] and "----" not in line])
def test_a_line_that_was_broken_is_known_too(line: str) -> None:
    at = line.rindex(" ", 0, len(line) - 4)
    assert trim(f"New words\n\n{line[:at]}\n{line[at + 1 :]}\n\n> Old words").visible == "New words"


SENTENCES = [
    "As Ann wrote:",
    "He wrote to me on Monday.",
    "Please write to a@x.test:",
    "Here is what I need:",
    "The meeting is on 6 May 2024 at 10:12.",
    "See https://x.test/2024/05/06:",
    "Ann said:",
    "my brother <b@x.test> and I",
    "12 boxes for Ann Lee <ann@example.com>, please",
    "original: the first one",
    "He said we meet on 6 May 2024 at 10:12, so please bring:",
    "Er schrieb am 6. Mai 2024 um 10:12, dass er kommt und dies braucht:",
    "On 6 May she wrote that we need all of these things by Friday:",
    "Le 6 mai 2024 à 10:12 il a écrit que le colis contient les objets suivants:",
]


@pytest.mark.parametrize("line", SENTENCES)
def test_what_people_write_is_not_taken_for_one(line: str) -> None:
    text = f"Hello\n\n{line}\n\nMore words of the same person."
    assert trim(text).visible == text


def test_a_short_one_counts_above_a_quote_only() -> None:
    assert sureness_of("Ann wrote:") is Sureness.WEAK
    assert trim("Hello\n\nAnn wrote:\n> Old").visible == "Hello"
    assert trim("Hello\n\nAnn wrote:\nOld").visible == "Hello\n\nAnn wrote:\nOld"


def test_one_is_not_looked_for_over_blank_or_many_lines() -> None:
    assert attribution_at(["On 6 May 2024", "", "Ann wrote:"], 0) == (Sureness.NONE, 0)
    assert attribution_at(["On 6 May 2024", "a", "b", "c", "d", "Ann wrote:"], 0) == (Sureness.NONE, 0)
    assert attribution_at(["On 6 May 2024", "at 10:12", "Ann", "Lee", "wrote:"], 0) == (Sureness.SURE, 5)


@pytest.mark.parametrize(
    "line",
    [
        "Begin forwarded message:",
        "---------- Forwarded message ---------",
        "-------- Weitergeleitete Nachricht --------",
        "Anfang der weitergeleiteten Nachricht:",
        "Début du message réexpédié :",
        "---------- Mensaje reenviado ---------",
        "Inizio messaggio inoltrato:",
        "---------- Doorgestuurd bericht ---------",
        "---------- Vidarebefordrat meddelande ---------",
        "---------- Videresendt meddelelse ---------",
        "---------- Välitetty viesti ---------",
        "---------- Przekazana wiadomość ---------",
        "---------- Přeposlaná zpráva ---------",
        "-------- Пересылаемое сообщение --------",
        "---------- Переслане повідомлення ---------",
        "---------- 转发的邮件 ---------",
        "---------- 轉寄的郵件 ---------",
        "---------- 転送されたメッセージ ---------",
        "---------- 전달된 메시지 ---------",
        "---------- Yönlendirilmiş ileti ---------",
    ],
)
def test_forwarded_mails_are_kept_whole(line: str) -> None:
    assert is_forwarded_line(line)
    assert not is_original_line(line)
    text = f"Please look.\n\n{line}\nFrom: A <a@x.test>\nDate: 6 May 2024\nSubject: x\n\nThe words.\n-- \nA"
    assert trim(text).visible.split() == text.split()


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("From: x", "from"),
        ("*From:* x", "from"),
        ("**Von:** x", "from"),
        ("Envoyé : lundi", "date"),
        ("发件人：x", "from"),
        ("主　题：x", "subject"),
        ("Reply-To: x", "other"),
        ("https://x.test", ""),
        ("To be honest: x", ""),
        ("x", ""),
        ("", ""),
    ],
)
def test_header_lines_have_a_role(line: str, role: str) -> None:
    assert role_of(line) == role


@pytest.mark.parametrize(
    ("line", "always", "at_end"),
    [
        ("Sent from my iPhone", True, True),
        ("Sent from [Mail](https://x.test) for Windows", True, True),
        ("(sent from a phone)", True, True),
        ("<<sent by galaxy>>", True, True),
        ("Sent from Yahoo Mail on Android", True, True),
        ("Get Outlook for iOS<https://aka.ms/x>", True, True),
        ("Von meinem iPhone gesendet", True, True),
        ("Envoyé de mon iPhone", True, True),
        ("Inviato da iPad", True, True),
        ("從我的 iPhone 傳送", True, True),
        ("Sent from a train", False, True),
        ("Sent from the warehouse on 6 May", False, False),
        ("I sent it from my iPhone", False, False),
        ("From my point of view we can agree to all of it.", False, False),
        ("Mit freundlichen Grüßen", False, False),
    ],
)
def test_lines_of_devices_are_known(line: str, always: bool, at_end: bool) -> None:
    assert is_sent_from(line, at_end=False) == always
    assert is_sent_from(line, at_end=True) == at_end
