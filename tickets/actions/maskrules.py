"""What has to be masked in a conversation, from its rules and the people in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import User
from chatdesk.models import Button, Conversation
from tickets.actions.correspondents import address_of
from tickets.actions.destinations import forwarding_addresses
from tickets.composing.tokens import kept_local_part
from tickets.masking import Rules, Words
from tickets.masking.domains import comparable, is_public
from tickets.masking.providers import PROVIDERS
from tickets.memory import remembered
from tickets.models import Correspondent, ForwardingAddress, IncomingMail, MailPolicy, MailSettings, WhoSees

Side = Correspondent.Side
_HERE = frozenset({"127.0.0.1", "::1"})


@dataclass(frozen=True)
class Person:
    """Somebody in the conversation, as they are known and as they are shown."""

    address: str
    name: str
    side: str
    token: str = ""


def rules_for(conversation: Conversation, reader: Correspondent | None, mail: IncomingMail | None = None) -> Rules:
    """The rules for what `reader` is to see of `conversation`; None: for its record, which everybody in it reads.

    Addresses of the desk's people and of everybody in the conversation are protected, but for the reader's own; and
    the machines its mail came from, of which `mail` is not yet counted to it.
    """
    people = list(_people(conversation, MailSettings.load().relay_domain))
    return _rules(conversation, reader, people, _machines(conversation) | (_told_by([mail]) if mail else set()))


def rules_for_newcomer(conversation: Conversation, address: str, name: str, mail: IncomingMail) -> Rules:
    """The same for a conversation that is not there yet, and that `mail` begins; `address` may be empty."""
    people = [Person(address.lower(), _harmless(name), Side.VISITOR)] if address else []
    return _rules(conversation, None, people, _told_by([mail]))


def _rules(conversation: Conversation, reader: Correspondent | None, people: list[Person], machines: set[str]) -> Rules:
    policy = remembered((_policy, conversation.group_id), lambda: _policy(conversation))
    relay = MailSettings.load().relay_domain
    secret = [person for person in people if not _may_see(person, reader, policy)]
    seen = {person.address for person in people} - {person.address for person in secret}
    allowed = policy.allowed() | seen | forwarding_addresses()
    own = remembered((_own_hosts, conversation.button_id), lambda: _own_hosts(conversation))
    return Rules(
        protected=frozenset({person.address for person in secret} | _colleagues(seen)),
        shown=_shown(people, secret),
        allowed=frozenset(allowed),
        masks_phones=policy.masks_phones,
        masks_links=policy.masks_links,
        relay_domain=relay,
        hosts=_personal_hosts(secret, {*own, *_domains(allowed)}) | _hidden(machines, {*own, comparable(relay)}),
        own_hosts=own,
        reply_address=_reply_address(conversation, reader, people),
        words=words(),
    )


def words() -> Words:
    """What stands in the place of what was masked, in the language that is active."""
    return Words(
        address=_("[address hidden]"), phone=_("[number hidden]"), link=_("[link hidden]"), key=_("[key removed]")
    )


def _people(conversation: Conversation, relay: str) -> Iterator[Person]:
    for each in Correspondent.objects.filter(conversation=conversation).order_by("pk"):
        token = f"{kept_local_part(each.nonce, each.token_hash)}@{relay}".lower() if relay else ""
        yield Person(address_of(each).lower(), _harmless(each.name), each.side, token)
    if conversation.email:
        yield Person(conversation.email.lower(), _harmless(conversation.name), Side.VISITOR)
    parts = conversation.participants.filter(user__isnull=False).select_related("user")
    for part in parts:
        if part.user is not None:
            yield Person(part.user.email.lower(), _harmless(part.user.display_name), Side.OPERATOR)


def _harmless(name: str) -> str:
    return "" if "@" in name else name


def _may_see(person: Person, reader: Correspondent | None, policy: MailPolicy) -> bool:
    if reader is not None and person.address == address_of(reader).lower():
        return True
    to_operator = reader is None or reader.side == Side.OPERATOR
    return to_operator and person.side == Side.VISITOR and policy.who_sees == WhoSees.OPERATOR


def _colleagues(seen: set[str]) -> frozenset[str]:
    return remembered(_emails, _emails) - seen


def _emails() -> frozenset[str]:
    return frozenset(email.lower() for email in User.objects.order_by().values_list("email", flat=True))


def _shown(people: list[Person], secret: list[Person]) -> dict[str, str]:
    """Names for addresses, and for tokens the name under which each was shown: that of who is on the other side."""
    shown = {person.address: person.name for person in secret if person.name}
    visitor = next((person.name for person in people if person.side == Side.VISITOR and person.name), "")
    if visitor:
        shown |= {person.token: visitor for person in people if person.token and person.side == Side.OPERATOR}
    return shown


def _policy(conversation: Conversation) -> MailPolicy:
    return MailPolicy.objects.filter(group=conversation.group_id).first() or MailPolicy(group=conversation.group)


def _own_hosts(conversation: Conversation) -> frozenset[str]:
    """The hosts of this desk and of the sites that show its buttons: public, whoever has an address there."""
    sites = Button.objects.filter(pk=conversation.button_id).values_list("allowed_sites", flat=True)
    hosts = {settings.SITE_HOST} | {urlsplit(line.strip()).hostname or "" for each in sites for line in each.split()}
    return frozenset(host.removeprefix("www.").lower() for host in hosts if host)


def _domains(addresses: Iterable[str]) -> set[str]:
    return {comparable(address.rpartition("@")[2]) for address in addresses}


def _personal_hosts(people: Iterable[Person], public: set[str]) -> frozenset[str]:
    """Domains that tell who somebody is: neither a mail provider's, nor of the desk's own sites."""
    domains = _domains(person.address for person in people)
    return frozenset(each for each in domains - PROVIDERS if is_public(each) and not _is_at(each, public))


def _machines(conversation: Conversation) -> set[str]:
    """The machines that mail of this conversation came from, by name and by number."""
    return _told_by(IncomingMail.objects.filter(conversation=conversation).only("helo", "client_ip").order_by())


def _told_by(mails: Iterable[IncomingMail]) -> set[str]:
    return {each for mail in mails for each in (mail.helo, mail.client_ip) if each}


def _hidden(told: set[str], public: set[str]) -> frozenset[str]:
    named = {comparable(each) for each in told if "." in each or ":" in each}
    return frozenset(each for each in named if each not in _HERE and not _is_at(each, public))


def _is_at(domain: str, public: set[str]) -> bool:
    return any(name == domain or name.endswith(f".{domain}") for name in public)


def _reply_address(conversation: Conversation, reader: Correspondent | None, people: list[Person]) -> str:
    """Where an answer to this conversation may go: the reader's own token, or the address of its group."""
    if reader is not None:
        mine = address_of(reader).lower()
        return next((person.token for person in people if person.token and person.address == mine), "")
    return remembered((_group_address, conversation.group_id), lambda: _group_address(conversation.group_id))


def _group_address(group_id: int) -> str:
    address = ForwardingAddress.objects.filter(group=group_id, is_active=True).order_by("pk").first()
    return address.address if address else ""
