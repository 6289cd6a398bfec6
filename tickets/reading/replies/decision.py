"""Which lines of a reply its reader sees, decided on the letters of its lines.

When in doubt a line is shown: a quote too much can be read over, an answer that is folded away is missed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tickets.reading.replies.phrases import is_footer, is_forward_subject, is_sent_from

_MARKS = "bhf"
_CONTACT = re.compile(r"https?://|www\.|\S@\S|\+?\d[\d ()/.-]{6,}\d")
_SENTENCE_END = re.compile(r"[.!?。！？]\s*$")
_SIGNATURE_RULES = frozenset({"--", "—", "–", "__", "ᐧ"})
_SIGNATURE_LINES = 12
_ENOUGH = 10  # percent of a text that must remain, if nothing surer than a line of dashes cuts it


def visible_lines(lines: Sequence[str], letters: str, subject: str) -> list[bool]:
    """For each line whether it is shown. At least one line with text is, if there is any."""
    everything = [True] * len(lines)
    work = _settled(lines, letters)
    if not _has_text(work) or _is_forwarded(work, subject):
        return everything
    work = _without_sent_from(lines, work)
    work = _cut_at_rule(lines, work)
    work = _cut_at_mark(lines, work)
    kept = [letter in "tqe" for letter in _without_last_quotes(work)]
    return kept if any(is_kept and work[at] == "t" for at, is_kept in enumerate(kept)) else everything


def _has_text(work: str) -> bool:
    return "t" in work


def _settled(lines: Sequence[str], letters: str) -> str:
    """Weak marks count above quotes only; rules that part nothing, and what stands in a quote, are text or quote."""
    settled = list(letters)
    following = ""
    for at in range(len(settled) - 1, -1, -1):
        if settled[at] == "w":
            settled[at] = "b" if following in {"q", "b"} else "t"
        if settled[at] != "e":
            following = settled[at]
    return "".join(settled)


def _is_forwarded(work: str, subject: str) -> bool:
    """The subject says so and a mail stands below; or the first mark is a forwarder's; or nothing stands above it."""
    if is_forward_subject(subject) and re.search(f"[{_MARKS}q]", work):
        return True
    first = re.search(f"[{_MARKS}]", work)
    if not first or first[0] == "f":
        return first is not None
    above, below = work[: first.start()], work[first.start() :]
    return "t" not in above and "q" not in above and "q" not in below


def _without_sent_from(lines: Sequence[str], work: str) -> str:
    """At the end of somebody's words also the lines that only look like `Sent from ...`."""
    result = list(work)
    is_end = True
    for at in range(len(work) - 1, -1, -1):
        if work[at] == "t":
            if is_end and is_sent_from(lines[at], at_end=True):
                result[at] = "s"
            else:
                is_end = False
        elif work[at] in "bhdq":
            is_end = True
    return "".join(result)


def _cut_at_rule(lines: Sequence[str], work: str) -> str:
    """Everything from the line that parts a signature, or a quoted mail, from the text."""
    for rule in re.finditer("d", work):
        at = rule.start()
        if "t" in work[:at] and _parts(lines, work, at):
            kept = sum(len(line) for line, letter in zip(lines[:at], work[:at], strict=True) if letter == "t")
            rest = sum(len(line) for line, letter in zip(lines[at:], work[at:], strict=False) if letter == "t")
            if kept * _ENOUGH >= rest or re.match("[esd]*[bhq]", work[at:]):
                return work[:at] + "x" * (len(work) - at)
            break
    return work.replace("d", "e")


def _parts(lines: Sequence[str], work: str, at: int) -> bool:
    after = work[at + 1 :]
    if lines[at].strip() in _SIGNATURE_RULES or re.match("[esd]*(?:[bh]|$)", after):
        return True
    end = re.search("[bhqd]", after)
    if end and end[0] == "d":
        return False
    return _looks_like_signature(lines[at + 1 : at + 1 + (end.start() if end else len(after))])


def _looks_like_signature(lines: Sequence[str]) -> bool:
    """Names, numbers and addresses, or what lists and companies add below: nobody's answer."""
    said = [line.strip() for line in lines if line.strip()]
    if any(is_footer(line) for line in said[:2]):
        return True
    if len(said) > _SIGNATURE_LINES:
        return False
    if any(_CONTACT.search(line) for line in said):
        return not any(_SENTENCE_END.search(line) and len(line) > 60 for line in said)
    return len(said) <= 2 and all(len(line) <= 40 and not re.search(r"[\d.!?:]", line) for line in said)


def _cut_at_mark(lines: Sequence[str], work: str) -> str:
    """Fold the quoted mail that the first mark announces, as far as it can be told from answers in it."""
    mark = re.search("[bh]", work)
    if not mark:
        return work
    at = mark.start()
    above, below = work[:at], work[at:]
    quotes = below.rfind("q")
    if "t" not in above:
        return _below_quote(above, below)
    if mark[0] == "h" or re.match("b[ebsx]*h", below) or quotes < 0:
        return above + "x" * len(below)
    answers = below[quotes + 1 :]
    if "t" not in below[:quotes] and ("t" not in answers or _is_no_answer(lines, work, at + quotes)):
        return above + "x" * len(below)
    return _unmarked(work)


def _below_quote(above: str, below: str) -> str:
    """Nothing was written above the quote: an answer below it stands alone, answers in it keep it."""
    first = below.find("t")
    if "q" in below[:first] and "q" not in below[first:]:
        return "x" * (len(above) + first) + below[first:].replace("b", "x")
    return _unmarked(above + below)


def _is_no_answer(lines: Sequence[str], work: str, last_quote: int) -> bool:
    """What follows the last quoted line is the end of a line that was broken, a signature or a footer."""
    start = last_quote + 1
    if work[start] == "t" and len(lines[last_quote]) >= 60:
        while start < len(work) and work[start] == "t" and len(lines[start]) < 50:
            start += 1
    return _looks_like_signature(
        [line for line, letter in zip(lines[start:], work[start:], strict=True) if letter == "t"]
    )


def _unmarked(work: str) -> str:
    return work.replace("b", "x").replace("w", "x")


def _without_last_quotes(work: str) -> str:
    if "t" not in work:
        return work
    end = work.rfind("t") + 1
    return work[:end] + "x" * (len(work) - end)
