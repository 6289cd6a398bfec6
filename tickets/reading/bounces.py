"""What a server says about a mail that could not be delivered: by RFC 3464, or in sentences, as many still do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tickets.reading import reportwords as words
from tickets.reading.deliverystatus import DELAYED, DELIVERED, FAILED, Word, has_status, word_of
from tickets.reading.machine import is_answer, is_null_sender, machine_reason
from tickets.reading.message import Message
from tickets.reading.secondopinion import Opinion, opinion
from tickets.reading.structure import split_headers
from tickets.reading.words import unfolded

HARD, SOFT, LATE, ARRIVED, PASSED_ON = "hard", "soft", "delayed", "delivered", "relayed"
ORIGINALS = frozenset({"message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global"})
NO_REPORT = frozenset({"message/disposition-notification", "message/feedback-report"})
LONGEST_DIAGNOSTIC = 1000
_ID_LINE = re.compile(r"^[ \t>|]*message-id:\s*(<[^<>\s]{1,990}>)", re.IGNORECASE | re.MULTILINE)
_ID = re.compile(r"<[^<>\s]{1,990}>")


@dataclass(frozen=True)
class Bounce:
    """`kind`: hard, soft, delayed, delivered, or relayed (passed on to where nothing more will be heard of it).

    `code` is the SMTP reply code or 0, `status` that of RFC 3463 or empty. `diagnostic` is in the server's own words,
    which name real addresses. `message_ids`: of the mails it speaks of. `blames_address`: the trouble is the recipient.
    """

    kind: str
    code: int = 0
    status: str = ""
    diagnostic: str = ""
    message_ids: tuple[str, ...] = ()
    blames_address: bool = True


def bounce_of(message: Message, envelope_from: str, *, raw: bytes = b"", came_back: bool = False) -> Bounce | None:
    """What became of a mail of ours; None for what is no report of that, such as an answer of somebody who is away.

    `envelope_from`: `<>` for the null sender, empty if unknown. `raw`: for a second opinion. `came_back`: it was sent
    to the return path of one mail, where only servers have reason to write. Never raises.
    """
    if {each.media_type for each in message.files} & NO_REPORT:
        return None
    word = word_of(message)
    if word is not None:
        return _by_word(message, word)
    if has_status(message) or message.header("X-Failed-Recipients"):
        return _by_sentences(message, None)
    return _in_doubt(message, envelope_from, raw, came_back)


def _in_doubt(message: Message, envelope_from: str, raw: bytes, came_back: bool) -> Bounce | None:
    from_server = words.is_from_server(message)
    by_subject = words.is_about_delivery(message.subject)
    is_machine = came_back or machine_reason(message, envelope_from, "", "") != ""
    if not (from_server or by_subject or is_null_sender(message, envelope_from) or (came_back and is_machine)):
        return None
    text = words.said(message)
    says_so = words.says_so(text) or words.is_delay(text)
    is_clear = from_server or by_subject
    if is_answer(message) and not _has_original(message) and not (is_clear and says_so):
        return None
    found = opinion(raw)
    if found or (says_so and (from_server or is_machine)):  # people write of mail that did not arrive, too
        return _by_sentences(message, found)
    is_servers = from_server or is_null_sender(message, envelope_from)
    return _by_sentences(message, None) if came_back and is_servers else None


def _by_word(message: Message, word: Word) -> Bounce:
    text = word.diagnostic or words.said(message)
    status = _better_status(word, text)
    return Bounce(
        kind=_kind_of(word, status, message),
        code=words.code_in(text),
        status=status,
        diagnostic=text[:LONGEST_DIAGNOSTIC],
        message_ids=_ids(message),
        blames_address=_blames_address(status, text),
    )


def _better_status(word: Word, text: str) -> str:
    """Servers that write 5.0.0 say more in the refusal that they quote."""
    return (words.status_in(text) if word.status in ("", "5.0.0", "4.0.0") else "") or word.status


def _kind_of(word: Word, status: str, message: Message) -> str:
    if word.action == FAILED:
        return SOFT if (word.status or status).startswith("4") else HARD
    if word.action == DELAYED:
        return LATE
    return ARRIVED if word.action == DELIVERED else PASSED_ON


def _by_sentences(message: Message, found: Opinion | None) -> Bounce:
    text = words.said(message)
    own = words.own_words(text)
    status, code = words.status_in(own), words.code_in(own)
    return Bounce(
        kind=_kind_in(text, status, code, found),
        code=code,
        status=status,
        diagnostic=text[:LONGEST_DIAGNOSTIC],
        message_ids=_ids(message),
        blames_address=_blames_address(status, text),
    )


def _kind_in(text: str, status: str, code: int, found: Opinion | None) -> str:
    if words.is_delay(text) or (found is not None and found.is_temporary):
        return LATE
    if status.startswith("4") or (not status and 400 <= code < 500):
        return SOFT
    return SOFT if not status and not code and words.is_full(text) else HARD


def _blames_address(status: str, text: str) -> bool:
    """A refused content or a strict rule says nothing of the address (RFC 3463, subjects 3, 6 and 7)."""
    if status[2:3] in ("3", "6", "7"):
        return False
    return status[2:3] == "1" or not words.blames_content(words.own_words(text))


def _has_original(message: Message) -> bool:
    return any(each.media_type in ORIGINALS for each in message.files)


def _ids(message: Message) -> tuple[str, ...]:
    """The nearest first: of what is enclosed, of what is quoted, and of what the report says it answers."""
    quoted = _ID_LINE.findall(message.text)
    found = [*_enclosed_ids(message), *quoted, *message.in_reply_to, *message.references]
    return tuple(dict.fromkeys(found))[:20]


def _enclosed_ids(message: Message) -> Iterator[str]:
    for each in message.files:
        if each.media_type in ORIGINALS:
            headers, _body = split_headers(each.data[:200_000].lstrip(b"\r\n"))
            values = (unfolded(value) for name, value in headers if name == "message-id")
            yield from (found for value in values for found in _ID.findall(value))
