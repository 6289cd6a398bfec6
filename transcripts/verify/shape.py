"""The usual line of records/*.jsonl as one pattern: what it takes apart needs no parser. Any other line gets one.

It only takes apart. What it finds is hashed as it stands, so a line that only looks right is found out by its hashes.
"""

from __future__ import annotations

import re

# "Anything but a quotation mark" is what the engine runs through fastest. A text with an escape in it takes TEXT.
WORD = rb'[^"]*+'
TEXT = rb'"[^"\\\n]*+(?:\\.[^"\\\n]*+)*"'
FLAT = rb"\{[^}]*+\}"
# Any fact but those that are looked for: each begins in one way, so no line makes it try twice. The groups are not
# possessive: Python 3.11.2 matches nothing with those.
FACT = (
    rb'(?!"(?:conversation|number|said)":)"' + WORD + rb'":(?:"' + WORD + rb'"|-?\d++|true|false|null|' + FLAT + rb")"
)
LINES = re.compile(
    rb'\{"content":\{(?:"(' + WORD + rb')":("' + WORD + rb'"|' + TEXT + rb"))?\},"
    rb'"frame":(\{(?:"at":"' + WORD + rb'",)?(?:"author":' + FLAT + rb",)?"
    rb"(?:" + FACT + rb',)*"conversation":"(' + WORD + rb')",'
    rb'(?:"kind":"' + WORD + rb'",)?(?:' + FACT + rb",)*"
    rb'"number":(\d++),(?:' + FACT + rb',)*"said":\{(?:"(' + WORD + rb')":"([^"]{43})")?\}'
    rb'(?:,"seq":\d++)?(?:,"v":1)?(?:,' + FACT + rb")*\}),"
    rb'"hash":"([^"]{64})",'
    rb'"salts":\{(?:"\1":"([^"]{22})")?\}\}\n'
    rb"|([^\n]*\n)"  # any other line
)
