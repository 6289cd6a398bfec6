"""Cases E: which conversation a mail belongs to, and who may write into it."""

from __future__ import annotations

from email import message_from_bytes

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from chatdesk.models import Conversation
from chatdesk.protocol import Refused
from tests.factories import make_conversation, make_entry, make_operator, make_supervisor
from tests.mail.letters import letter
from tests.mail.office import SALES, SUPPORT, Office, V, X, a_mail, files, held, letter_of, of, said, token
from tests.mail.people import O as O_PERSON
from tests.mail.people import V as V_PERSON
from tests.mail.people import X as X_PERSON
from tests.mail.world import World
from tickets import remarks
from tickets.actions import correspondents
from tickets.actions.destinations import Nowhere, Token, destination
from tickets.actions.processing import process
from tickets.actions.tickets import ensure
from tickets.composing.ids import new_message_id
from tickets.models import Correspondent, Held, IncomingMail, Ticket

RELAY = "relay.test"


def is_expected(address: str) -> bool:
    place = destination(address)
    return isinstance(place, Token) and not place.is_revoked


def test_e1_answer_to_the_token_without_references(office: Office) -> None:
    talk, vera = office.talk()
    make_entry(talk, "Which lamp?", office.cast.bob)
    mail = office.gets(a_mail(to=token(vera), text="The red one.", files={"lamp.txt": b"red"}), token(vera))
    assert of(mail) == talk
    assert said(talk) == ["Which lamp?", "The red one."]
    assert files(talk) == ["lamp.txt"]
    assert letter_of(mail).sender == vera
    assert mail.entry is not None
    assert mail.entry.participant == vera.participant


def test_e2_references_with_our_signed_id_and_a_proven_sender(office: Office) -> None:
    talk, _vera = office.talk()
    ours = new_message_id(talk.ref, RELAY)
    mail = office.gets(a_mail(References=f"<foreign@home.test> {ours}", proven=True))
    assert of(mail) == talk
    assert Conversation.objects.count() == 1


@pytest.mark.parametrize("facts", [{"proven": False}, {"proven": True, "sender": X}])
def test_e2_the_id_alone_is_no_password(office: Office, facts: dict[str, bool]) -> None:
    talk, _vera = office.talk()
    ours = new_message_id(talk.ref, RELAY)
    mail = office.gets(a_mail(In_Reply_To=ours, **facts))  # type: ignore[arg-type]
    assert of(mail) != talk
    assert said(talk) == []
    assert remarks.FORGED_REFERENCE in letter_of(mail).remarks


def test_e2_a_revoked_participant_threads_nowhere(office: Office) -> None:
    talk, vera = office.talk()
    Correspondent.objects.filter(pk=vera.pk).update(revoked_at=timezone.now())
    mail = office.gets(a_mail(References=new_message_id(talk.ref, RELAY), proven=True))
    assert of(mail) != talk


def test_e3_a_new_mail_is_a_new_ticket_linked_to_the_same_sender(office: Office) -> None:
    first = office.gets(a_mail(Message_ID="<1@home.test>"))
    second = office.gets(a_mail(text="Another matter.", Message_ID="<2@home.test>"))
    assert of(first) != of(second)
    assert Ticket.objects.filter(conversation=of(second)).exists()
    assert second.facts["related"] == [of(first).ref]
    assert remarks.SAME_SENDER in letter_of(second).remarks
    assert remarks.SAME_SENDER not in letter_of(first).remarks


def test_e3_a_closed_one_is_not_linked(office: Office) -> None:
    first = office.gets(a_mail(Message_ID="<1@home.test>"))
    Conversation.objects.filter(pk=of(first).pk).update(closed_at=timezone.now())
    second = office.gets(a_mail(text="Another matter.", Message_ID="<2@home.test>"))
    assert second.facts["related"] == []


def test_e4_a_number_in_the_subject_means_nothing(office: Office) -> None:
    talk, _vera = office.talk()
    ticket = ensure(talk, "The lamp")
    mail = office.gets(a_mail(sender=X, Subject=f"Re: [#{ticket.pk}] [Ticket#{ticket.pk}] {talk.ref}", proven=True))
    assert of(mail) != talk
    assert said(talk) == []
    assert Ticket.objects.get(pk=ticket.pk).state == Ticket.State.OPEN


def test_e5_forged_ids_open_a_new_ticket_that_is_marked(office: Office) -> None:
    talk, _vera = office.talk(closed=True)
    good = new_message_id(talk.ref, RELAY)
    name, _dot, _signature = good.strip("<>").partition("@")[0].rpartition(".")
    forged = f"<{name}.aaaaaaaaaaaaaaaa@{RELAY}>"
    mail = office.gets(
        a_mail(sender=X, In_Reply_To=forged, References=forged, files={"x.txt": b"x"}, proven=True), sender=X
    )
    assert of(mail) != talk
    assert remarks.FORGED_REFERENCE in letter_of(mail).remarks
    talk.refresh_from_db()
    assert talk.closed_at is not None
    assert files(talk) == []
    assert Correspondent.objects.filter(conversation=talk).count() == 1


def test_e6_an_operator_from_an_unlisted_address_is_held(office: Office) -> None:
    talk, _vera = office.talk()
    bob = correspondents.of_operator(talk, office.cast.bob)
    mail = office.gets(a_mail(sender="bob.private@else.test", to=token(bob), proven=True), token(bob))
    assert held(mail) == [Held.Reason.NEW_SENDER]
    row = Held.objects.get()
    assert row.conversation == talk
    assert "else.test" not in f"{row.name} {row.detail}"
    assert said(talk) == []


def test_e7_a_colleague_of_the_visitor_is_held_and_can_be_added(office: Office) -> None:
    talk, vera = office.talk()
    mail = office.gets(a_mail(sender="colleague@home.test", to=token(vera), proven=True), token(vera))
    assert held(mail) == [Held.Reason.NEW_SENDER]
    assert said(talk) == []
    colleague = correspondents.of_third(talk, "colleague@home.test", "Colleague")
    assert token(colleague) != token(vera)
    later = a_mail(sender="colleague@home.test", to=token(colleague), text="I am with her.", files={"c.txt": b"c"})
    answer = office.gets(later, token(colleague))
    assert said(talk) == ["I am with her."]
    assert files(talk) == ["c.txt"]
    assert letter_of(answer).sender == colleague


@pytest.mark.parametrize("side", ["visitor", "operator"])
def test_e7_a_click_lets_a_new_sender_in(office: Office, side: str) -> None:
    """Beside the visitor as somebody of their own; at a colleague's address as the colleague."""
    talk, expected = office.talk()
    if side == "operator":
        expected = correspondents.of_operator(talk, office.cast.bob)
    mail = office.gets(a_mail(sender=X, to=token(expected), text="May I?", proven=True), token(expected))
    Held.objects.update(state=Held.State.RELEASED)
    IncomingMail.objects.update(state=IncomingMail.State.STORED)
    mail = process(mail.pk)
    assert said(talk) == ["May I?"]
    writer = letter_of(mail).sender
    assert writer is not None
    assert writer.side == ("third" if side == "visitor" else "operator")
    assert (writer == expected) == (side == "operator")
    assert Correspondent.objects.get(pk=expected.pk).address_hash == expected.address_hash


def test_e8_a_wrong_token_is_no_address(office: Office) -> None:
    _talk, vera = office.talk()
    right = token(vera)
    near = right[:5] + ("a" if right[5] != "a" else "b") + right[6:]
    assert is_expected(right)
    for wrong in (near, f"t-{'a' * 26}@{RELAY}", right.replace(RELAY, "other.test"), "t-@relay.test", "nobody", ""):
        assert isinstance(destination(wrong), Nowhere), wrong


def test_e9_after_a_merge_the_old_token_leads_on(office: Office) -> None:
    old, vera = office.talk()
    new, walt = office.talk()
    kept, merged = ensure(new), ensure(old)
    merged.merged_into = kept
    merged.save()
    Correspondent.objects.filter(pk=walt.pk).update(address_hash=correspondents.address_hash("walt@home.test"))
    mail = office.gets(a_mail(to=token(vera), text="Still dark."), token(vera))
    assert of(mail) == new
    assert said(old) == []
    writer = letter_of(mail).sender
    assert writer is not None
    assert (writer.conversation, correspondents.address_of(writer)) == (new, V)
    assert writer != walt


def test_e9_of_the_same_visitor_it_is_the_same_participant(office: Office) -> None:
    old, vera = office.talk()
    new, again = office.talk()
    merged = ensure(old)
    merged.merged_into = ensure(new)
    merged.save()
    mail = office.gets(a_mail(to=token(vera)), token(vera))
    assert letter_of(mail).sender == again
    assert mail.entry is not None
    assert mail.entry.participant == again.participant


def test_e10_an_answer_reopens_and_everybody_is_told(office: Office) -> None:
    talk, vera = office.talk(closed=True)
    office.gets(a_mail(to=token(vera), text="One thing more."), token(vera))
    talk = Conversation.objects.select_related("request").get(pk=talk.pk)
    assert (talk.closed_at, talk.standing) == (None, "message")
    kinds = list(talk.entries.order_by("seq").values_list("kind", flat=True))
    assert kinds == ["notice", "message"]


def test_e10_twice_is_one_notice(office: Office) -> None:
    talk, vera = office.talk(closed=True)
    raw = a_mail(to=token(vera))
    office.gets(raw, token(vera))
    office.gets(raw, token(vera))
    assert talk.entries.count() == 2


@pytest.mark.parametrize("spell", [str.upper, lambda a: f'"{a.split("@")[0]}"@relay.test', lambda a: f"<{a}>"])
def test_e11_any_spelling_of_a_token(office: Office, spell: object) -> None:
    talk, vera = office.talk()
    address = spell(token(vera))  # type: ignore[operator]
    mail = office.gets(a_mail(to=address), address)
    assert of(mail) == talk


def test_e12_a_revoked_token_takes_nothing(office: Office) -> None:
    talk, vera = office.talk()
    correspondents.revoke(make_supervisor(), vera)
    assert not is_expected(token(vera))
    assert AuditEntry.objects.filter(action="mail.revoke").count() == 1
    mail = office.gets(a_mail(to=token(vera)), token(vera))  # what came by a mailbox can't be refused
    assert held(mail) == [Held.Reason.NEW_SENDER]
    assert said(talk) == []


def test_e12_only_who_may_see_contact_data_revokes(office: Office) -> None:
    _talk, vera = office.talk()
    stranger = make_operator("dora", office.cast.sales)
    with pytest.raises(Refused):
        correspondents.revoke(stranger, vera)
    assert is_expected(token(vera))


def test_b10_a_token_beside_one_of_our_addresses_wins(office: Office) -> None:
    talk, vera = office.talk()
    raw = a_mail(to=f"{token(vera)}, {SUPPORT}", Message_ID="<both@home.test>", files={"a.txt": b"a"})
    first, second = office.gets(raw, SUPPORT), office.gets(raw, token(vera))
    assert (of(first), of(second)) == (talk, talk)
    assert len(said(talk)) == 1
    assert files(talk) == ["a.txt"]
    assert Conversation.objects.count() == 1


def test_b10_a_strangers_token_does_not_win(office: Office) -> None:
    talk, vera = office.talk()
    mail = office.gets(a_mail(sender=X, to=f"{token(vera)}, {SALES}"), SALES)
    assert of(mail) != talk
    assert of(mail).group == office.cast.sales


def test_e9_the_answer_goes_to_who_wrote_the_message(world: World) -> None:
    """The conversation of another visitor was merged into V's; both write to their old tokens."""
    other = make_conversation(world.button, operator=world.operator)
    merged = ensure(other)
    merged.merged_into = ensure(world.conversation)
    merged.save()
    other_token = world.token(correspondents.of_visitor(other, X_PERSON.address, X_PERSON.name))
    world.receives(letter(V_PERSON, "From Vera."), world.t_v)
    mail = world.receives(letter(X_PERSON, "From the other one."), other_token, X_PERSON)
    assert (mail.conversation, said(other)) == (world.conversation, [])
    world.out()
    asked = message_ids(world.to(O_PERSON)[-1])
    world.sink.taken.clear()
    headers = {"In-Reply-To": asked, "References": asked}
    world.receives(letter(O_PERSON, "To you alone.", headers=headers), world.t_o, O_PERSON)
    assert [taken.recipient for taken in world.out()] == [X_PERSON.address]


def message_ids(raw: bytes) -> str:
    return str(message_from_bytes(raw)["Message-ID"])
