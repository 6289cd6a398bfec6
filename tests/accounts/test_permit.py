from __future__ import annotations

from typing import get_args

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import HttpRequest
from django.test import Client, RequestFactory

from accounts.models import Scope, User, UserType
from accounts.permissions import AnyUser, Module, Verb, may, opens, refusal
from tests.accounts.people import signed_in, text_of
from tests.factories import Cast, make_admin, make_compliance, make_supervisor, make_user

MODULES, VERBS = get_args(Module), get_args(Verb)


def type_with(**facts: bool | Scope) -> UserType:
    return UserType(name="Some type", **facts)


def request_of(user: AnyUser) -> HttpRequest:
    request = RequestFactory().get("/desk/?tab=mine")
    request.user = user
    return request


def test_every_kind_of_person_opens_what_the_type_says(cast: Cast) -> None:
    opened = {
        user.display_name: [module for module in MODULES if opens(user, module)]
        for user in (cast.alice, make_supervisor(), make_admin(), make_compliance(), cast.charlie)
    }
    assert opened == {
        "Alice": ["dashboard"],
        "Sam": ["dashboard"],
        "Ada": ["dashboard", "admin"],
        "Cora": ["transcripts"],
        "Charlie": [],
    }


@pytest.mark.parametrize("module", MODULES)
def test_a_superuser_opens_all_but_the_transcripts_and_strangers_none(module: Module) -> None:
    assert opens(User(is_superuser=True), module) is (module != "transcripts")
    assert not opens(AnonymousUser(), module)
    assert not opens(User(), module)


@pytest.mark.parametrize("module", MODULES)
def test_who_is_switched_off_opens_nothing(module: Module) -> None:
    kind = type_with(opens_dashboard=True, opens_transcripts=True, opens_admin=True)
    assert opens(User(user_type=kind), module)
    assert not opens(User(user_type=kind, is_active=False), module)
    assert not opens(User(is_superuser=True, is_active=False), module)


def test_a_superuser_opens_the_transcripts_by_a_type_that_does() -> None:
    assert opens(User(is_superuser=True, user_type=type_with(opens_transcripts=True)), "transcripts")
    assert not opens(User(is_superuser=True, user_type=type_with(opens_transcripts=False)), "transcripts")


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("scope", list(Scope))
def test_a_permission_reaches_as_far_as_the_type_says(verb: Verb, scope: Scope) -> None:
    assert may(User(user_type=type_with(**{verb: scope})), verb) is scope


@pytest.mark.parametrize("verb", VERBS)
def test_nobody_may_anything_without_a_module_that_shows_chats(verb: Verb) -> None:
    everything = dict.fromkeys(VERBS, Scope.ALL)
    kind = type_with(opens_dashboard=False, opens_transcripts=False, opens_admin=True, **everything)
    assert may(User(user_type=kind), verb) is Scope.NONE
    assert may(User(user_type=type_with(**everything), is_active=False), verb) is Scope.NONE
    assert may(User(), verb) is Scope.NONE
    assert may(AnonymousUser(), verb) is Scope.NONE


@pytest.mark.parametrize("verb", VERBS)
def test_a_superuser_may_everything_with_or_without_a_type(verb: Verb) -> None:
    assert may(User(is_superuser=True), verb) is Scope.ALL
    assert may(User(is_superuser=True, user_type=type_with(**{verb: Scope.NONE})), verb) is Scope.ALL


def test_a_guarded_view_lets_in_whose_type_opens_it(cast: Cast) -> None:
    assert refusal(request_of(cast.alice), "dashboard") is None


def test_a_guarded_view_asks_strangers_to_sign_in() -> None:
    answer = refusal(request_of(AnonymousUser()), "dashboard")
    assert answer is not None
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/accounts/login/?next=/desk/%3Ftab%3Dmine"


def test_a_guarded_view_refuses_the_others(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        refusal(request_of(cast.charlie), "dashboard")


def test_the_settings_open_for_admins_alone(cast: Cast) -> None:
    assert signed_in(make_admin()).get("/admin/").status_code == 200
    for user in (cast.alice, cast.charlie, make_supervisor(), make_compliance()):
        page = signed_in(user).get("/admin/", follow=True)
        assert page.status_code == 403
        assert "This page is not open to you" in text_of(page)


@pytest.mark.parametrize("path", ["accounts/user/", "accounts/usertype/", "accounts/user/add/", "jsi18n/"])
def test_every_page_of_the_settings_refuses_operators(cast: Cast, path: str) -> None:
    assert signed_in(cast.alice).get(f"/admin/{path}", follow=True).status_code == 403


def test_an_admin_has_every_permission_and_others_none(cast: Cast) -> None:
    ada = User.objects.get(pk=make_admin().pk)
    assert ada.has_perm("accounts.change_user")
    assert ada.has_module_perms("accounts")
    assert not cast.alice.has_perm("accounts.change_user")
    assert not cast.alice.has_module_perms("accounts")


def test_a_change_of_type_holds_from_the_next_request_on(cast: Cast) -> None:
    ada = make_admin()
    client = signed_in(ada)
    assert client.get("/admin/").status_code == 200
    User.objects.filter(pk=ada.pk).update(user_type=cast.alice.user_type)
    assert client.get("/admin/", follow=True).status_code == 403


def test_who_is_switched_off_is_signed_out_at_once(cast: Cast) -> None:
    client = signed_in(cast.alice)
    User.objects.filter(pk=cast.alice.pk).update(is_active=False)
    assert client.get("/accounts/profile/").headers["Location"].startswith("/accounts/login/")


# --- the types themselves --------------------------------------------------------------------------------------------


def test_the_usual_type_is_consistent() -> None:
    type_with().clean()


@pytest.mark.parametrize("deed", ["answer", "take", "transfer", "close"])
def test_nobody_may_do_more_than_see(deed: str) -> None:
    with pytest.raises(ValidationError) as refused:
        type_with(**{"see": Scope.GROUPS, deed: Scope.ALL}).clean()
    assert deed in refused.value.message_dict


def test_waiting_chats_are_nobodys_own() -> None:
    with pytest.raises(ValidationError) as refused:
        type_with(take=Scope.OWN).clean()
    assert "nobody's own" in refused.value.message_dict["take"][0]


def test_scopes_have_an_order() -> None:
    assert [scope.reach for scope in (Scope.NONE, Scope.OWN, Scope.GROUPS, Scope.ALL)] == [0, 1, 2, 3]


# --- people ----------------------------------------------------------------------------------------------------------


def test_an_email_is_stored_in_one_spelling(db: None) -> None:
    assert make_user("Nina").email == "nina@desk.example"
    assert User.objects.create_user("  OTTO@desk.example", "x").email == "otto@desk.example"


def test_two_people_cannot_share_an_email_in_any_spelling(db: None) -> None:
    make_user("nina")
    with pytest.raises(IntegrityError):
        User.objects.bulk_create([User(email="NINA@desk.example")])


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Alice", "AL"), ("Mary Ann Reed", "MR"), ("X", "X"), ("", "NI"), ("  ", "NI"), ("李 小龙", "李小")],
)
def test_initials_stand_in_for_a_photo(name: str, initials: str) -> None:
    assert User(email="nina@desk.example", display_name=name).initials == initials


def test_a_person_can_sign_in_with_a_console_made_account(client: Client, db: None) -> None:
    User.objects.create_superuser("root@desk.example", "a console sentence", display_name="Root")
    client.post("/accounts/login/", {"username": "root@desk.example", "password": "a console sentence"})
    assert client.get("/admin/").status_code == 200
