"""Records as JSON Lines, straight from the database: put together in SQL, so that nothing is parsed on the way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.db import connection

CHUNK = 256 * 1024
ROWS = 2000
FROM = """
FROM transcripts_exportitem i
JOIN transcripts_record r ON r.conversation_id = i.conversation_id AND r.number <= i.last
LEFT JOIN chatdesk_entry e ON e.conversation_id = r.conversation_id AND e.seq = r.seq
LEFT JOIN chatdesk_note n ON n.conversation_id = r.conversation_id AND n.number = r.note
WHERE i.export_id = %s AND i.position BETWEEN %s AND %s AND i.state <> 'skipped'
ORDER BY i.position, r.number
"""
# What an entry or a note says stands in its own row alone; PostgreSQL escapes a text as RFC 8785 (3.2.2.2) does.
LINE = """
SELECT concat('{"content":',
    CASE WHEN r.salts LIKE '{"body":%%' AND (r.content IS NULL OR r.content NOT LIKE '{"body":%%')
            AND coalesce(e.body, n.body) IS NOT NULL
        THEN concat('{"body":', to_json(coalesce(e.body, n.body)),
            CASE WHEN r.content IS NULL THEN '}' ELSE ',' || substr(r.content, 2) END)
        ELSE coalesce(r.content, '{}') END,
    ',"frame":', r.frame, ',"hash":"', r.hash, '","salts":', r.salts, '}')
"""
PARTS = "SELECT r.content, r.frame, r.hash, r.salts, coalesce(e.body, n.body)"
# A line of JSON holds no control character, so with these two as its signs CSV quotes nothing.
COPY = "COPY ({query}) TO STDOUT (FORMAT csv, DELIMITER E'\\x02', QUOTE E'\\x01', ENCODING 'UTF8')"


def lines(export_id: int, first: int, last: int) -> Iterator[bytes]:
    """The records of the export's conversations from position `first` to `last`, in chunks of whole lines.

    One statement, so one snapshot; memory does not grow with the number of records.
    """
    found = _copied(export_id, first, last) if connection.vendor == "postgresql" else _read(export_id, first, last)
    gathered, size = [], 0
    for line in found:
        gathered.append(line)
        size += len(line)
        if size >= CHUNK:
            yield b"".join(gathered)
            gathered, size = [], 0
    if gathered:
        yield b"".join(gathered)


def statement() -> str:
    """The query whose rows are the lines, on PostgreSQL; its parameters are export, first and last position."""
    return LINE + FROM


def _copied(export_id: int, first: int, last: int) -> Iterator[Any]:
    with connection.cursor() as cursor, cursor.copy(COPY.format(query=statement()), [export_id, first, last]) as copy:
        yield from copy


def _read(export_id: int, first: int, last: int) -> Iterator[bytes]:
    with connection.cursor() as cursor:
        cursor.execute(PARTS + FROM, [export_id, first, last])
        while rows := cursor.fetchmany(ROWS):
            for content, frame, digest, salts, body in rows:
                yield f"{line_of(with_body(content, salts, body), frame, digest, salts)}\n".encode()


def with_body(content: str | None, salts: str, body: str | None) -> str:
    """The record's content as one line of JSON, with the text that a row of its own keeps."""
    if body is None or not salts.startswith('{"body":') or (content or "").startswith('{"body":'):
        return content or "{}"
    said = json.dumps(body, ensure_ascii=False)
    return f'{{"body":{said}}}' if content is None else f'{{"body":{said},{content[1:]}'


def line_of(content: str, frame: str, digest: str, salts: str) -> str:
    """A record as one line: the keys in canonical order."""
    return f'{{"content":{content},"frame":{frame},"hash":"{digest}","salts":{salts}}}'
