"""The live chat's write path on PostgreSQL: number, store and record a batch of messages in one statement.

What `Head.link_words` does, said in SQL, so that a record costs a busy desk no second round trip. Both write the same
bytes, which tests hold. A conversation whose chain is not begun yet is left out: the ledger then takes the other way.
The chain's row is locked with the conversation's, so that who had to wait for a lock reads both as they are then.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from chatdesk.actions.ledger import Post, Statement
from transcripts.kinds import WORDS
from transcripts.proof.commitment import SALT_BYTES

SQL = """
WITH RECURSIVE post AS (
    SELECT * FROM json_to_recordset(%s::json) AS t(conversation_id bigint, n int, participant_id bigint, kind text,
        body text, client_id text, beside text)
), head AS (
    SELECT c.id, p.n, p.kind, p.participant_id, p.body, p.client_id, decode(p.beside, 'hex') AS salt, c.ref, w.user_id,
        w.id IS NULL AS is_system, c.last_seq, greatest(c.last_at, %s::timestamptz) AS at,
        k.count, decode(k.head, 'hex') AS previous
    FROM post p JOIN chatdesk_conversation c ON c.id = p.conversation_id
        JOIN transcripts_chain k ON k.conversation_id = c.id LEFT JOIN chatdesk_participant w ON w.id = p.participant_id
    WHERE c.id = ANY(%s::bigint[]) AND c.closed_at IS NULL ORDER BY c.id FOR UPDATE OF c, k
), entry AS (
    INSERT INTO chatdesk_entry (conversation_id, seq, kind, participant_id, body, client_id, at)
    SELECT id, last_seq + n, kind, participant_id, body, client_id, at FROM head
), framed AS MATERIALIZED (
    SELECT id, n, kind, at, last_seq + n AS seq, count + n AS number, previous,
        '{"body":"' || rtrim(translate(encode(salt, 'base64'), '+/', '-_'), '=') || '"}' AS salts,
        '{"at":"' || to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '",'
        || CASE WHEN is_system THEN ''
           WHEN user_id IS NULL THEN '"author":{"kind":"visitor","participant":' || participant_id || '},'
           ELSE '"author":{"kind":"operator","participant":' || participant_id || ',"user":' || user_id || '},' END
        || '"conversation":"' || ref || '","kind":"' || kind || '","number":' || count + n
        || ',"said":{"body":"'
        || rtrim(translate(encode(
            sha256(salt || convert_to(to_json(body)::text, 'UTF8')), 'base64'), '+/', '-_'), '=')
        || '"},"seq":' || last_seq + n || ',"v":1}' AS frame
    FROM head
), chained AS (
    SELECT id, n, sha256(previous || sha256(convert_to(frame, 'UTF8'))) AS hash FROM framed WHERE n = 1
    UNION ALL
    SELECT f.id, f.n, sha256(c.hash || sha256(convert_to(f.frame, 'UTF8')))
    FROM chained c JOIN framed f ON f.id = c.id AND f.n = c.n + 1
), linked AS MATERIALIZED (
    SELECT f.*, encode(c.hash, 'hex') AS hash FROM framed f JOIN chained c ON c.id = f.id AND c.n = f.n
), record AS (
    INSERT INTO transcripts_record (conversation_id, number, kind, at, seq, frame, salts, hash)
    SELECT id, number, kind, at, seq, frame, salts, hash FROM linked
), newest AS (
    SELECT DISTINCT ON (id) id, n, at, seq, number, hash FROM linked ORDER BY id, n DESC
), chain AS (
    UPDATE transcripts_chain k SET count = l.number, head = l.hash FROM newest l WHERE k.conversation_id = l.id
)
UPDATE chatdesk_conversation c SET last_seq = l.seq, last_at = l.at FROM newest l WHERE c.id = l.id
RETURNING c.id, l.seq - l.n, c.last_at
"""


def salts(posts: Sequence[Post]) -> list[str]:
    """In hex, one for each post, from the system's own generator, which PostgreSQL has only in an extension."""
    drawn = secrets.token_hex(SALT_BYTES * len(posts))
    return [drawn[start : start + 2 * SALT_BYTES] for start in range(0, len(drawn), 2 * SALT_BYTES)]


STATEMENT = Statement(SQL, salts, WORDS)
