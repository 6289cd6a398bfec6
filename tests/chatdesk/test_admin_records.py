"""Records on the settings pages: readable by who may see all chats, countable by other admins, changed by nobody."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Scope, User, UserType
from chatdesk.contact import masked
from chatdesk.models import Conversation, Entry, File
from tests.factories import make_admin, make_button, make_conversation, make_entry, make_group, make_operator

pytestmark = pytest.mark.django_db
SECRET = "my card number is 4711"
PERSONAL = ("Vera Privat", "vera@example.org", "where is my parcel", "https://shop.example/account")


@pytest.fixture
def conversation() -> Conversation:
    sales = make_group("sales")
    name, email, question, page = PERSONAL
    facts: dict[str, Any] = {"name": name, "email": email, "question": question, "page": page}
    conversation = make_conversation(make_button("sales", sales), operator=make_operator("alice", sales), **facts)
    make_entry(conversation, SECRET)
    File.objects.create(
        conversation=conversation, name="tax return.pdf", media_type="application/pdf", size=9, state="stored"
    )
    return conversation


@pytest.fixture
def reader(client: Client) -> Client:
    client.force_login(make_admin())
    return client


@pytest.fixture
def configurer(client: Client) -> Client:
    """An admin whose user type may see no chats."""
    ada = make_admin()
    UserType.objects.filter(users=ada).update(see=Scope.NONE)
    client.force_login(User.objects.get(pk=ada.pk))
    return client


def key_of(model: str) -> int:
    records: dict[str, Any] = {"conversation": Conversation, "entry": Entry, "file": File}
    return int(records[model].objects.get().pk)


def page(client: Client, model: str, pk: int | None = None, query: str = "") -> tuple[int, str]:
    name = f"admin:chatdesk_{model}_" + ("change" if pk else "changelist")
    answer = client.get(reverse(name, args=[pk] if pk else []) + query)
    return answer.status_code, answer.content.decode()


def test_a_reader_sees_what_was_said(reader: Client, conversation: Conversation) -> None:
    status, text = page(reader, "conversation", conversation.pk)
    assert status == 200
    name, email, *rest = PERSONAL
    assert all(words in text for words in (SECRET, name, masked(email), *rest))
    assert email not in text


@pytest.mark.parametrize(("contact", "found"), [(Scope.ALL, True), (Scope.GROUPS, False)])
def test_an_address_is_found_by_who_may_see_it(
    reader: Client, conversation: Conversation, contact: Scope, found: bool
) -> None:
    UserType.objects.filter(name="Admin").update(contact=contact)
    _status, text = page(reader, "conversation", None, "?q=vera@exam")
    assert (conversation.mark in text) == found


def test_what_visitors_wrote_is_text_not_markup(reader: Client, conversation: Conversation) -> None:
    make_entry(conversation, "<script>alert(1)</script> \u202etxt.exe")
    Conversation.objects.update(name="Ann\u202ea", page="https://shop.example/\u202e")
    for model, pk in (("conversation", conversation.pk), ("entry", None), ("conversation", None)):
        _status, text = page(reader, model, pk)
        assert "<script>alert(1)" not in text
        assert "\u202e" not in text
        assert ("&lt;script&gt;alert(1)" in text) == (model == "entry" or pk is not None)
        assert "[U+202E]" in text


@pytest.mark.parametrize("model", ["conversation", "entry", "file"])
def test_who_may_not_see_chats_meets_facts_but_no_words(
    model: str, configurer: Client, conversation: Conversation
) -> None:
    status, text = page(configurer, model)
    assert status == 200
    assert conversation.mark in text
    assert not [words for words in (SECRET, "tax return", *PERSONAL) if words in text]


@pytest.mark.parametrize("model", ["conversation", "entry", "file"])
def test_who_may_not_see_chats_opens_no_record(model: str, configurer: Client, conversation: Conversation) -> None:
    pk = key_of(model)
    status, text = page(configurer, model, pk)
    assert status == 403
    assert not [words for words in (SECRET, "tax return", *PERSONAL) if words in text]


@pytest.mark.parametrize(
    ("model", "query"),
    [
        ("conversation", "?name__startswith=Vera"),
        ("conversation", "?email__contains=vera"),
        ("conversation", "?request__operator__email__startswith=a"),
        ("entry", "?body__contains=card"),
        ("entry", "?conversation__name__startswith=Vera"),
        ("file", "?name__contains=tax"),
    ],
)
def test_no_filter_in_the_address_answers_questions_about_words(
    model: str, query: str, configurer: Client, conversation: Conversation
) -> None:
    assert page(configurer, model, query=query)[0] == 400


def test_a_search_finds_nothing_for_who_may_not_see_chats(configurer: Client, conversation: Conversation) -> None:
    found, missed = (page(configurer, "conversation", query=f"?q={words}")[1] for words in ("Vera", "Nobody"))
    assert (conversation.mark in found) == (conversation.mark in missed)


def test_a_search_finds_a_name_for_a_reader(reader: Client, conversation: Conversation) -> None:
    assert conversation.mark in page(reader, "conversation", query="?q=Vera")[1]
    assert conversation.mark not in page(reader, "conversation", query="?q=Walt")[1]


def test_entries_of_one_conversation_are_a_list_of_their_own(reader: Client, conversation: Conversation) -> None:
    other = make_conversation(conversation.button)
    make_entry(other, "something else")
    _status, text = page(reader, "entry", query=f"?conversation__id__exact={conversation.pk}")
    assert SECRET in text
    assert "something else" not in text


@pytest.mark.parametrize("model", ["conversation", "entry", "file"])
@pytest.mark.parametrize("superuser", [False, True])
def test_nobody_adds_changes_or_deletes(
    model: str, superuser: bool, client: Client, conversation: Conversation
) -> None:
    ada = make_admin()
    User.objects.filter(pk=ada.pk).update(is_superuser=superuser)
    client.force_login(ada)
    pk = key_of(model)
    before = Entry.objects.values_list("body", flat=True)[0]
    answers = [
        client.post(reverse(f"admin:chatdesk_{model}_add"), {}),
        client.post(reverse(f"admin:chatdesk_{model}_change", args=[pk]), {"body": "changed", "name": "changed"}),
        client.post(reverse(f"admin:chatdesk_{model}_delete", args=[pk]), {"post": "yes"}),
    ]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    chosen = {"action": "delete_selected", "_selected_action": [pk], "post": "yes"}
    client.post(reverse(f"admin:chatdesk_{model}_changelist"), chosen)
    assert Entry.objects.values_list("body", flat=True)[0] == before
    assert (Conversation.objects.count(), Entry.objects.count(), File.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize("model", ["conversation", "entry", "file", "button", "sitesettings"])
def test_an_operator_sees_none_of_it(model: str, client: Client, conversation: Conversation) -> None:
    client.force_login(User.objects.get(email="alice@desk.example"))
    answer = client.get(reverse(f"admin:chatdesk_{model}_changelist"), follow=True)
    assert answer.status_code == 403
    assert SECRET not in answer.content.decode()


def test_a_list_costs_the_same_for_many_conversations(
    reader: Client, conversation: Conversation, django_assert_max_num_queries: object
) -> None:
    for _ in range(20):
        make_conversation(conversation.button)
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        assert page(reader, "conversation")[0] == 200
