"""Records as JSON Lines, straight from the database: put together in SQL, so that nothing is parsed on the way."""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.db import connection

CHUNK = 256 * 1024
ROWS = 2000
BLOCK = 64  # records that the database puts together at once
SAID = """
LEFT JOIN chatdesk_entry e ON e.conversation_id = r.conversation_id AND e.seq = r.seq
LEFT JOIN chatdesk_note n ON n.conversation_id = r.conversation_id AND n.number = r.note
"""
# What an entry or a note says stands in its own row alone; PostgreSQL escapes a text as RFC 8785 (3.2.2.2) does.
LINE = """
SELECT concat('{"content":',
    CASE WHEN r.salts LIKE '{"body":%%' AND (r.content IS NULL OR r.content NOT LIKE '{"body":%%')
            AND coalesce(e.body, n.body) IS NOT NULL
        THEN concat('{"body":', to_json(coalesce(e.body, n.body)),
            CASE WHEN r.content IS NULL THEN '}' ELSE ',' || substr(r.content, 2) END)
        ELSE coalesce(r.content, '{}') END,
    ',"frame":', r.frame, ',"hash":"', r.hash, '","salts":', r.salts, E'}\\n')
"""
# Whole blocks of lines, as each row of an answer costs the reader more than its bytes do.
BLOCKS = f"""
SELECT i.position, array_to_string(ARRAY({LINE}
    FROM transcripts_record r {SAID}
    WHERE r.conversation_id = i.conversation_id
        AND r.number > b.n * {BLOCK} AND r.number <= least(i.last, b.n * {BLOCK} + {BLOCK})
    ORDER BY r.number), '')
FROM transcripts_exportitem i CROSS JOIN LATERAL generate_series(0, (i.last - 1) / {BLOCK}) AS b(n)
WHERE i.export_id = %s AND i.position BETWEEN %s AND %s
ORDER BY i.position, b.n
"""  # noqa: S608 - of constants alone
COPY = f"COPY ({BLOCKS}) TO STDOUT (FORMAT binary)"
PARTS = f"""
SELECT i.position, r.content, r.frame, r.hash, r.salts, coalesce(e.body, n.body)
FROM transcripts_exportitem i JOIN transcripts_record r ON r.conversation_id = i.conversation_id AND r.number <= i.last
{SAID}
WHERE i.export_id = %s AND i.position BETWEEN %s AND %s
ORDER BY i.position, r.number
"""  # noqa: S608 - of constants alone


def lines(export_id: int, first: int, last: int, found: set[int]) -> Iterator[bytes]:
    """The records of the export's conversations from position `first` to `last`, in chunks of whole lines.

    One statement, so one snapshot; memory does not grow with the number of records. `found` gets the positions of
    the conversations that had any.
    """
    blocks = _copied if connection.vendor == "postgresql" else _read
    gathered, size = [], 0
    for position, block in blocks(export_id, first, last):
        found.add(position)
        gathered.append(block)
        size += len(block)
        if size >= CHUNK:
            yield b"".join(gathered)
            gathered, size = [], 0
    if gathered:
        yield b"".join(gathered)


def _copied(export_id: int, first: int, last: int) -> Iterator[tuple[int, bytes]]:
    with connection.cursor() as cursor:
        cursor.execute("SET jit = off")  # compiling takes longer than a batch
        with cursor.copy(COPY, [export_id, first, last]) as copy:
            copy.set_types(["int4", "bytea"])  # a text is its bytes, and bytes are what is wanted
            yield from ((position, block) for position, block in copy.rows() if block)


def _read(export_id: int, first: int, last: int) -> Iterator[tuple[int, bytes]]:
    with connection.cursor() as cursor:
        cursor.execute(PARTS, [export_id, first, last])
        while rows := cursor.fetchmany(ROWS):
            for position, content, frame, digest, salts, body in rows:
                line = f"{line_of(with_body(content, salts, body), frame, digest, salts)}\n"
                yield position, line.encode()


def with_body(content: str | None, salts: str, body: str | None) -> str:
    """The record's content as one line of JSON, with the text that a row of its own keeps."""
    if body is None or not salts.startswith('{"body":') or (content or "").startswith('{"body":'):
        return content or "{}"
    said = json.dumps(body, ensure_ascii=False)
    return f'{{"body":{said}}}' if content is None else f'{{"body":{said},{content[1:]}'


def line_of(content: str, frame: str, digest: str, salts: str) -> str:
    """A record as one line: the keys in canonical order."""
    return f'{{"content":{content},"frame":{frame},"hash":"{digest}","salts":{salts}}}'
