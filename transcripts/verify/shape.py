"""The usual line of records/*.jsonl as one pattern: what it takes apart needs no parser. Every other line gets one.

It only takes apart. What it finds is hashed as it stands, so a line that only looks right is found out by its hashes.
"""

from __future__ import annotations

import re

NAME = rb"[a-z][a-z0-9_]{0,30}"
# 32 and 16 bytes in base64url. The spare bits of the last sign are zero, so that each value is written in one way.
COMMITMENT = rb"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]"
SALT = rb"[A-Za-z0-9_-]{21}[AQgw]"
TEXT = rb'"[^"\\]*+(?:\\.[^"\\]*+)*"'
PLAIN = rb'"[^"\\]*+"'
FLAT = rb'\{[^{}"]*+(?:' + PLAIN + rb'[^{}"]*+)*\}'
# Any fact but the three that are looked for: each begins in one way, so no line makes it try twice. The groups are not
# possessive: Python 3.11.2 matches nothing with those.
FACT = rb'(?!"(?:conversation|number|said)":)"' + NAME + rb'":(?:' + PLAIN + rb"|-?\d++|true|false|null|" + FLAT + rb")"

USUAL = re.compile(
    rb'\{"content":\{(?:"(' + NAME + rb')":(' + TEXT + rb"))?\},"
    rb'"frame":(\{(?:' + FACT + rb',)*"conversation":"([A-Za-z0-9_-]{1,64})",(?:' + FACT + rb",)*"
    rb'"number":(\d{1,9}),(?:' + FACT + rb',)*"said":\{(?:"(' + NAME + rb')":"(' + COMMITMENT + rb')")?\}'
    rb"(?:," + FACT + rb")*\}),"
    rb'"hash":"([0-9a-f]{64})",'
    rb'"salts":\{(?:"(' + NAME + rb')":"(' + SALT + rb')")?\}\}\n'
)
