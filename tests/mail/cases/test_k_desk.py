"""K2 at the desk: an operator reads, searches and opens what came by mail, and never sees a real address."""

from __future__ import annotations

from chatdesk.models import Conversation
from tests.accounts.people import signed_in
from tests.mail.letters import letter
from tests.mail.people import SUPPORT, V
from tests.mail.world import World
from tests.tickets.test_promise import soon, wanted
from tickets.actions import followups, tickets
from tickets.actions.followups import Contact
from tickets.models import Ticket

HTML = f'<p>Write to <a href="mailto:{V.address}">{V.address}</a></p>'


def by_mail(world: World) -> Conversation:
    text = f"Please write to {V.address}\n\n> On Monday {V.address} wrote:\n> hello"
    mail = world.receives(letter(V, text, subject=f"Answer to {V.address}", html=HTML), SUPPORT)
    assert mail.conversation is not None
    return mail.conversation


def test_k2_no_page_of_the_desk_shows_a_real_address(world: World) -> None:
    conversation = by_mail(world)
    browser = signed_in(world.operator)
    one = f"/desk/conversations/{conversation.ref}/"
    seq = conversation.entries.filter(letter__isnull=False).values_list("seq", flat=True).get()
    paths = ["/desk/", "/desk/tickets/", "/desk/tickets/news/", one, f"{one}ticket/", f"{one}badges/"]
    paths += [f"{one}letters/{seq}/", f"{one}?part=frame", f"{one}promises/"]
    for path in paths:
        answer = browser.get(path)
        assert answer.status_code == 200, path
        assert world.leaks_in_text(answer.content.decode(), "O") == [], path


def test_k2_a_search_for_an_address_finds_nothing(world: World) -> None:
    conversation = by_mail(world)
    number = Ticket.objects.get(conversation=conversation).pk
    browser = signed_in(world.operator)
    assert f"#{number}<" in browser.get("/desk/tickets/?q=Answer").content.decode()
    for words in (V.address, V.address.split("@")[0], V.address.split("@")[1]):
        assert f"#{number}<" not in browser.get("/desk/tickets/", {"q": words}).content.decode()


def test_k2_a_promised_contact_is_shown_on_no_page_and_no_timeline(world: World) -> None:
    conversation = by_mail(world)
    kept = Contact(V.address, "to send the answer", soon(days=7), True)
    promise = wanted(world.operator, "mail", question=f"Write to {V.address}", contact=kept)
    followups.promise(world.operator, conversation.ref, promise)
    tickets.rename(world.operator, conversation.ref, "Parcel")
    browser = signed_in(world.operator)
    followups.remind_due(soon(days=1))
    one = f"/desk/conversations/{conversation.ref}/"
    for path in ("/desk/tickets/promises/", "/desk/tickets/news/", one, f"{one}ticket/", f"{one}export/?form=json"):
        text = browser.get(path).content.decode()
        assert world.leaks_in_text(text, "O") == [], path
    world.out()
