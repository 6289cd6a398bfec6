"""The world of the mail tests: V and O correspond through the desk at relay.test, S looks on, X is a stranger."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from chatdesk.actions.entries import post_entry
from chatdesk.actions.files import receive
from chatdesk.models import Button, Conversation, Entry
from chatdesk.usual import user_type
from routing.models import Group
from tests.factories import (
    Guest,
    make_button,
    make_conversation,
    make_group,
    make_guest,
    make_membership,
    make_participant,
    make_user,
)
from tests.mail.letters import File, proven
from tests.mail.oracle import Secret, search, search_text
from tests.mail.people import PEOPLE, RELAY, SUPPORT, TRUSTED, O, Person, S, V, party_of
from tests.services.sink import Sink, Taken
from tickets.actions import correspondents, outbox, processing, receiving, sending
from tickets.composing.tokens import kept_local_part
from tickets.models import Correspondent, ForwardingAddress, IncomingMail, MailSettings, Security, SmtpAccount
from tickets.reading.envelope import Envelope

ROUNDS = 5


@dataclass
class World:
    sink: Sink
    group: Group
    button: Button
    forwarding: ForwardingAddress
    operator: User
    supervisor: User
    guest: Guest
    conversation: Conversation
    to_v: Correspondent  # mail to V is from V's own token address
    to_o: Correspondent
    more: list[Secret] = field(default_factory=list)
    allowed: set[tuple[str, str]] = field(default_factory=set)
    ahead: timedelta = timedelta()

    def later(self, **much: float) -> None:
        """Move the clock on: `hours=1`."""
        self.ahead += timedelta(**much)

    # --- in -----------------------------------------------------------------------------------------------------------

    def token(self, who: Correspondent) -> str:
        """The address that this correspondent writes to."""
        return f"{kept_local_part(who.nonce, who.token_hash)}@{RELAY}"

    @property
    def t_v(self) -> str:
        return self.token(self.to_v)

    @property
    def t_o(self) -> str:
        return self.token(self.to_o)

    def keeps(
        self, raw: bytes, to: str = SUPPORT, by: Person = V, *, sender: str | None = None, ip: str = "",
        is_proven: bool = True, via: str = "smtp", source_key: str = "",
    ) -> IncomingMail:  # fmt: skip
        """As if our server had handed it on; not processed yet. `is_proven`: it found the sender to be `by`."""
        stranger = "" if is_proven else by.ip  # what our server handed on has our server's address
        envelope = Envelope(via, to, by.address if sender is None else sender, ip or stranger, by.host, source_key)
        content = proven(raw, by.domain, TRUSTED) if is_proven else raw
        return receiving.keep(content, envelope).mail

    def receives(
        self, raw: bytes, to: str = SUPPORT, by: Person = V, *, sender: str | None = None, ip: str = "",
        is_proven: bool = True, via: str = "smtp", source_key: str = "",
    ) -> IncomingMail:  # fmt: skip
        """The same, processed at once."""
        mail = self.keeps(raw, to, by, sender=sender, ip=ip, is_proven=is_proven, via=via, source_key=source_key)
        return processing.process(mail.pk)

    def sweeps_in(self) -> None:
        """Process what was kept and is due."""
        processing.process_due()

    # --- what people do at the desk and in the chat -------------------------------------------------------------------

    def answers(self, text: str = "", files: Sequence[File] = (), conversation: Conversation | None = None) -> Entry:
        """O answers in the dashboard; the last entry of it."""
        return self._says(conversation or self.conversation, self.operator, text, files)

    def writes(self, text: str = "", files: Sequence[File] = (), conversation: Conversation | None = None) -> Entry:
        """V writes in the chat."""
        return self._says(conversation or self.conversation, None, text, files)

    def _says(self, conversation: Conversation, user: User | None, text: str, files: Sequence[File]) -> Entry:
        part, entries = make_participant(conversation, user), []
        if text:
            entries.append(post_entry(conversation, part, text, uuid.uuid4().hex))
        for name, media_type, data in files:
            upload = SimpleUploadedFile(name, data, media_type)
            entries.append(receive(conversation, part, upload, uuid.uuid4().hex))
        return entries[-1]

    # --- out ----------------------------------------------------------------------------------------------------------

    def out(self) -> list[Taken]:
        """Let everything leave that is due: all that has left so far."""
        for _ in range(ROUNDS):
            before = len(self.sink.taken)
            outbox.post_due_answers()
            outbox.queue_due()
            sending.send_due()
            if len(self.sink.taken) == before:
                break
        return [*self.sink.taken]

    def to(self, person: Person) -> list[bytes]:
        """Every mail that left to this person, in order."""
        return [each.raw for each in self.sink.taken if each.recipient.lower() in person.addresses]

    # --- the oracle ---------------------------------------------------------------------------------------------------

    def protect(self, secret: Secret) -> None:
        """One more thing that nobody but its owner may see."""
        self.more.append(secret)

    def may_see(self, reader: str, owner: str) -> None:
        """In this test the policy lets `reader` (a party, or an address such as the CRM's) see what is `owner`'s."""
        self.allowed.add((reader.lower(), owner))

    def secrets_from(self, reader: str) -> list[Secret]:
        every = [*(secret for each in PEOPLE for secret in each.secrets), *self.more]
        return [each for each in every if each.owner != reader and (reader.lower(), each.owner) not in self.allowed]

    def leaks(self, party: str | None = None) -> list[str]:
        """What the oracle finds in everything that left to a party (V, O, S, X); to anybody, without one."""
        found = (each for each in [*self.sink.taken] if party in (None, party_of(each.recipient)))
        return [line for each in found for line in self._leaks_in(each)]

    def _leaks_in(self, mail: Taken) -> Iterable[str]:
        reader = party_of(mail.recipient) or mail.recipient
        envelope = search_text(mail.sender, self.secrets_from(reader))
        hits = [*search(mail.raw, self.secrets_from(reader)), *envelope]
        return [f"to {reader}: {hit}" for hit in hits]

    def leaks_in_text(self, text: str, party: str) -> list[str]:
        """What a page, a socket's frame or an answer shows to a party that it must not."""
        return [str(hit) for hit in search_text(text, self.secrets_from(party))]

    def real_addresses_in(self, text: str) -> list[str]:
        """For logs: nobody's may stand there."""
        return [
            str(hit) for hit in search_text(text, [each for each in self.secrets_from("") if each.kind == "address"])
        ]


def make_world(sink: Sink) -> World:
    settings = MailSettings.load()
    settings.relay_domain, settings.is_sending, settings.trusted_results = RELAY, True, TRUSTED
    settings.reading_seconds = settings.undo_seconds = 0
    settings.save()
    SmtpAccount.objects.create(host="127.0.0.1", port=sink.port, security=Security.NONE)
    group = make_group("support")
    button = make_button("support", group)
    operator, supervisor = _person(O, "Operator", group), _person(S, "Supervisor", group)
    guest = make_guest()
    conversation = make_conversation(button, guest, operator, group=group, name=V.name, email=V.address)
    return World(
        sink=sink,
        group=group,
        button=button,
        forwarding=ForwardingAddress.objects.create(address=SUPPORT, group=group, button=button),
        operator=operator,
        supervisor=supervisor,
        guest=guest,
        conversation=conversation,
        to_v=correspondents.of_visitor(conversation, V.address, V.name),
        to_o=correspondents.of_operator(conversation, operator),
    )


def _person(person: Person, kind: str, group: Group) -> User:
    user = make_user(person.party.lower(), user_type(kind))
    user.email, user.display_name = person.address, person.name
    user.save(update_fields=["email", "display_name"])
    make_membership(group, user)
    return user
