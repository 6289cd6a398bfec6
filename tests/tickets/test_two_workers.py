"""Two workers at the same mails at once: each mail is one message, whoever was quicker."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connections

from chatdesk.models import Conversation, File
from tests.mail.office import Office, a_mail, files, said, token
from tickets.actions.processing import process, process_due
from tickets.models import IncomingMail, OutgoingMail

MAILS = 8


@pytest.fixture
def office(transactional_db: None) -> Office:
    return Office()


def both(deed: Callable[[], object]) -> list[BaseException]:
    """Do it in two threads that begin together; what went wrong."""
    start, trouble = threading.Barrier(2), []

    def work() -> None:
        try:
            start.wait(10)
            deed()
        except BaseException as error:
            trouble.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _n in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    return trouble


def test_the_same_new_mails(office: Office) -> None:
    for number in range(MAILS):
        office.keeps(a_mail(sender=f"v{number}@home.test", text=f"Mail {number}", files={"a.txt": b"a"}))
    assert both(process_due) == []
    process_due()
    assert not IncomingMail.objects.exclude(state="done").exists()
    assert Conversation.objects.count() == MAILS
    assert [len(said(each)) for each in Conversation.objects.all()] == [1] * MAILS
    assert [files(each) for each in Conversation.objects.all()] == [["a.txt"]] * MAILS
    assert File.objects.count() == MAILS
    assert OutgoingMail.objects.filter(kind="ack").count() == MAILS


def test_two_copies_of_one_mail_to_one_conversation(office: Office) -> None:
    talk, vera = office.talk()
    raw = a_mail(to=f"{token(vera)}, support@relay.test", Message_ID="<both@home.test>", files={"a.txt": b"a"})
    copies = iter([office.keeps(raw, token(vera)).pk, office.keeps(raw, "support@relay.test").pk])
    assert both(lambda: process(next(copies))) == []
    assert (len(said(talk)), files(talk)) == (1, ["a.txt"])
    assert Conversation.objects.count() == 1


def test_the_same_mail_kept_twice_at_once_is_one_row(office: Office) -> None:
    raw = a_mail()
    assert both(lambda: office.keeps(raw)) == []
    assert IncomingMail.objects.count() == 1
