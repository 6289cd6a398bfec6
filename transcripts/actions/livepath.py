"""The live chat's write path on PostgreSQL: number, store and record a batch of messages in one statement.

What `Head.link_words` does, said in SQL, so that a record costs a busy desk no second round trip. Both write the same
bytes, which tests hold. A conversation whose chain is not begun yet is left out: the ledger then takes the other way.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from chatdesk.actions.ledger import Post, Statement
from transcripts.kinds import WORDS
from transcripts.proof.commitment import SALT_BYTES

SQL = """
WITH RECURSIVE post AS (
    SELECT * FROM unnest(%s::bigint[], %s::int[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::bytea[])
        AS t(conversation_id, n, participant_id, kind, body, client_id, salt)
), head AS (
    SELECT c.id, c.ref, c.last_seq, greatest(c.last_at, %s::timestamptz) AS at, k.count, decode(k.head, 'hex') AS hash
    FROM chatdesk_conversation c JOIN transcripts_chain k ON k.conversation_id = c.id
    WHERE c.id = ANY(%s::bigint[]) AND c.closed_at IS NULL ORDER BY c.id FOR UPDATE
), entry AS (
    INSERT INTO chatdesk_entry (conversation_id, seq, kind, participant_id, body, client_id, at)
    SELECT p.conversation_id, h.last_seq + p.n, p.kind, p.participant_id, p.body, p.client_id, h.at
    FROM post p JOIN head h ON h.id = p.conversation_id
), framed AS MATERIALIZED (
    SELECT p.conversation_id, p.n, p.kind, h.at, h.last_seq + p.n AS seq, h.count + p.n AS number, h.hash AS previous,
        '{"body":"' || rtrim(translate(encode(p.salt, 'base64'), '+/', '-_'), '=') || '"}' AS salts,
        '{"at":"' || to_char(h.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '",'
        || CASE WHEN w.id IS NULL THEN ''
           WHEN w.user_id IS NULL THEN '"author":{"kind":"visitor","participant":' || w.id || '},'
           ELSE '"author":{"kind":"operator","participant":' || w.id || ',"user":' || w.user_id || '},' END
        || '"conversation":"' || h.ref || '","kind":"' || p.kind || '","number":' || h.count + p.n
        || ',"said":{"body":"'
        || rtrim(translate(encode(
            sha256(p.salt || convert_to(to_json(p.body)::text, 'UTF8')), 'base64'), '+/', '-_'), '=')
        || '"},"seq":' || h.last_seq + p.n || ',"v":1}' AS frame
    FROM post p JOIN head h ON h.id = p.conversation_id LEFT JOIN chatdesk_participant w ON w.id = p.participant_id
), chained AS (
    SELECT conversation_id, n, sha256(previous || sha256(convert_to(frame, 'UTF8'))) AS hash FROM framed WHERE n = 1
    UNION ALL
    SELECT f.conversation_id, f.n, sha256(c.hash || sha256(convert_to(f.frame, 'UTF8')))
    FROM chained c JOIN framed f ON f.conversation_id = c.conversation_id AND f.n = c.n + 1
), record AS (
    INSERT INTO transcripts_record (conversation_id, number, kind, at, seq, frame, salts, hash)
    SELECT f.conversation_id, f.number, f.kind, f.at, f.seq, f.frame, f.salts, encode(c.hash, 'hex')
    FROM framed f JOIN chained c ON c.conversation_id = f.conversation_id AND c.n = f.n
), newest AS (
    SELECT DISTINCT ON (conversation_id) conversation_id, n, hash FROM chained ORDER BY conversation_id, n DESC
), chain AS (
    UPDATE transcripts_chain k SET count = h.count + e.n, head = encode(e.hash, 'hex')
    FROM head h JOIN newest e ON e.conversation_id = h.id WHERE k.conversation_id = h.id
)
UPDATE chatdesk_conversation c SET last_seq = h.last_seq + e.n, last_at = h.at
FROM head h JOIN newest e ON e.conversation_id = h.id WHERE c.id = h.id
RETURNING c.id, h.last_seq, c.last_at
"""


def salts(posts: Sequence[Post]) -> list[Any]:
    """One for each post, from the system's own generator, which PostgreSQL has only in an extension."""
    drawn = secrets.token_bytes(SALT_BYTES * len(posts))
    return [drawn[start : start + SALT_BYTES] for start in range(0, len(drawn), SALT_BYTES)]


STATEMENT = Statement(SQL, salts, WORDS)
