"""A desk that has been used for years, made in PostgreSQL by a few statements.

Of the conversations, all in one group, the newest 20 wait, the 20 before are held by one operator, the rest are
closed; each has ten entries, the visitor's and the operator's by turns.
"""

from __future__ import annotations

import psycopg

ENTRIES_EACH = 10
HELD = WAITING = 20

VISITORS = """
INSERT INTO chatdesk_visitor (id, token_hash, token_used, created_at, seen_at)
SELECT n, md5(n::text) || md5((-n)::text), true, now(), now() FROM generate_series(%(first)s, %(last)s) n
"""
REQUESTS = """
INSERT INTO routing_request (id, group_id, state, operator_id, arrived_at, waiting_since,
                             taken_at, waited_seconds, closed_at, outcome, language, passed_by, overflowed_from)
SELECT n, %(group)s, state, CASE state WHEN 'waiting' THEN NULL ELSE %(operator)s END, at, at,
       CASE state WHEN 'waiting' THEN NULL ELSE at + interval '20 s' END,
       CASE state WHEN 'waiting' THEN NULL ELSE 20 END,
       CASE state WHEN 'closed' THEN at + interval '10 min' END,
       CASE state WHEN 'closed' THEN 'served' ELSE '' END, '', '[]', '[]'
FROM (SELECT n, now() - (%(last)s - n) * interval '1 min' AS at,
             CASE WHEN n > %(last)s - %(waiting)s THEN 'waiting'
                  WHEN n > %(last)s - %(waiting)s - %(held)s THEN 'active' ELSE 'closed' END AS state
      FROM generate_series(%(first)s, %(last)s) n) r
"""
CONVERSATIONS = """
INSERT INTO chatdesk_conversation (id, ref, visitor_id, button_id, group_id, request_id, start_id, last_seq, last_note,
                                   last_at, created_at, closed_at, name, email, question, page, referrer,
                                   earlier_groups)
SELECT id, substr(md5('c' || id), 1, 22), id, %(button)s, group_id, id, 'start', %(entries)s, 0,
       arrived_at + interval '9 min', arrived_at, closed_at,
       'Visitor ' || id, '', '', 'https://www.example.com/shop/' || id, '', '[]'
FROM routing_request WHERE id BETWEEN %(first)s AND %(last)s
"""
PARTICIPANTS = """
INSERT INTO chatdesk_participant (id, conversation_id, user_id, name, role, is_silent, delivered_seq, read_seq)
SELECT 2 * n + side, n, CASE side WHEN 1 THEN %(operator)s::bigint END, '', '', false, %(entries)s, %(entries)s
FROM generate_series(%(first)s, %(last)s) n, generate_series(0, 1) side
"""
ENTRIES = """
INSERT INTO chatdesk_entry (conversation_id, seq, kind, participant_id, body, file_id, client_id, at)
SELECT n, seq, 'message', 2 * n + seq %% 2, 'Where is my order number ' || n || '? Asked: ' || seq || ' times.', NULL,
       n || '-' || seq, now() - (%(last)s - n) * interval '1 min' + seq * interval '54 s'
FROM generate_series(%(first)s, %(last)s) n, generate_series(1, %(entries)s) seq
"""
TABLES = ("chatdesk_visitor", "routing_request", "chatdesk_conversation", "chatdesk_participant")


def grow(url: str, conversations: int, button: str, operator: str) -> str:
    """Fill the empty desk at `url` up to that many conversations; the `ref` of one that the operator holds.

    `button` is a slug whose group gets them, `operator` an e-mail address. Raises psycopg.Error.
    """
    # Values are put in by the client, so that PostgreSQL sees plain numbers and picks its functions by them.
    with psycopg.connect(url, autocommit=True, cursor_factory=psycopg.ClientCursor) as connection:
        facts = _facts(connection, button, operator, conversations)
        # The rows are right by construction: no foreign key needs to be looked up for each of a million.
        connection.execute("SET session_replication_role = replica")
        for statement in (VISITORS, REQUESTS, CONVERSATIONS, PARTICIPANTS, ENTRIES):
            connection.execute(statement, facts)
        for table in TABLES:
            connection.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
        connection.execute("VACUUM ANALYZE")
        held = "SELECT ref FROM chatdesk_conversation WHERE id = %(last)s - %(waiting)s"
        return _one(connection.execute(held, facts))


def _facts(connection: psycopg.Connection, button: str, operator: str, conversations: int) -> dict[str, object]:
    found = connection.execute("SELECT id, group_id FROM chatdesk_button WHERE slug = %s", [button]).fetchone()
    if found is None:
        raise LookupError(f"no button {button}")
    user = int(_one(connection.execute("SELECT id FROM accounts_user WHERE email = %s", [operator])))
    counts = {"first": 1, "last": conversations, "entries": ENTRIES_EACH, "held": HELD, "waiting": WAITING}
    return {"button": found[0], "group": found[1], "operator": user, **counts}


def _one(cursor: psycopg.Cursor) -> str:
    row = cursor.fetchone()
    if row is None:
        raise LookupError("nothing was found")
    return str(row[0])
