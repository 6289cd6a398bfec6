"""What a person goes by, as it was given and as it is looked for. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import phonenumbers
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from transcripts.models import RequestIdentity
from transcripts.words import AnyOf, Node, Term, tokens

Kind = RequestIdentity.Kind
MOST = 40
LONGEST = 254
VISITOR = re.compile(r"(?:visitor-|#)?([0-9]{1,18})", re.IGNORECASE)
REF = re.compile(r"[\w-]{10,22}", re.ASCII)
FEWEST_DIGITS = 6
FORMS = (
    phonenumbers.PhoneNumberFormat.E164,
    phonenumbers.PhoneNumberFormat.INTERNATIONAL,
    phonenumbers.PhoneNumberFormat.NATIONAL,
)


class NoIdentity(ValueError):
    """Something that nobody can be found by; its text says why, for people."""


@dataclass(frozen=True)
class Identity:
    kind: str
    value: str


def identities(given: Iterable[tuple[str, str]]) -> list[Identity]:
    """Each once, in the order in which they were given; empty ones are left out. Raises NoIdentity."""
    found = [identity(kind, value) for kind, value in given if value.replace("\x00", " ").strip()]
    if not found:
        raise NoIdentity(_("Say at least one thing that the person goes by."))
    if len(found) > MOST:
        raise NoIdentity(_("That is too much at once: at most %(most)s.") % {"most": MOST})
    return list(dict.fromkeys(found))


def identity(kind: str, value: str) -> Identity:
    """Raises NoIdentity."""
    text = " ".join(value.replace("\x00", " ").split())
    if len(text) > LONGEST:
        raise NoIdentity(_("This is too long to be a name or an address."))
    if kind == Kind.VISITOR:
        return Identity(kind, _visitor(text))
    if not CHECKS[kind](text):
        raise NoIdentity(str(REASONS[kind]) % {"value": text[:60]})
    return Identity(kind, text)


def _visitor(text: str) -> str:
    found = VISITOR.fullmatch(text)
    if not found:
        raise NoIdentity(str(REASONS[Kind.VISITOR]) % {"value": text[:60]})
    return str(int(found[1]))


def _is_name(text: str) -> bool:
    """Nothing that the search would take for an address or a number, and something to look for."""
    return "@" not in text and not text.startswith("#") and len(text) > 1


CHECKS: Mapping[str, Callable[[str], bool]] = {
    Kind.EMAIL: lambda text: "@" in text.strip("@") and " " not in text,
    Kind.PHONE: lambda text: len(digits(text)) >= FEWEST_DIGITS and not re.search(r"[^\W\d_]", text),
    Kind.NAME: _is_name,
    Kind.CONVERSATION: lambda text: bool(REF.fullmatch(text)),
}
REASONS: Mapping[str, Promise] = {
    Kind.EMAIL: gettext_lazy("“%(value)s” is no e-mail address."),
    Kind.PHONE: gettext_lazy("“%(value)s” is no telephone number."),
    Kind.VISITOR: gettext_lazy("“%(value)s” is no number of a visitor."),
    Kind.NAME: gettext_lazy("“%(value)s” is no name: addresses and numbers have lines of their own."),
    Kind.CONVERSATION: gettext_lazy("“%(value)s” is no conversation."),
}


def digits(text: str) -> str:
    return "".join(c for c in text if c in "0123456789")


def spellings(number: str) -> list[str]:
    """A telephone number as people write it: as given, without spaces; in the usual forms if its country is said."""
    try:
        known = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return list(dict.fromkeys([number, digits(number)]))
    forms = [phonenumbers.format_number(known, form) for form in FORMS]
    return list(dict.fromkeys([number, digits(number), *forms]))


def mention(identity: Identity) -> Node | None:
    """The words that stand in a text in which somebody wrote it; None for what is looked for elsewhere alone."""
    if identity.kind not in (Kind.EMAIL, Kind.PHONE):
        return None
    texts = spellings(identity.value) if identity.kind == Kind.PHONE else [identity.value]
    terms = {Term(tuple(found)) for text in texts if (found := tokens(text))}
    return AnyOf(tuple(sorted(terms, key=str))) if terms else None
