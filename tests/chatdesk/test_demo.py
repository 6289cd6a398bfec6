"""The demo cast: everybody once, a second run changes nothing, and nothing that an admin did is undone."""

from __future__ import annotations

import pytest

from accounts.actions.first_admin import make_first_admin
from accounts.models import Scope, User, UserType
from accounts.permissions import may
from chatdesk.demo import CAST, seed
from chatdesk.models import Button
from chatdesk.usual import make_usual_types
from routing.models import Group, Membership
from tests.factories import make_cast
from tickets.models import ForwardingAddress, MailSettings

pytestmark = pytest.mark.django_db
GIVEN = "correct horse battery staple"


def person(name: str) -> User:
    return User.objects.get(email=f"{name}@desk.example")


def test_everybody_of_the_cast_is_made_once() -> None:
    people = seed(GIVEN)
    assert [p.email.split("@")[0] for p in people] == ["ada", "alice", "bob", "sam", "cora", "colin"]
    assert User.objects.count() == len(CAST)
    assert all(person.check_password(GIVEN) for person in User.objects.all())


def test_each_opens_the_own_door_alone() -> None:
    seed(GIVEN)
    assert [u.email for u in User.objects.all() if u.is_staff] == ["ada@desk.example"]
    assert not any(u.is_superuser for u in User.objects.all())
    doors = {u.display_name: u.user_type and u.user_type.opens_transcripts for u in User.objects.all()}
    assert doors == {"Ada": False, "Alice": False, "Bob": False, "Sam": False, "Cora": True, "Colin": True}


def test_operators_sit_in_their_groups_and_nobody_else_does() -> None:
    seed(GIVEN)
    places = set(Membership.objects.values_list("group__slug", "user__display_name"))
    assert places == {("sales", "Alice"), ("support", "Bob")}


def test_three_buttons_and_the_default_lets_the_visitor_choose() -> None:
    seed(GIVEN)
    routes = dict(Button.objects.values_list("slug", "group__slug"))
    assert routes == {"default": None, "sales": "sales", "support": "support"}
    for button in Button.objects.all():
        button.full_clean()


def test_supervisors_see_all_and_operators_their_groups() -> None:
    seed(GIVEN)
    assert {n: getattr(person(n).user_type, "see", None) for n in ("sam", "alice")} == {
        "sam": Scope.ALL,
        "alice": Scope.GROUPS,
    }


def test_without_a_password_each_gets_a_random_one_of_their_own() -> None:
    passwords = [p.password for p in seed()]
    assert len({p for p in passwords if p and len(p) >= 16}) == len(CAST)


def test_a_second_run_keeps_passwords_and_tells_none() -> None:
    first = {p.email: p.password for p in seed()}
    again = seed("something else entirely")
    assert [p.password for p in again] == [None] * len(CAST)
    alice = person("alice")
    assert alice.check_password(first[alice.email] or "")
    assert User.objects.count() == len(CAST)


def test_a_second_run_undoes_nothing_that_an_admin_did() -> None:
    seed(GIVEN)
    Button.objects.filter(slug="support").delete()
    Button.objects.filter(slug="sales").update(title="Orders", is_active=False)
    Membership.objects.all().delete()
    seed(GIVEN)
    assert list(Button.objects.values_list("slug", "title", "is_active").order_by("slug")) == [
        ("default", "Chat with us", True),
        ("sales", "Orders", False),
    ]
    assert not Membership.objects.exists()


def test_a_person_who_was_lost_comes_back_with_a_password() -> None:
    seed(GIVEN)
    person("sam").delete()
    told = {p.email: p.password for p in seed("another good password")}
    assert told.pop("sam@desk.example") == "another good password"
    assert set(told.values()) == {None}


def test_a_desk_without_a_demo_begins_with_the_usual_types() -> None:
    make_usual_types()
    assert set(UserType.objects.values_list("name", flat=True)) == {"Admin", "Operator", "Supervisor", "Compliance"}
    operator = UserType.objects.get(name="Operator")
    assert (operator.see, operator.answer, operator.opens_admin) == (Scope.GROUPS, Scope.OWN, False)


def test_no_usual_type_comes_back() -> None:
    make_usual_types()
    UserType.objects.exclude(name="Operator").delete()
    UserType.objects.update(name="Agent")
    make_usual_types()
    assert list(UserType.objects.values_list("name", flat=True)) == ["Agent"]


def test_the_first_admin_without_a_demo_may_do_everything() -> None:
    make_usual_types()
    first = make_first_admin("first@desk.example", "First", GIVEN)
    assert first.is_staff
    assert may(first, "answer") == Scope.ALL
    assert UserType.objects.count() == 4


def test_the_cast_of_the_tests_stands() -> None:
    cast = make_cast()
    assert Group.objects.count() == 2
    assert cast.charlie.user_type is not None
    assert cast.charlie.user_type.see == Scope.NONE
    assert not cast.charlie.is_staff


def test_the_demo_takes_part_in_mail_and_a_second_run_undoes_nothing() -> None:
    seed(GIVEN)
    assert set(ForwardingAddress.objects.values_list("address", "group__slug")) == {
        ("sales@mail.desk.example", "sales"),
        ("support@mail.desk.example", "support"),
    }
    ForwardingAddress.objects.filter(group__slug="sales").delete()
    MailSettings.objects.update(is_sending=False)
    seed(GIVEN)
    assert ForwardingAddress.objects.count() == 1
    assert not MailSettings.load().is_sending
