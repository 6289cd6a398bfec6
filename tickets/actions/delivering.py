"""A mail that is let in: its entry and all that is told of it in one transaction, then its files."""

from __future__ import annotations

from chatdesk.actions.reopening import reopen
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


def deliver(arrival: Arrival, way: Route, stands: Standing) -> Facts:
    """What is to be remembered of it. Safe to repeat; to be called outside a transaction."""
    rules = _rules(arrival, way)
    words = words_of(arrival.message, arrival.mail, rules)
    words.letter["remarks"] += way.remarks
    with deciding():
        place = place_of(arrival.mail, arrival.message, way)
        flags = _flags(arrival, stands) | {"addressee": answered(arrival.message, place)}
        entry = file(arrival.mail, place, words, flags)
        _keep_back(arrival, place, entry, words)
        _answer(arrival, place, way)
        facts = {"proof": arrival.proof, "machine": arrival.machine, "related": list(way.related)}
        parts = () if arrival.is_sealed else arrival.message.files
        filed = {"conversation_id": place.conversation.pk, "entry_id": entry.pk}
        if parts:
            IncomingMail.objects.filter(pk=arrival.mail.pk).update(**filed)
        else:
            mark_done(arrival.mail, facts, **filed)
    return facts | _files(arrival, place, entry, rules) if parts else facts


def _files(arrival: Arrival, place: Place, entry: Entry, rules: Rules) -> Facts:
    """Somebody may have ended the conversation between the words and the files."""
    reopen(place.conversation, BY_MAIL)
    shelf = Shelf(place.conversation, place.participant, entry, arrival.mail, content_id(arrival.mail))
    return {"files": put_all(shelf, arrival.message.files, rules)}


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
