"""What to look for, as a value and as a line of text. Pure: no database.

A line holds words (transcripts.words) and filters, `name:value` or `name:"value in words"`. Values of one name are
alternatives; different names hold together, and for the whole line: `group:sales from:2026-01-01 torn OR "out of"`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from django.utils.translation import gettext as _

from transcripts import words
from transcripts.words import Node, Unclear

Day = date | datetime  # a datetime is without zone, and means its whole minute
MOST_VALUES: Final = 200
MOST_LETTERS: Final = 20_000  # of a whole line: many references may be listed
FILTER = re.compile(r'"[^"]*"?|(?<!\S)(\w+):(?:"([^"]*)"?|([^\s"]\S*))')  # what stands in quotes is no filter
EXCLUDED = re.compile(r"(?<![^ (])(?:NOT|-) $")  # before a filter

# Name in a line -> field of Query.
NAMES: Mapping[str, str] = {
    "operator": "operators",
    "visitor": "visitors",
    "group": "groups",
    "button": "buttons",
    "channel": "channels",
    "tag": "tags",
    "rating": "ratings",
    "ticket": "tickets",
    "state": "states",
    "file": "files",
    "type": "types",
    "hash": "hashes",
    "ref": "refs",
    "request": "requests",
    "in": "places",
}
SINGLE = ("from", "to", "zone")
CHANNELS = ("chat", "mail", "message")
STATES = ("open", "closed", "erased", "held", "restricted", "quarantined")
PLACES = ("said", "notes", "files", "subjects", "forms")
CHOICES: Mapping[str, tuple[str, ...]] = {"channels": CHANNELS, "states": STATES, "places": PLACES}


@dataclass(frozen=True)
class Query:
    """All that has to hold of a conversation. Empty: every conversation.

    `operators`, `visitors`: names (now or at the time), e-mail addresses, telephone numbers or `#number`.
    `since`, `until`: days or minutes in `zone`, both inclusive: the conversation went on within them.
    """

    words: Node | None = None
    operators: tuple[str, ...] = ()
    visitors: tuple[str, ...] = ()
    since: Day | None = None
    until: Day | None = None
    zone: str = "UTC"
    groups: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    ratings: tuple[str, ...] = ()
    tickets: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    hashes: tuple[str, ...] = ()
    refs: tuple[str, ...] = ()
    requests: tuple[str, ...] = ()
    places: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.to_text()

    @classmethod
    def parse(cls, text: str, zone: str = "UTC") -> Query:
        """What a line means. Raises words.Unclear with a sentence for people."""
        if len(text) > MOST_LETTERS:
            raise Unclear(_("This search is too long."))
        found, rest = _apart(" ".join(text.replace("\x00", " ").split()))
        moments = {name: _one(found, name) for name in SINGLE}
        chosen = _zone(moments["zone"] or zone)
        lists = {field: _values(field, found.get(name, [])) for name, field in NAMES.items()}
        since, until = _day(moments["from"]), _day(moments["to"])
        if since and until and _start(since, chosen) >= _end(until, chosen):
            raise Unclear(_("The search ends before it begins: look at the dates."))
        node = words.parse(rest)
        if rest.strip() and node is None:  # nobody who wrote something means every conversation
            raise Unclear(_("There is no word to look for in “%(text)s”.") % {"text": rest.strip()[:40]})
        _check_no_filter(node)
        return cls(words=node, since=since, until=until, zone=chosen, **lists)

    def to_text(self) -> str:
        """The line that means this: `Query.parse(query.to_text()) == query`."""
        return " ".join([*self._filters(), *([str(self.words)] if self.words else [])])

    def _filters(self) -> Iterator[str]:
        for name, day in (("from", self.since), ("to", self.until)):
            if day:
                yield f"{name}:{_day_text(day)}"
        if self.zone != "UTC":
            yield f"zone:{self.zone}"
        for name, field in NAMES.items():
            for value in getattr(self, field):
                yield f'{name}:"{value}"' if re.search(r"\s", value) else f"{name}:{value}"

    @property
    def taken_as_words(self) -> list[str]:
        """What looks like a filter, of a name that there is not."""
        return words.like_filters(self.words)

    @property
    def is_empty(self) -> bool:
        return all(getattr(self, each.name) in (None, ()) for each in fields(self) if each.name != "zone")

    def starts(self) -> datetime | None:
        """The first moment, UTC; None for no bound."""
        return _start(self.since, self.zone) if self.since else None

    def ends(self) -> datetime | None:
        """The first moment that is too late, UTC; None for no bound."""
        return _end(self.until, self.zone) if self.until else None


def _apart(text: str) -> tuple[dict[str, list[str]], str]:
    """The filters of a line, by name, and the rest of it. What only looks like a filter stays in the rest.

    Raises Unclear for one that is to be excluded.
    """
    found: dict[str, list[str]] = defaultdict(list)
    rest, at = [], 0
    for match in FILTER.finditer(text):
        name = (match[1] or "").lower()
        if not _is_known(name):
            continue
        between, at = text[at : match.start()], match.end()
        if EXCLUDED.search(between):
            raise _no_filter(match[0])
        rest.append(between)
        if value := (match[2] if match[2] is not None else match[3]).strip():
            found[name].append(value)
    return found, " ".join([*rest, text[at:]])


def _check_no_filter(node: Node | None) -> None:
    """Raises Unclear for a filter where none can be: excluded, in brackets, or without a value."""
    for written in words.like_filters(node):
        if _is_known(written.partition(":")[0]):
            raise _no_filter(written)


def _no_filter(written: str) -> Unclear:
    text = _(
        "“%(text)s” can't be a filter here: a filter holds for the whole search, so that it can't be excluded or put"
        " in brackets. Put it in quotes to look for the words."
    )
    return Unclear(text % {"text": written[:40]})


def _is_known(name: str) -> bool:
    return name.lower() in NAMES or name.lower() in SINGLE


def _values(field: str, given: list[str]) -> tuple[str, ...]:
    values = tuple(dict.fromkeys(given))
    if len(values) > MOST_VALUES:
        raise Unclear(_("This search lists too many values of one kind: at most %(most)s.") % {"most": MOST_VALUES})
    allowed = CHOICES.get(field)
    for value in values:
        if allowed and value not in allowed:
            known = {"value": value, "allowed": ", ".join(allowed)}
            raise Unclear(_("“%(value)s” is not known here. Possible: %(allowed)s.") % known)
    return values


def _one(found: dict[str, list[str]], name: str) -> str:
    given = found.get(name, [])
    if len(given) > 1:
        raise Unclear(_("“%(name)s” stands in this search twice.") % {"name": name})
    return given[0] if given else ""


def _day(text: str) -> Day | None:
    """2026-01-31, or 2026-01-31T14:30."""
    if not text:
        return None
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.strptime(text, "%Y-%m-%dT%H:%M")  # noqa: DTZ007
    except ValueError:
        raise Unclear(_("“%(text)s” is no date like 2026-01-31 or 2026-01-31T14:30.") % {"text": text[:40]}) from None


def _day_text(day: Day) -> str:
    return day.isoformat(timespec="minutes") if isinstance(day, datetime) else day.isoformat()


def _zone(name: str) -> str:
    # By the list of names, and not by opening a file of that name: the name comes from a form.
    if name not in available_timezones():
        raise Unclear(_("There is no time zone “%(name)s”. One is Europe/Berlin.") % {"name": name[:40]})
    return name


def _start(day: Day, zone: str) -> datetime:
    moment = day if isinstance(day, datetime) else datetime.combine(day, time.min)
    try:
        return moment.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except OverflowError:  # the first or the last day of all
        return moment.replace(tzinfo=UTC)


def _end(day: Day, zone: str) -> datetime:
    """The bound is inclusive: the end of that day, or of that minute."""
    try:
        step = timedelta(minutes=1) if isinstance(day, datetime) else timedelta(days=1)
        return _start(day + step, zone)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)
