"""A-01 to A-14: reaching what is another's, by address, token or form. One test for each.

Elsewhere: A-09 and A-12 (notes and whispers) in test_notes.py, A-15 (groups of the same name) in test_identity.py,
A-16 to A-20 in test_ways_out.py.
What does not apply is said, with the reason, at its number: A-02, and the parts of A-08 and A-16.
"""

from __future__ import annotations

import json
import re
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib import admin
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings as Configured

from accounts.links import password_link
from accounts.models import Scope, User, UserType
from chatdesk.actions.files.storing import place_of
from chatdesk.models import Conversation, Entry, File, SiteSettings, Visitor
from chatdesk.models.conversation import new_ref
from chatdesk.permissions import VISITOR_COOKIE
from tests.accounts.people import NEW_PASSWORD, path_of, signed_in
from tests.factories import (
    Cast,
    Guest,
    make_admin,
    make_compliance,
    make_conversation,
    make_entry,
)
from tests.sockets import Sockets

pytestmark = pytest.mark.django_db
SECRET = "the code of my safe is 4711"
EMAIL = "vera.private@example.org"


@pytest.fixture
def held(cast: Cast) -> Conversation:
    """Vera talks to Alice of Sales, who alone of the operators may know."""
    held = make_conversation(cast.sales_button, cast.vera, cast.alice, name="Vera", email=EMAIL)
    make_entry(held, SECRET)
    return held


def address(ref: str, part: str = "") -> str:
    return f"/desk/conversations/{ref}/{part}"


def file_in(conversation: Conversation, **facts: Any) -> File:
    known: dict[str, Any] = {"name": "a.pdf", "media_type": "application/pdf", "size": 4, "sha256": "0" * 64}
    file = File.objects.create(conversation=conversation, **known | {"state": File.State.STORED} | facts)
    default_storage.save(place_of(file.key), SimpleUploadedFile("a", b"%PDF"))
    return file


def as_guest(guest: Guest) -> Client:
    browser = Client()
    browser.cookies[VISITOR_COOKIE] = guest.token
    return browser


def plain(answer: Any) -> str:
    """A page without what is new each time it is drawn."""
    content = b"".join(answer) if answer.streaming else answer.content
    return re.sub(r'value="\w{64}"|nonce="[^"]+"', "", content.decode())


# --- conversations of others -----------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
async def test_a01_another_groups_conversation_does_not_exist(cast: Cast, held: Conversation, sockets: Sockets) -> None:
    """By page, fragment, history, transcript, address, file and socket: what never was answers the same."""
    await sync_to_async(_a01_over_http)(cast, held)
    desk = await sockets.operator(cast.bob)
    for command in ("conversation.resume", "typing", "conversation.take", "conversation.close"):
        real = await desk.command(command, conversation=held.ref)
        never = await desk.command(command, conversation=held.ref[::-1])
        assert real["code"] == "conversation.unknown"
        assert {**real, "id": ""} == {**never, "id": ""}
    assert SECRET not in json.dumps(desk.frames)


def _a01_over_http(cast: Cast, held: Conversation) -> None:
    bob, never = signed_in(cast.bob), held.ref[::-1]
    for part in ("", "entries/", "targets/", "export/", "export/?form=json"):
        answers = [bob.get(address(ref, part), headers={"HX-Request": "true"}) for ref in (held.ref, never)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert plain(answers[0]) == plain(answers[1])
    keys = (file_in(held).key, "never-was")
    answers = [bob.get(f"/files/{key}/") for key in keys]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert plain(answers[0]) == plain(answers[1])
    assert held.ref not in bob.get("/desk/lists/all/").content.decode()


def test_a02_there_is_no_second_site(db: None) -> None:
    """Does not apply: a desk is one site, its settings one row, and no address or row names a site."""
    SiteSettings.load()
    assert SiteSettings.load() == SiteSettings.objects.get()
    assert "django.contrib.sites" not in settings.INSTALLED_APPS
    assert not [model for model in admin.site._registry if "site" in {field.name for field in model._meta.get_fields()}]


def test_a03_the_token_of_one_conversation_opens_no_other(cast: Cast, held: Conversation) -> None:
    walts = make_conversation(cast.sales_button, cast.walt)
    mine, theirs = file_in(walts), file_in(held)
    browser = as_guest(cast.walt)
    assert b"".join(browser.get(f"/files/{mine.key}/")) == b"%PDF"
    assert browser.get(f"/files/{theirs.key}/").status_code == 404
    assert SECRET not in browser.get("/chat/sales/").content.decode()
    upload = browser.post("/chat/sales/files/", {"file": SimpleUploadedFile("a.txt", b"words"), "client_id": "x"})
    assert upload.status_code == 403  # of no page of ours
    assert held.files.count() == 1


def test_a04_references_can_not_be_counted_through(cast: Cast, held: Conversation) -> None:
    """128 bits of chance: at the 1,800 commands a minute of a socket, guessing takes longer than there were stars.

    Numbers, which could be counted, open nothing. There is no lock after so many misses beyond the pace of the socket.
    """
    bob, alice = signed_in(cast.bob), signed_in(cast.alice)
    refs = {new_ref() for _ in range(2000)}
    assert len(refs) == 2000
    assert {len(ref) for ref in refs} == {22}
    for number in [*range(10), held.pk, held.pk + 1, -1, 10_000]:
        assert bob.get(address(str(number))).status_code == 404
        assert alice.get(address(str(number))).status_code == 404
    for near in (held.ref[:-1], held.ref + "A", held.ref.swapcase(), held.ref[:-1] + "~"):
        assert alice.get(address(near)).status_code == 404


# --- tokens ----------------------------------------------------------------------------------------------------------

ODD_TOKENS = ["0", "true", "[]", "{}", "null", "0e1", "", " ", "'", "%", "a\x00b", "x" * 10_000]


@pytest.mark.parametrize("odd", ODD_TOKENS)
def test_a05_odd_tokens_are_nobodys(cast: Cast, held: Conversation, odd: str) -> None:
    file = file_in(held)
    token = cast.vera.token
    for wrong in (odd, token[: len(token) // 2], token + odd + "x", token.swapcase()):
        browser = Client(headers={"Authorization": f"Bearer {wrong}".replace("\x00", "")})
        assert browser.get(f"/files/{file.key}/").status_code == 404
    assert Client(headers={"Authorization": token}).get(f"/files/{file.key}/").status_code == 404
    assert Client(headers={"Authorization": f"Basic {token}"}).get(f"/files/{file.key}/").status_code == 404


def test_a06_a_link_that_is_old_changed_used_or_for_something_else_opens_nothing(
    cast: Cast, client: Client, configured: Configured
) -> None:
    fresh = path_of(password_link(cast.alice))
    uid, token = fresh.rstrip("/").split("/")[-2:]
    stamp, digest = token.split("-", 1)
    others = path_of(password_link(cast.bob)).rstrip("/").split("/")[-1]
    wrong = [f"{stamp}-{digest[:-1]}x", f"{stamp}-", f"zzzzzz-{digest}", others, cast.vera.token, "0", "set-password"]
    for bad in wrong:
        assert not opens_password_form(client, f"/accounts/password/set/{uid}/{bad}/"), bad
    assert not opens_password_form(client, f"/first-run/{token}/")
    assert opens_password_form(client, fresh)
    configured.PASSWORD_RESET_TIMEOUT = -1
    assert not opens_password_form(Client(), fresh)
    configured.PASSWORD_RESET_TIMEOUT = 3600
    page = client.get(fresh)["Location"]
    client.post(page, {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD})
    assert not opens_password_form(Client(), fresh)


def opens_password_form(client: Client, path: str) -> bool:
    return b"new_password1" in client.get(path, follow=True).content


@pytest.fixture
def configured(settings: Configured) -> Configured:
    return settings


@pytest.mark.django_db(transaction=True)
async def test_a07_after_the_end_a_token_reads_and_writes_no_more(
    cast: Cast, held: Conversation, sockets: Sockets
) -> None:
    await sync_to_async(Conversation.objects.update)(closed_at=timezone.now())
    visitor = await sockets.visitor(token=cast.vera.token, after=0)
    refused = await visitor.command("entry.post", client_id="late", body="one more word")
    assert (refused["type"], refused["code"]) == ("error", "conversation.closed")
    assert (await visitor.command("conversation.close"))["type"] == "error"
    assert await sync_to_async(held.entries.count)() == 1
    stranger = await sockets.open("/ws/visitor/")
    await sync_to_async(Visitor.objects.filter(pk=cast.vera.visitor.pk).update)(token_hash="erased")
    answer = await stranger.command("hello", v=1, button="sales", token=cast.vera.token)
    assert answer["code"] == "auth.denied"


def test_a08_a_file_is_handed_out_whole_and_in_its_own_conversation_alone(cast: Cast, held: Conversation) -> None:
    """No message is ever deleted, and no scanner marks a file yet: what has not passed examination has no entry."""
    unfinished = file_in(held, state=File.State.RECEIVING)
    gone = file_in(held)
    default_storage.delete(place_of(gone.key))
    for file in (unfinished, gone):
        for browser in (as_guest(cast.vera), signed_in(cast.alice)):
            assert browser.get(f"/files/{file.key}/").status_code == 404
    vera_elsewhere = make_conversation(cast.support_button, cast.vera, cast.bob)
    assert signed_in(cast.bob).get(f"/files/{file_in(held).key}/").status_code == 404
    assert signed_in(cast.alice).get(f"/files/{file_in(vera_elsewhere).key}/").status_code == 404


# --- forms and commands ----------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
async def test_a10_what_was_said_is_changed_by_nobody(cast: Cast, held: Conversation, sockets: Sockets) -> None:
    """There is no command to edit or delete; records in the settings are read-only, for superusers too."""
    desk = await sockets.operator(cast.alice)
    for command in ("entry.edit", "entry.delete", "entry.update", "note.delete", "conversation.delete"):
        answer = await desk.command(command, conversation=held.ref, seq=1, body="changed", client_id="x")
        assert answer["code"] == "frame.invalid"
    await sync_to_async(_a10_in_the_settings)(held)
    await desk.command("conversation.close", conversation=held.ref)
    late = await desk.command("entry.post", conversation=held.ref, client_id="late", body="I never said that")
    assert late["type"] == "error"
    first = await sync_to_async(Entry.objects.get)(conversation=held, seq=1)
    assert first.body == SECRET


def _a10_in_the_settings(held: Conversation) -> None:
    root = make_admin("root")
    User.objects.filter(pk=root.pk).update(is_superuser=True)
    browser, entry = signed_in(root), held.entries.get()
    for path in (f"entry/{entry.pk}", f"conversation/{held.pk}"):
        for act in ("change", "delete"):
            answer = browser.post(f"/admin/chatdesk/{path}/{act}/", {"body": "changed", "post": "yes"})
            assert answer.status_code == 403


FORGED = {"is_superuser": "on", "is_staff": "on", "is_active": "on", "user_type": "1", "email": "evil@evil.example"}


@pytest.mark.django_db(transaction=True)
async def test_a11_fields_that_are_not_asked_for_change_nothing(
    cast: Cast, held: Conversation, sockets: Sockets
) -> None:
    browser = await sync_to_async(signed_in)(cast.alice)
    before = await sync_to_async(User.objects.filter(pk=cast.alice.pk).values().get)()
    await sync_to_async(browser.post)("/accounts/profile/", {"display_name": "Alice", "id": "1", **FORGED})
    after = await sync_to_async(User.objects.filter(pk=cast.alice.pk).values().get)()
    assert after == before
    desk = await sockets.operator(cast.alice)
    for extra in ({"seq": 99}, {"at": "2020-01-01T00:00:00Z"}, {"author": 1}, {"is_staff": True}, {"delivered": 1}):
        command = {"conversation": held.ref, "client_id": "c", "body": "words", **extra}
        assert (await desk.command("entry.post", **command))["code"] == "frame.invalid"
    visitor = await sockets.visitor(token=cast.vera.token)
    answer = await visitor.command("entry.post", client_id="v", body="words", by=cast.alice.pk)
    assert answer["code"] == "frame.invalid"
    assert await sync_to_async(held.entries.count)() == 1


# --- the settings ----------------------------------------------------------------------------------------------------

PEEKS = [
    "/admin/accounts/user/?password__startswith=a",
    "/admin/accounts/user/?sign_ins__session_key__startswith=a",
    "/admin/chatdesk/conversation/?visitor__token_hash__startswith=a",
    "/admin/chatdesk/entry/?body__contains=4711",
    "/admin/chatdesk/conversation/?email__startswith=v",
    "/admin/accounts/user/?_to_field=password",
    "/admin/accounts/usertype/?_to_field=networks&_popup=1",
    "/admin/accounts/user/?o=password",
]


@pytest.mark.parametrize("path", PEEKS)
def test_a13_addresses_and_forms_of_the_settings_answer_no_forged_question(
    cast: Cast, ada: User, held: Conversation, path: str
) -> None:
    """Filters that ask about a secret, popups that name a field, actions on rows that the list does not show."""
    UserType.objects.filter(users=ada).update(see=Scope.NONE)
    browser = signed_in(ada)
    answer = browser.get(path)
    assert answer.status_code in (200, 302, 400, 403)
    if answer.status_code == 200:
        assert not any(word in answer.content.decode() for word in (SECRET, EMAIL, "argon2", cast.vera.token))
    for model, row in (("entry", held.entries.get().pk), ("conversation", held.pk)):
        forged = {"action": "delete_selected", "_selected_action": [row], "post": "yes", "select_across": "1"}
        browser.post(f"/admin/chatdesk/{model}/", forged)
    browser.post(
        "/admin/accounts/user/", {"form-TOTAL_FORMS": 1, "form-0-id": ada.pk, "form-0-is_superuser": "on", "_save": 1}
    )
    assert held.entries.count() == 1
    assert not User.objects.get(pk=ada.pk).is_superuser


def test_a14_helpers_of_the_settings_tell_no_names_to_others(cast: Cast, ada: User, held: Conversation) -> None:
    paths = [
        "/admin/autocomplete/?app_label=routing&model_name=membership&field_name=user&term=b",
        f"/admin/accounts/user/{cast.bob.pk}/history/",
        f"/admin/r/1/{cast.bob.pk}/",
        "/admin/jsi18n/",
        f"/admin/accounts/user/{cast.bob.pk}/change/",
    ]
    for browser, path in product((signed_in(cast.alice), signed_in(make_compliance()), Client()), paths):
        answer = browser.get(path)
        assert answer.status_code in (302, 403, 404)
        assert "bob@desk.example" not in answer.content.decode()
    forged = "/admin/autocomplete/?app_label=chatdesk&model_name=conversation&field_name=visitor&term="
    assert signed_in(ada).get(forged).status_code == 403
    UserType.objects.filter(users=ada).update(see=Scope.NONE)
    history = signed_in(User.objects.get(pk=ada.pk)).get(f"/admin/chatdesk/conversation/{held.pk}/history/")
    assert history.status_code in (302, 403)


def test_every_number_has_its_test() -> None:
    """In this folder, whoever wrote it."""
    written = "".join(each.read_text() for each in Path(__file__).parent.glob("test_*.py"))
    assert {int(number) for number in re.findall(r"def test_a_?(\d\d)_", written)} == set(range(1, 21))
