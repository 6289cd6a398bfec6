"""The line above a quote that says who wrote it and when: `On 3 May 2024 at 10:00, Ann <ann@x.test> wrote:`.

No language is asked for by name: such a line has a word for writing at its end, or before a name at its end, and a
date, a time or an address. A line that has less counts only above quoted lines, because people write such lines too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

MAX_LINES = 5  # over which one may be broken
MAX_CHARS = 700

_WRITTEN = (
    "wrote|writes|said|says|has written|wrote the following|a (?:é|e)crit|(?:é|e)crit|nous a dit|(?:é|e)crivait"
    "|escribi(?:ó|o)|ha escrito|dijo|escreveu|ha scritto|scritto|scrisse|scrive|schrieb(?: folgendes)?"
    "|(?:hat |haben )?geschrieben|schrieben sie|schreibt"
    "|schreef(?: het volgende)?|het volgende geschreven|schrijft|skrev(?: följande| følgende)?|skriver|har skrevet"
    "|har skrivit|kirjoitti(?: näin| seuraavaa)?|napisał|napisała|napisali|pisze|napsala?|píše|napísala?"
    "|написала?|пишет"
    "|писала?|написав|пише|писав|написа|yazdı|yazmış|έγραψε|írta|a scris|đã viết|כתבה?|كتبت?|(?:je )?napisa(?:o|la|l)"
    "|napisana przez|va escriure|ha escrit|menulis|rašė|rakstīja|kirjutas|følgende|şunları yazdı|şunu yazdı|skrifaði"
)
_EASTERN = "写道|寫道|写了|寫了|写到|のメール|書きました|書いた|작성|썼습니다|쓴 글|보낸 메일|님의 말|เขียนว่า|เขียน"
_TAIL = r"[\s\xa0.:：>*_\]\u200e\u200f\u202a-\u202e-]*"
_WROTE_AT_END = re.compile(
    rf"(?:(?<!\w)(?:{_WRITTEN})(?:\(\w{{1,3}}\))?(?: ?\([^)]{{0,80}}\))?|(?:{_EASTERN})){_TAIL}$", re.IGNORECASE
)
_WROTE_BEFORE_NAME = re.compile(
    rf"(?<!\w)(?:{_WRITTEN})(?:\(\w{{1,3}}\))?[ \xa0]\S[^:：]{{0,160}}.{{0,40}}[:：][\s*_]*$", re.IGNORECASE
)
_ADDRESS = re.compile(r"[^\s<>@\"'(),;:]+@[^\s<>@\"'(),;:]+\.?\w")
_YEAR = r"(?<!\d)(?:19|20)\d\d(?!\d)"
_DATE = re.compile(
    rf"{_YEAR}|(?<!\d)\d{{1,2}}[./-] ?\d{{1,2}}[./-] ?(?:\d{{2,4}})?"
    r"|\d{1,2}\.? [^\W\d_]{3,}|[^\W\d_]{3,}\.? \d{1,2}\b"
    r"|\d[年월月日년]"
)
_TIME = re.compile(r"(?<!\d)\d{1,2}[:.h]\d{2}(?!\d)|\d{1,2} ?[ap]\.?m\b|[时時시点點]", re.IGNORECASE)
_OPENER = re.compile(
    r"[\s<>*_\"'-]*(?:on|at|in message|le|el|em|il|op|am|den|på|w dniu|dnia|dne|dňa|в|во|от|在|於|于|στις|în|la|vào"
    r"|pada|a|von|de|il giorno|date|quoting|zitat von|in article)[\s:\xa0]|[\s*_]*\d{1,4}[-./年년]"
    r"|[\s<>*_\"'-]*[^\W\d_]{2,10}[.,]+ (?=\d)",
    re.IGNORECASE,
)
_MOMENT_AT_END = re.compile(
    r"\d[\d.:/h-]*(?: ?(?:uhr|[ap]\.?m\.?|\([^)]{1,20}\)))?\)?[\s.]*[:：][\s*_]*$", re.IGNORECASE
)
_DATE_THEN_ADDRESS = re.compile(
    rf".{{0,90}}(?:{_YEAR}|\d[./-]\d).{{0,160}}?<?[^\s<>@\"]+@[^\s<>@\"]+>?(?:\))?\s?[:：]?[\s*_]*$", re.DOTALL
)
_DATE_FIRST = re.compile(
    rf"[\s*_]*(?:[^\W\d_]{{2,12}}[.,]* )?(?:\d{{1,2}}\.? [^\W\d_]|{_YEAR}[-./年년]|\d{{1,2}}[./-] ?\d)"
)
_ISO_DATE_THEN_NAME = re.compile(r"[\s*_]*20\d\d-\d\d-\d\d \d\d?:\d\d GMT[+-]\d\d:\d\d [\w .'-]{1,80}:?\s*$")
_VIA = re.compile(r"[^\n:]{1,100} via [^\n:]{1,100} (?:wrote|schrieb|a écrit|escribió|writes)[\s:]*$", re.IGNORECASE)
_POSTED = re.compile(r"\s*posted by .{1,80} on \d{1,2}/\d{1,2}/\d{2,4}\s*$", re.IGNORECASE)
_BETWEEN_RULES = re.compile(rf"\s*-{{2,}} ?.{{2,300}}(?<!\w)(?:{_WRITTEN}) ?-{{2,}}\s*$", re.IGNORECASE)
_QUOTING = re.compile(r"\s*(?:quoting|zitat von|citando(?: a)?|missatge de|citát od) .{2,300}[:：]\s*$", re.IGNORECASE)
_ENDINGS = (
    ":",
    "：",
    ">",
    ")",
    "wrote",
    "writes",
    "said",
    "says",
    "crit",
    "escribió",
    "escreveu",
    "scritto",
    "geschrieben",
    "schrieb",
    "skrev",
    "kirjoitti",
    "pisze",
    "napsal",
    "написал",
    "пишет",
    "пише",
    "写道",
    "寫道",
    "のメール",
    "작성",
    "yazdı",
    "geschreven",
    "schreef",
)

_SURE_FORMS = (_BETWEEN_RULES, _ISO_DATE_THEN_NAME, _POSTED, _VIA)


class Sureness(Enum):
    NONE = 0
    WEAK = 1  # counts only above quoted lines
    SURE = 2


def attribution_at(lines: Sequence[str], start: int) -> tuple[Sureness, int]:
    """How surely an attribution begins at line `start`, and the line after it. Looks at MAX_LINES lines at most."""
    ends = [at for at in range(start, min(len(lines), start + MAX_LINES)) if may_end(lines[at])]
    if not ends or not (ends[0] == start or _may_begin(lines[start])):
        return Sureness.NONE, start
    for at in ends:
        broken = [line.strip() for line in lines[start : at + 1]]
        if not all(broken) or sum(map(len, broken)) > MAX_CHARS or any(line.startswith(">") for line in broken):
            break
        sureness = sureness_of(" ".join(broken))
        if sureness is not Sureness.NONE:
            return sureness, at + 1
    return Sureness.NONE, start


def _may_begin(line: str) -> bool:
    return bool(_OPENER.match(line[:80]) or _DATE.search(line[:200]) or _ADDRESS.search(line[:120]))


def may_end(line: str) -> bool:
    """A cheap look at the end of a line: False if no attribution can end with it."""
    tail = line[-60:].rstrip(" \t\xa0*_-]\u200e\u200f\u202a\u202c").lower()
    return tail.endswith(_ENDINGS) or "GMT" in line or "osted by" in line


def sureness_of(line: str) -> Sureness:
    """Of one line, joined if it was broken."""
    if any(form.match(line) for form in _SURE_FORMS):
        return Sureness.SURE
    has_address = bool(_ADDRESS.search(line))
    if _WROTE_AT_END.search(line) or _QUOTING.match(line):
        return Sureness.SURE if has_address or _has_moment(line) else Sureness.WEAK
    before_name = _WROTE_BEFORE_NAME.search(line)
    if before_name:
        return Sureness.SURE if has_address or _names_who_or_when(line, before_name) else Sureness.WEAK
    return Sureness.SURE if has_address and _is_date_and_address(line) else Sureness.NONE


def _names_who_or_when(line: str, wrote: re.Match[str]) -> bool:
    """`DATE wrote NAME:` or `NAME wrote on DATE:`, not a sentence in which somebody wrote something."""
    above, after = line[: wrote.start()], wrote[0]
    if _has_moment(above):
        return len(after.split()) <= 6
    return _has_moment(after) and bool(_MOMENT_AT_END.search(after))


def _has_moment(line: str) -> bool:
    has_time, has_opener = bool(_TIME.search(line)), bool(_OPENER.match(line))
    return (has_time and has_opener) or (bool(_DATE.search(line)) and (has_time or has_opener))


def _is_date_and_address(line: str) -> bool:
    is_ended = line.rstrip(" *_").endswith((":", "：", ">"))
    return is_ended and bool(_DATE_FIRST.match(line) and _DATE_THEN_ADDRESS.match(line))
