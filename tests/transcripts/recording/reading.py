"""Reading records back, without the code that wrote them."""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from chatdesk.models import Conversation, Entry, Note
from transcripts.models import Chain, Record


def records(conversation: Conversation) -> list[Record]:
    return list(Record.objects.filter(conversation=conversation).order_by("number"))


def kinds(conversation: Conversation) -> list[str]:
    return [record.kind for record in records(conversation)]


def frame(record: Record) -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(record.frame)
    return whole


def frames(conversation: Conversation, kind: str) -> list[dict[str, Any]]:
    return [frame(record) for record in records(conversation) if record.kind == kind]


def content(record: Record) -> dict[str, Any]:
    """What was said, from wherever it is kept."""
    kept: dict[str, Any] = json.loads(record.content or "{}")
    if record.note is not None:
        kept["body"] = Note.objects.get(conversation=record.conversation_id, number=record.note).body
    elif record.seq is not None and record.kind != "file":
        kept["body"] = Entry.objects.get(conversation=record.conversation_id, seq=record.seq).body
    return kept


def assert_whole(conversation: Conversation) -> list[Record]:
    """Every hash follows from the one before, every commitment opens, and the chain's row knows its end."""
    found, previous = records(conversation), bytes(32)
    for number, record in enumerate(found, 1):
        said = frame(record)
        previous = hashlib.sha256(previous + hashlib.sha256(record.frame.encode()).digest()).digest()
        assert (record.number, record.hash) == (number, previous.hex())
        assert (said["number"], said["kind"], said["conversation"]) == (number, record.kind, conversation.ref)
        assert (said.get("seq"), said.get("note")) == (record.seq, record.note)
        assert json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":")) == record.frame
        assert_opens(record)
    chain = Chain.objects.get(conversation=conversation)
    assert (chain.count, chain.head) == (len(found), previous.hex())
    return found


def assert_opens(record: Record) -> None:
    said, salts, values = frame(record)["said"], json.loads(record.salts), content(record)
    assert set(salts) <= set(said)
    for field, salt in salts.items():
        text = json.dumps(values[field], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        digest = hashlib.sha256(urlsafe_b64decode(salt + "==") + text.encode()).digest()
        assert urlsafe_b64encode(digest).rstrip(b"=").decode() == said[field]
