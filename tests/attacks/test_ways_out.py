"""A-16 to A-20: what leaves the desk, forms and links of other sites, foreign hosts, sessions from before."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client

from accounts.actions.password_mails import ask_reset, send_due
from accounts.models import AuditEntry, Scope, User, UserType
from chatdesk.models import Conversation
from chatdesk.permissions import VISITOR_COOKIE
from tests.accounts.codes import code_now, give_code, make_app
from tests.accounts.people import is_signed_in, sign_in, signed_in
from tests.chatdesk.desk_doors import address
from tests.factories import (
    PASSWORD,
    Cast,
    make_compliance,
    make_conversation,
    make_entry,
    make_operator,
)

pytestmark = pytest.mark.django_db
SECRET = "the code of my safe is 4711"


@pytest.fixture
def held(cast: Cast) -> Conversation:
    """Vera talks to Alice of Sales."""
    held = make_conversation(cast.sales_button, cast.vera, cast.alice)
    make_entry(held, SECRET)
    return held


# --- exports, forms from elsewhere, ways out -------------------------------------------------------------------------


def test_a16_a_transcript_is_for_who_asks_and_may(cast: Cast, held: Conversation) -> None:
    """There are no links to exports that could be passed on or expire: each is made for who asks, and recorded."""
    cora, export = make_compliance(), address(held, "export/")
    assert SECRET in signed_in(cora).get(export).content.decode()
    assert SECRET in signed_in(cora).get(export).content.decode()
    assert signed_in(cast.bob).get(export).status_code == 404
    assert signed_in(cast.alice).get(export).status_code == 403
    assert Client().get(export).status_code == 302
    UserType.objects.filter(users=cora).update(export=Scope.NONE)
    assert signed_in(cora).get(export).status_code == 403
    exported = AuditEntry.objects.filter(action="chat.export").values_list("actor_id", flat=True)
    assert list(exported) == [cora.pk, cora.pk]


FORMS_ELSEWHERE = [
    "/accounts/logout/",
    "/accounts/profile/",
    "/accounts/password/",
    "/accounts/profile/photo/remove/",
    "/accounts/login/",
    "/admin/accounts/user/add/",
    "/admin/routing/group/add/",
    "/admin/logout/",
]


@pytest.mark.parametrize("path", FORMS_ELSEWHERE)
def test_a17_a_form_on_another_site_does_nothing(ada: User, held: Conversation, path: str) -> None:
    """Nor a link: what changes something is asked for by POST, with its form's token. Sockets: see S-15."""
    browser = signed_in(ada, checks=True)
    for target in (path, address(held, "contact/"), address(held, "files/")):
        answer = browser.post(target, {"reason": "because", "display_name": "Evil"}, HTTP_ORIGIN="https://evil.example")
        assert answer.status_code == 403, target
    assert browser.get("/accounts/logout/").status_code == 405
    assert browser.get(address(held, "contact/")).status_code == 405
    assert is_signed_in(browser)
    assert not AuditEntry.objects.filter(action="contact.reveal").exists()
    assert User.objects.get(pk=ada.pk).display_name == "Ada"


WAYS_OUT = [
    "//evil.example",
    "/\\evil.example",
    "https:evil.example",
    "https://evil.example/desk/",
    "javascript:alert(1)",
    "///evil.example",
    "\t//evil.example",
    "http://testserver@evil.example/",
    "http:///evil.example",
    "%2F%2Fevil.example",
]


@pytest.mark.parametrize("way", WAYS_OUT)
def test_a18_nobody_is_sent_elsewhere(cast: Cast, ada: User, way: str) -> None:
    client = Client()
    answer = client.post("/accounts/login/", {"username": cast.alice.email, "password": PASSWORD, "next": way})
    assert stays_here(answer["Location"])
    for path in ("/accounts/login/", "/admin/login/"):
        answer = signed_in(ada).get(path, {"next": way})
        assert stays_here(answer.get("Location", "/"))
        answer = Client().get(path, {"next": way}, follow=False)
        assert stays_here(answer.get("Location", "/"))


def stays_here(location: str) -> bool:
    return not urlsplit(location).netloc and not re.match(r"\s*[/\\]{2}|[a-z]+:", location)


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "evil.example:80", "127.0.0.1@evil.example"]
)
def test_a19_a_foreign_host_header_reaches_no_mail(cast: Cast, host: str) -> None:
    client = Client(headers={"host": host, "x-forwarded-host": host})
    assert client.get("/accounts/login/").status_code == 400
    assert client.post("/accounts/password/reset/", {"email": cast.alice.email}).status_code == 400
    ask_reset(cast.alice.email)
    send_due()
    assert "evil" not in mail.outbox[0].body
    assert settings.SITE_URL in mail.outbox[0].body


def test_a20_a_session_from_before_is_not_the_session_after(cast: Cast, held: Conversation) -> None:
    client = Client()
    client.get("/accounts/login/")
    session = client.session
    session["planted"] = "yes"
    session.save()
    planted = str(session.session_key)
    client.cookies[settings.SESSION_COOKIE_NAME] = planted
    client.cookies[VISITOR_COOKIE] = cast.walt.token
    sign_in(client, cast.bob.email)
    assert is_signed_in(client)
    assert client.session.session_key != planted
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = planted
    assert not is_signed_in(thief)
    assert client.get(address(held)).status_code == 404
    client.post("/accounts/logout/")
    sign_in(client, make_operator("ben").email)
    assert "planted" not in client.session


def test_a20_nothing_planted_is_carried_through_the_second_step(cast: Cast) -> None:
    make_app(cast.bob)
    client = Client()
    client.get("/accounts/login/")
    session = client.session
    session["new_app_key"] = session["planted"] = "yes"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
    sign_in(client, cast.bob.email)
    assert not {"planted", "new_app_key"} & set(client.session.keys())
    give_code(client, code_now())
    assert is_signed_in(client)
    assert client.session.session_key != session.session_key
