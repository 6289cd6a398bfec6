"""Which mails a machine wrote."""

from __future__ import annotations

import pytest

from tests.mail.letters import letter
from tests.mail.people import V
from tickets.reading.machine import is_answer, is_null_sender, machine_reason, sounds_automatic
from tickets.reading.message import Message, read

OURS, MARK = "relay.test", "our-mark"


def a_mail(**headers: str) -> Message:
    return read(letter(V, headers={name.replace("_", "-"): value for name, value in headers.items()}))


def reason(message: Message, sender: str = V.address) -> str:
    return machine_reason(message, sender, OURS, MARK)


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("Auto-Submitted", "auto-replied", "auto-submitted"),
        ("Auto-Submitted", "auto-generated; type=x", "auto-submitted"),
        ("Auto-Submitted", "AUTO-NOTIFIED (by a program)", "auto-submitted"),
        ("Precedence", "bulk", "precedence"),
        ("Precedence", "Junk", "precedence"),
        ("Precedence", "auto_reply", "precedence"),
        ("List-Id", "<news.else.test>", "list"),
        ("List-Unsubscribe", "<https://else.test/u>", "list"),
        ("X-Auto-Response-Suppress", "OOF, AutoReply", "autoreply"),
        ("X-Autoreply", "yes", "autoreply"),
        ("X-Autorespond", "A question", "autoreply"),
        ("X-Loop", "yes", "x-loop"),
        ("Return-Path", "<>", ""),
        ("From", "MAILER-DAEMON@home.test", "mailer"),
        ("From", "No Reply <no-reply@shop.test>", "mailer"),
        ("From", "donotreply@shop.test", "mailer"),
        ("From", "noreply+case12@shop.test", "mailer"),
        ("From", f"t-{'a' * 26}@RELAY.test", "own"),
        ("X-Desk-Relay", MARK, "loop"),
    ],
)
def test_one_sign_is_enough(name: str, value: str, why: str) -> None:
    assert reason(a_mail(**{name: value})) == why


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Auto-Submitted", "no"),
        ("Auto-Submitted", ""),
        ("Precedence", "first-class"),
        ("X-Auto-Response-Suppress", "None"),
        ("X-Loop", "someone@else.test"),
        ("X-Desk-Relay", "the mark of another desk"),
        ("From", "Norbert Reply <n.reply@home.test>"),
        ("From", "x@notrelay.test"),
        ("Subject", "Automatic reply: A question"),
    ],
)
def test_people_write_such_things(name: str, value: str) -> None:
    assert reason(a_mail(**{name: value})) == ""


def test_the_envelope_counts_and_is_believed_first() -> None:
    assert reason(a_mail(), "<>") == "null sender"
    assert reason(a_mail(Return_Path="<>"), "") == "null sender"
    assert reason(a_mail(), f"b-x@{OURS}") == "own"
    assert not is_null_sender(a_mail(Return_Path="<>"), V.address)
    assert not is_null_sender(a_mail(), "")


def test_without_a_domain_and_a_mark_nothing_is_ours() -> None:
    assert machine_reason(a_mail(X_Desk_Relay="", From="x@relay.test"), V.address, "", "") == ""


@pytest.mark.parametrize(
    "subject",
    [
        "Out of Office: A question",
        "Re: Automatic reply: A question",
        "AUTO: away",
        "Abwesenheitsnotiz",
        "Urlaub bis Montag",
        "Réponse automatique : bonjour",
        "Absence du bureau",
        "Respuesta automática",
        "Fuera de la oficina",
        "Resposta automática: olá",
        "Risposta automatica: ciao",
        "Automatisch antwoord: hallo",
        "Autosvar: hej",
        "Automatyczna odpowiedź",
        "Автоответ: привет",
        "自動返信: 質問",
        "自动回复",
        "[자동 회신] 질문",
        "رد تلقائي",
    ],
)
def test_subjects_of_answering_machines(subject: str) -> None:
    assert sounds_automatic(subject)
    assert is_answer(a_mail(Subject=subject))


@pytest.mark.parametrize(
    "subject",
    ["A question", "Automobile", "Autocad licence", "Is the office open?", "", "Office hours"],
)
def test_subjects_of_people(subject: str) -> None:
    assert not sounds_automatic(subject)
    assert not is_answer(a_mail(Subject=subject))
