from __future__ import annotations

import re
from contextlib import suppress
from functools import partial
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.actions.password_mails import send_due
from accounts.audited import AuditedAdmin
from accounts.models import PasswordMail, Scope, User, UserType
from accounts.querysets import admins
from accounts.signals import access_changed
from tests.accounts.adminforms import TYPES, change_type, post
from tests.accounts.people import NEW_PASSWORD, path_of, sign_in, signed_in, text_of
from tests.attacks.racing import at_once
from tests.factories import Cast, make_admin, make_user

PEOPLE = "/admin/accounts/user/"


def change(client: Client, user: User, **facts: Any) -> Any:
    kind = facts.pop("user_type", user.user_type)
    written = {
        "email": user.email,
        "display_name": user.display_name,
        "user_type": kind.pk if kind else "",
        "is_active": "on",
        **facts,
    }
    return client.post(f"{PEOPLE}{user.pk}/change/", {key: value for key, value in written.items() if value})


def links_in(page: Any) -> list[str]:
    return re.findall(r"http://[^\s<]+/accounts/password/set/[^\s<]+/", page.content.decode())


# --- inviting --------------------------------------------------------------------------------------------------------


def add(client: Client, **facts: str) -> Any:
    written = {"email": "nina@desk.example", "display_name": "Nina", "is_active": "on", **facts}
    return client.post(f"{PEOPLE}add/", written, follow=True)


def test_a_new_person_is_invited_and_no_admin_chooses_the_password(desk: Client) -> None:
    page = add(desk)
    nina = User.objects.get(email="nina@desk.example")
    assert not nina.has_usable_password()
    assert send_due() == 1
    assert mail.outbox[0].to == ["nina@desk.example"]
    assert "nina@desk.example" in text_of(page)


def test_the_link_is_shown_once_and_works(desk: Client) -> None:
    links = links_in(add(desk))
    assert len(links) == 1
    assert not links_in(desk.get(PEOPLE))
    client = Client()
    form = client.get(path_of(links[0])).headers["Location"]
    client.post(form, {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD})
    assert sign_in(client, "nina@desk.example", NEW_PASSWORD).status_code == 302


def test_the_form_has_no_password_to_choose_and_no_permissions_to_tick(desk: Client, cast: Cast) -> None:
    for path in (f"{PEOPLE}add/", f"{PEOPLE}{cast.alice.pk}/change/"):
        page = desk.get(path).content.decode()
        assert "password1" not in page
        assert not re.search(r'name="(password|is_superuser|groups|user_permissions|is_staff)"', page)


def test_a_forged_field_gives_no_power(desk: Client) -> None:
    add(desk, is_superuser="on", password="chosen", photo="x")
    nina = User.objects.get(email="nina@desk.example")
    assert not nina.is_superuser
    assert not nina.has_usable_password()
    assert nina.photo == ""


@pytest.mark.parametrize("email", ["ALICE@desk.example", "alice@desk.example", "nonsense", ""])
def test_an_email_that_is_taken_or_wrong_is_told(desk: Client, email: str) -> None:
    page = add(desk, email=email)
    assert "errorlist" in page.content.decode()
    assert not User.objects.filter(display_name="Nina").exists()


def test_links_can_be_sent_again_to_chosen_people(desk: Client, cast: Cast) -> None:
    User.objects.filter(pk=cast.charlie.pk).update(is_active=False)
    chosen = {"action": "send_link", "_selected_action": [cast.alice.pk, cast.bob.pk, cast.charlie.pk]}
    page = desk.post(PEOPLE, chosen, follow=True)
    assert len(links_in(page)) == 2
    assert PasswordMail.objects.count() == 2


def test_a_link_for_nobody_active_is_told(desk: Client, cast: Cast) -> None:
    User.objects.filter(pk=cast.charlie.pk).update(is_active=False)
    page = desk.post(PEOPLE, {"action": "send_link", "_selected_action": [cast.charlie.pk]}, follow=True)
    assert "no link was sent" in text_of(page)


# --- not locking oneself out -----------------------------------------------------------------------------------------


def test_a_person_can_be_switched_off_and_on(desk: Client, cast: Cast) -> None:
    change(desk, cast.alice, is_active="")
    assert not User.objects.get(pk=cast.alice.pk).is_active
    change(desk, cast.alice)
    assert User.objects.get(pk=cast.alice.pk).is_active


@pytest.mark.parametrize("loss", [{"is_active": ""}, {"user_type": None}])
def test_nobody_locks_himself_out(desk: Client, ada: User, loss: dict[str, Any]) -> None:
    make_admin("anton")
    page = change(desk, ada, **loss)
    assert "That would lock you out yourself." in text_of(page)
    assert desk.get("/admin/").status_code == 200


@pytest.mark.parametrize("loss", [{"is_active": ""}, {"user_type": None}])
def test_the_last_admin_stays_admin(desk: Client, ada: User, loss: dict[str, Any]) -> None:
    page = change(desk, ada, **loss)
    assert "This is the last admin." in text_of(page)
    assert desk.get("/admin/").status_code == 200


def test_an_admin_who_is_switched_off_does_not_count(desk: Client, ada: User) -> None:
    User.objects.filter(pk=make_admin("anton").pk).update(is_active=False)
    assert "This is the last admin." in text_of(change(desk, ada, user_type=None))


def test_an_admin_may_step_down_another_one(desk: Client, cast: Cast) -> None:
    anton = make_admin("anton")
    change(desk, anton, user_type=cast.alice.user_type)
    assert User.objects.get(pk=anton.pk).user_type == cast.alice.user_type


def delete(client: Client, *users: User) -> Any:
    chosen = {"action": "delete_selected", "_selected_action": [user.pk for user in users], "post": "yes"}
    return client.post(PEOPLE, chosen, follow=True)


def test_nobody_deletes_himself(desk: Client, ada: User) -> None:
    make_admin("anton")
    one = desk.post(f"{PEOPLE}{ada.pk}/delete/", {"post": "yes"}, follow=True)
    assert "You can't delete yourself." in text_of(one)
    assert "You can't delete yourself." in text_of(delete(desk, ada))
    assert User.objects.filter(pk=ada.pk).exists()


def test_among_many_one_who_stays_keeps_all(desk: Client, ada: User) -> None:
    nina = make_user("nina")
    page = delete(desk, ada, nina)
    assert "The last admin can't be deleted. Make somebody else an admin first." in text_of(page)
    assert User.objects.filter(pk__in=[ada.pk, nina.pk]).count() == 2


def test_others_can_be_deleted(desk: Client, cast: Cast) -> None:
    nina, otto, anton = make_user("nina"), make_user("otto"), make_admin("anton")
    desk.post(f"{PEOPLE}{nina.pk}/delete/", {"post": "yes"})
    delete(desk, otto, anton)
    assert not User.objects.filter(pk__in=[nina.pk, otto.pk, anton.pk]).exists()


def test_open_sockets_hear_of_every_loss(desk: Client, cast: Cast) -> None:
    heard: list[int] = []

    def hear(user_id: int, **_facts: Any) -> None:
        heard.append(user_id)

    access_changed.connect(hear)
    nina, otto = make_user("nina"), make_user("otto")
    change(desk, cast.alice, is_active="")
    change(desk, cast.bob, display_name="Robert")
    desk.post(f"{PEOPLE}{nina.pk}/delete/", {"post": "yes"})
    delete(desk, otto)
    assert heard == [cast.alice.pk, nina.pk, otto.pk]


# --- user types ------------------------------------------------------------------------------------------------------


def test_a_user_type_is_made_in_the_settings(desk: Client) -> None:
    facts = {"name": "Trainee", "opens_dashboard": "on", "see": "groups", "answer": "own", "take": "none"}
    post(desk, f"{TYPES}add/", **facts, transfer="none", close="none")
    kind = UserType.objects.get(name="Trainee")
    assert (kind.see, kind.answer, kind.take, kind.opens_admin) == (Scope.GROUPS, Scope.OWN, Scope.NONE, False)


def test_a_type_that_may_do_more_than_see_is_refused(desk: Client, cast: Cast) -> None:
    assert cast.alice.user_type is not None
    page = change_type(desk, cast.alice.user_type, see="own", answer="all")
    assert "Nobody can do this to chats they can't see" in text_of(page)


@pytest.mark.parametrize(
    ("others", "sentence"), [(0, "The last admins are of this user type."), (1, "it is your own user type")]
)
def test_ones_own_type_keeps_opening_the_settings(desk: Client, ada: User, others: int, sentence: str) -> None:
    assert ada.user_type is not None
    for _ in range(others):
        User.objects.create_superuser("root@desk.example", "x", display_name="Root")
    page = change_type(desk, ada.user_type, opens_admin=False)
    assert sentence in text_of(page)
    assert UserType.objects.get(pk=ada.user_type.pk).opens_admin


def test_a_superuser_may_close_the_settings_to_a_type(ada: User) -> None:
    root = User.objects.create_superuser("root@desk.example", "x", display_name="Root")
    assert ada.user_type is not None
    change_type(signed_in(root), ada.user_type, opens_admin=False)
    assert not UserType.objects.get(pk=ada.user_type.pk).opens_admin


def test_a_type_in_use_is_not_deleted(desk: Client, cast: Cast) -> None:
    assert cast.alice.user_type is not None
    page = desk.post(f"{TYPES}{cast.alice.user_type.pk}/delete/", {"post": "yes"})
    assert UserType.objects.filter(pk=cast.alice.user_type.pk).exists()
    assert "protected" in text_of(page)


def test_the_lists_show_who_and_how_many(desk: Client, cast: Cast) -> None:
    assert "alice@desk.example" in text_of(desk.get(PEOPLE))
    assert re.search(r'field-people">\s*2', desk.get(TYPES).content.decode())


@pytest.mark.parametrize("query", ["?q=alice", "?user_type__id__exact=1", "?is_active__exact=1", "?q=%00"])
def test_the_list_of_people_can_be_searched(desk: Client, query: str) -> None:
    assert desk.get(PEOPLE + query, follow=True).status_code == 200


@pytest.mark.parametrize("query", ["?password__startswith=argon2", "?user_permissions__id=1", "?o=password"])
def test_the_list_of_people_tells_no_secrets(desk: Client, query: str) -> None:
    answer = desk.get(PEOPLE + query)
    assert answer.status_code in (200, 302, 400)
    assert "argon2$" not in answer.content.decode()


# --- looking without changing ----------------------------------------------------------------------------------------


def test_who_only_chooses_people_for_groups_sees_little_of_them(cast: Cast) -> None:
    kind = UserType.objects.create(name="Groups", opens_admin=True, admin_parts=["routing"])
    alice = Client()
    sign_in(alice, cast.alice.email, REMOTE_ADDR="198.51.100.7")
    client = signed_in(make_user("nina", kind))
    page = text_of(client.get(f"{PEOPLE}{cast.alice.pk}/change/"))
    assert "alice@desk.example" in page
    for hidden in ("198.51.100.7", "sessions", "second factor", "Last login"):
        assert hidden.lower() not in page.lower()
    listed = client.get(PEOPLE)
    assert "alice@desk.example" in text_of(listed)
    assert "factor" not in listed.content.decode()
    assert "last_login" not in listed.content.decode()
    assert client.get(f"{PEOPLE}?factor=no").status_code == 400


def test_who_changes_people_sees_where_they_are_signed_in(desk: Client, cast: Cast) -> None:
    sign_in(Client(), cast.alice.email, REMOTE_ADDR="198.51.100.7")
    assert "198.51.100.7" in text_of(desk.get(f"{PEOPLE}{cast.alice.pk}/change/"))
    assert "factor" in desk.get(PEOPLE).content.decode()


# --- two at once -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("facts", [{"is_active": ""}, {"user_type": None}])
def test_two_admins_who_take_each_other_away_leave_one(monkeypatch: pytest.MonkeyPatch, facts: dict[str, Any]) -> None:
    ada = make_admin()
    bea = make_user("bea", ada.user_type)
    clients = {user: signed_in(user) for user in (ada, bea)}
    meet, record = Barrier(2), AuditedAdmin.log_change

    def meeting(*args: Any) -> Any:
        """Both have been let through before either is done; or one waits, and the other goes on alone."""
        with suppress(BrokenBarrierError):
            meet.wait(0.5)
        return record(*args)

    monkeypatch.setattr(AuditedAdmin, "log_change", meeting)

    works = [partial(change, clients[by], user, **facts) for by, user in ((ada, bea), (bea, ada))]
    answers = at_once(*works)
    assert sorted(answer.status_code for answer in answers)[-1] == 302
    assert admins().count() == 1
