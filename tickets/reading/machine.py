"""Whether a machine wrote a mail (RFC 3834), and whether it is our own that came back.

No single sign is enough: programs leave out what they should say. Whatever one of them says counts.
"""

from __future__ import annotations

import re

from tickets.reading.addresses import domain_of
from tickets.reading.message import Message

NULL_SENDER = "<>"
LOOP_HEADER = "X-Desk-Relay"
LOOP, OWN = "loop", "own"
BULK = frozenset({"bulk", "list", "junk", "auto_reply", "auto-reply"})
ANSWERERS = ("X-Autoreply", "X-Autorespond", "X-Autoresponse", "X-Auto-Reply", "X-Mail-Autoreply", "X-Autoreply-From")
SENDERS = re.compile(
    r"(mailer-?daemon|post-?master|mail-?daemon|no-?_?reply|do-?_?not-?_?reply|dont-?_?reply|bounces?|auto-?(?:reply|answer))"
    r"(?:[+-].*)?",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"\([^()]*\)")
_SUBJECT = re.compile(
    r"""\s*(?:(?:re|aw|sv|antw|odp|vs)\s*:\s*)*\[?\s*(?:
    auto(?:matic|mated|matische|matisk)?[\s-]*(?:reply|response|antwort|antwoord|svar|answer)\b
    | auto\s*: | out[\s-]of[\s-](?:the[\s-])?office | i\s+am\s+(?:away|out)\b
    | away\s+from\s+(?:my\s+)?(?:the\s+)?office
    | vacation\b | on\s+(?:annual\s+)?(?:leave|vacation|holiday)\b
    | abwesenheit | abwesend | nicht\s+im\s+(?:büro|haus) | urlaub
    | r[ée]ponse\s+automatique | absence\s+du\s+bureau | absent(?:e)?\s+du\s+bureau | message\s+d.absence
    | en\s+cong[ée]s
    | respuesta\s+autom[aá]tica | fuera\s+de\s+(?:la\s+)?oficina | ausente\b
    | resposta\s+autom[aá]tica | fora\s+do\s+escrit[oó]rio
    | risposta\s+automatica | fuori\s+(?:sede|ufficio) | assente\b | assenza\b
    | automatisch\s+antwoord | afwezig(?:heid)? | niet\s+op\s+kantoor
    | autosvar | automatiskt\s+svar | frånvaro | ikke\s+til\s+stede | fraværende? | poissa\b | automaattinen\s+vastaus
    | automatyczna\s+odpowied[zź] | nieobecno[sś][cć] | autoodpowied[zź]
    | automatick[aá]\s+odpov[eě][dď] | mimo\s+kancel[aá][rř]
    | автоответ | автоматический\s+ответ | вне\s+офиса | отсутстви[ея]
    | otomatik\s+yan[ıi]t | ofis\s+d[ıi][sş][ıi]nda
    | 自動(?:返信|応答) | 不在(?:通知|応答|$) | 自动(?:回复|答复) | 自動(?:回覆|回復)
    | 외출\s*중 | 부재\s*중 | 자동\s*(?:회신|응답)
    | תשובה\s+אוטומטית | رد\s+تلقائي | الرد\s+التلقائي
    )""",
    re.IGNORECASE | re.VERBOSE,
)


def machine_reason(message: Message, envelope_from: str, own_domain: str, loop_mark: str) -> str:
    """Why it counts as written by a machine, in a word; empty for a person.

    `envelope_from` is `<>` for the null sender and empty if it is not known. `own_domain`: where our addresses are.
    `loop_mark`: what X-Desk-Relay says on mail that this desk wrote by itself.
    """
    if loop_mark and loop_mark in (value.strip() for value in message.header(LOOP_HEADER)):
        return LOOP
    if own_domain and own_domain.lower() in _domains(message, envelope_from):
        return OWN
    return _by_headers(message) or _by_sender(message, envelope_from)


def is_null_sender(message: Message, envelope_from: str) -> bool:
    """Whether nobody wants to hear what becomes of it: by the envelope, or by what a server wrote down of that."""
    paths = message.header("Return-Path")
    return envelope_from == NULL_SENDER or (not envelope_from and bool(paths) and paths[0].strip() == NULL_SENDER)


def sounds_automatic(subject: str) -> bool:
    """Whether the subject is one of answering machines. Not enough to say so, but enough not to answer it."""
    return _SUBJECT.match(subject[:300]) is not None


def is_answer(message: Message) -> bool:
    """Whether it answers by itself for a person who is away, which says that their mail works."""
    said = {_token(value) for value in message.header("Auto-Submitted")}
    answers = "auto-replied" in said or any(message.header(name) for name in ANSWERERS)
    return answers or sounds_automatic(message.subject)


def _domains(message: Message, envelope_from: str) -> set[str]:
    return {domain_of(each.address) for each in message.senders} | {domain_of(envelope_from)}


def _by_headers(message: Message) -> str:
    if any(_token(value) not in ("no", "") for value in message.header("Auto-Submitted")):
        return "auto-submitted"
    if any(_token(value) in BULK for value in message.header("Precedence")):
        return "precedence"
    if any(name.startswith("list-") for name, _value in message.headers):
        return "list"
    suppressed = {_token(value) for value in message.header("X-Auto-Response-Suppress")}
    if suppressed - {"none", ""} or any(message.header(name) for name in ANSWERERS):
        return "autoreply"
    looped = {_token(value) for value in message.header("X-Loop")}
    return "x-loop" if looped & {"yes", "true"} else ""


def _by_sender(message: Message, envelope_from: str) -> str:
    if is_null_sender(message, envelope_from):
        return "null sender"
    locals_ = [each.address.partition("@")[0] for each in message.senders]
    return "mailer" if any(SENDERS.fullmatch(each) for each in locals_) else ""


def _token(value: str) -> str:
    """The first word of a value, in lower case, without comments and parameters."""
    return _COMMENT.sub("", value).partition(";")[0].strip().lower()
