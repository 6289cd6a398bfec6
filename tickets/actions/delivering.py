"""A mail that is let in: its entry and all that is told of it in one transaction, then its files."""

from __future__ import annotations

from dataclasses import dataclass, field

from accounts.rows import change
from chatdesk.actions.reopening import reopen
from chatdesk.actions.saying import tell_hidden
from chatdesk.models import Conversation, Entry
from routing.locks import deciding
from tickets import remarks
from tickets.actions import outbox
from tickets.actions.admitting import is_machine
from tickets.actions.arrival import Arrival, Facts
from tickets.actions.attachments import Shelf, put_all
from tickets.actions.filing import BY_MAIL, Place, answered, content_id, file, place_of, shown_name
from tickets.actions.holding import hold
from tickets.actions.letters import Words, words_of
from tickets.actions.loops import may_acknowledge, may_answer
from tickets.actions.marking import mark_done
from tickets.actions.maskrules import rules_for, rules_for_newcomer
from tickets.actions.newcomers import button_of
from tickets.actions.notifying import notify
from tickets.actions.reachability import heard_from
from tickets.actions.standing import Standing, sender_of
from tickets.actions.threads import Route
from tickets.masking import Rules
from tickets.models import Held, IncomingMail, MailTemplate

Template = MailTemplate.Kind


@dataclass(frozen=True)
class Delivery:
    """A mail that was read and masked, and is still to be stored. `marks`: what else is to be remembered of it."""

    arrival: Arrival
    way: Route
    stands: Standing
    rules: Rules
    words: Words
    marks: Facts = field(default_factory=dict)

    @property
    def begins_anew(self) -> bool:
        """Whether it begins a conversation, of which nobody but its sender can have any part yet."""
        return self.way.correspondent is None and remarks.FLOOD not in self.way.remarks

    @property
    def has_files(self) -> bool:
        return not self.arrival.is_sealed and bool(self.arrival.message.files)


@dataclass(frozen=True)
class Entered:
    """A mail whose words are stored."""

    delivery: Delivery
    place: Place
    entry: Entry
    facts: Facts


def prepared(arrival: Arrival, way: Route, stands: Standing, marks: Facts) -> Delivery:
    rules = _rules(arrival, way)
    words = words_of(arrival.message, arrival.mail, rules)
    words.letter["remarks"] += [*way.remarks, *([remarks.HIDDEN] if arrival.hidden else [])]
    return Delivery(arrival, way, stands, rules, words, marks)


def deliver(delivery: Delivery) -> Facts:
    """What is to be remembered of it. Safe to repeat; to be called outside a transaction."""
    with deciding():
        entered = enter(delivery)
    return finish(entered)


def enter(delivery: Delivery) -> Entered:
    """Its words, and all that is told of them; without files it is done. Safe to repeat; call it while `deciding`."""
    arrival, way = delivery.arrival, delivery.way
    place = place_of(arrival.mail, arrival.message, way)
    flags = _flags(arrival, delivery.stands) | {"addressee": answered(arrival.message, place)}
    entry = file(arrival.mail, place, delivery.words, flags)
    tell_hidden(place.conversation.pk, arrival.hidden)
    _keep_back(arrival, place, entry, delivery.words)
    _answer(arrival, place, way)
    facts = {"proof": arrival.proof, "machine": arrival.machine, "related": list(way.related)} | delivery.marks
    filed = {"conversation_id": place.conversation.pk, "entry_id": entry.pk}
    if delivery.has_files:
        change(IncomingMail, arrival.mail.pk, **filed)
    else:
        mark_done(arrival.mail, facts, **filed)
    return Entered(delivery, place, entry, facts)


def finish(entered: Entered) -> Facts:
    """Its files. Somebody may have ended the conversation between the words and them."""
    delivery, place = entered.delivery, entered.place
    if not delivery.has_files:
        return entered.facts
    mail = delivery.arrival.mail
    reopen(place.conversation, BY_MAIL)
    shelf = Shelf(place.conversation, place.participant, entered.entry, mail, content_id(mail))
    return entered.facts | {"files": put_all(shelf, delivery.arrival.message.files, delivery.rules)}


def _rules(arrival: Arrival, way: Route) -> Rules:
    if way.address is None and way.correspondent is not None:
        return rules_for(way.correspondent.conversation, None, arrival.mail)
    if way.address is None:
        raise ValueError("a route leads to a correspondent or to an address")
    sender = sender_of(arrival.message)
    coming = Conversation(group=way.address.group, button=button_of(way.address))
    name = shown_name(sender) if sender else ""
    return rules_for_newcomer(coming, sender.address if sender else "", name, arrival.mail)


def _flags(arrival: Arrival, stands: Standing) -> Facts:
    return {"is_machine": is_machine(arrival), "is_unproven": stands.is_unproven}


def _keep_back(arrival: Arrival, place: Place, entry: Entry, words: Words) -> None:
    about: Facts = {"conversation": place.conversation, "incoming": arrival.mail, "entry": entry}
    if words.written:
        hold(Held.Reason.ADDRESS_WRITTEN, **about)
    if arrival.message.is_encrypted:
        hold(Held.Reason.LOCKED, **about)


def _answer(arrival: Arrival, place: Place, way: Route) -> None:
    """What a person is told by mail: that it can't be passed on, or once, to who has just begun, that it is here."""
    if place.writer is None or arrival.machine:
        return
    heard_from(place.writer)
    if arrival.is_sealed:
        if may_answer(arrival, place.writer):
            kind = Template.ENCRYPTED if arrival.message.is_encrypted else Template.TOO_LARGE
            notify(arrival.mail, place.writer, kind)
    elif _wants_word(way) and may_acknowledge(arrival, place.writer):
        outbox.acknowledge(arrival.mail, place.writer)


def _wants_word(way: Route) -> bool:
    return way.address is not None and way.address.acknowledges and remarks.FLOOD not in way.remarks
