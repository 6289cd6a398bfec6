"""Asking name servers, which are slow, wrong and away at times: never for long, and never twice for the same."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence

import dns.exception
import dns.rdatatype
import dns.resolver

from tickets.reading.authenticity import NoAnswer

SECONDS = 2.0  # for one question
REMEMBERS = 300.0  # seconds
SILENT = 30.0  # seconds without asking after a server did not answer
MOST = 5_000

Answers = list[str]


class Names:
    """A memory before a resolver. `clock` counts seconds."""

    def __init__(self, ask: Callable[[str, str], Answers], clock: Callable[[], float] = time.monotonic) -> None:
        self._ask, self._clock = ask, clock
        self._known: OrderedDict[tuple[str, str], tuple[float, Answers]] = OrderedDict()
        self._silent_until = 0.0
        self._lock = threading.Lock()

    def lookup(self, name: str, kind: str) -> Answers:
        """The records of a name as texts; none for a name that is not there. Raises NoAnswer."""
        key = (name.lower().rstrip("."), kind)
        now = self._clock()
        with self._lock:
            known = self._known.get(key)
            if known is not None and known[0] > now:
                return known[1]
            if self._silent_until > now:
                raise NoAnswer
        return self._asked(key)

    def _asked(self, key: tuple[str, str]) -> Answers:
        try:
            answers = self._ask(*key)
        except NoAnswer:
            with self._lock:
                self._silent_until = self._clock() + SILENT
            raise
        with self._lock:
            self._known.pop(key, None)
            self._known[key] = (self._clock() + REMEMBERS, answers)
            while len(self._known) > MOST:
                self._known.popitem(last=False)
        return answers


def ask(name: str, kind: str) -> Answers:
    """One question to the machine's resolver. Raises NoAnswer when nobody can say."""
    try:
        found = dns.resolver.resolve(name, kind, lifetime=SECONDS, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError, UnicodeError) as trouble:
        if _is_our_fault(trouble):
            return []
        raise NoAnswer from trouble
    return [_text(kind, record) for record in found]


def lookup(name: str, kind: str) -> Answers:
    """What the desk's name servers say. Raises NoAnswer."""
    return _names.lookup(name, kind)


def _is_our_fault(trouble: Exception) -> bool:
    """A name that can't be asked for does not exist."""
    return isinstance(trouble, dns.name.LabelTooLong | dns.name.EmptyLabel | dns.name.NameTooLong | UnicodeError)


def _text(kind: str, record: object) -> str:
    strings: Sequence[bytes] = getattr(record, "strings", ())
    if kind == "TXT":
        return b"".join(strings).decode("utf-8", "replace")
    return str(record)


_names = Names(ask)
