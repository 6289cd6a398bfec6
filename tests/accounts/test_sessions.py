"""Sessions that a person sees and ends, and that an admin ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.actions.sign_ins import end_sign_ins, note_deed, sweep_sign_ins
from accounts.browsers import browser_name
from accounts.models import AuditEntry, SignIn, User
from accounts.signals import access_changed
from tests.accounts.people import NEW_PASSWORD, is_signed_in, password_page, sign_in, signed_in, text_of
from tests.factories import PASSWORD, Cast, make_admin

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36 Edg/141.0"


def at_home(cast: Cast, agent: str = FIREFOX) -> Client:
    client = Client(headers={"user-agent": agent})
    sign_in(client, cast.alice.email)
    return client


def test_a_person_sees_where_they_are_signed_in(cast: Cast) -> None:
    at_home(cast)
    here = at_home(cast, EDGE)
    page = text_of(here.get("/accounts/sessions/"))
    assert page.index("Edge, Windows") < page.index("this one") < page.index("Firefox, Linux")
    assert "127.0.0.1" in page
    assert page.count("last used") == 2


def test_nobody_sees_or_ends_what_is_another_person_s(cast: Cast) -> None:
    at_home(cast)
    bob = signed_in(cast.bob)
    assert "Firefox" not in text_of(bob.get("/accounts/sessions/"))
    theirs = SignIn.objects.get(user=cast.alice)
    assert bob.post(f"/accounts/sessions/{theirs.pk}/end/").status_code == 404
    bob.post("/accounts/sessions/end/")
    assert SignIn.objects.filter(pk=theirs.pk).exists()


def test_one_session_is_ended_and_the_others_stay(cast: Cast) -> None:
    lost, other, here = at_home(cast), at_home(cast), at_home(cast)
    row = SignIn.objects.get(session_key=lost.session.session_key)
    here.post(f"/accounts/sessions/{row.pk}/end/")
    assert [is_signed_in(each) for each in (lost, other, here)] == [False, True, True]
    assert AuditEntry.objects.get(action="session.end").reason == "by the person"


def test_all_others_are_ended_at_once(cast: Cast) -> None:
    others, here = [at_home(cast), at_home(cast)], at_home(cast)
    assert "2 sessions are ended" in text_of(here.post("/accounts/sessions/end/", follow=True))
    assert not any(is_signed_in(each) for each in others)
    assert is_signed_in(here)


def test_the_own_session_is_ended_by_signing_out_alone(cast: Cast) -> None:
    here = at_home(cast)
    assert here.post(f"/accounts/sessions/{SignIn.objects.get().pk}/end/").status_code == 404
    assert "End all others" not in text_of(here.get("/accounts/sessions/"))


@pytest.mark.parametrize("path", ["/accounts/sessions/end/", "/accounts/sessions/1/end/"])
def test_ending_is_a_post_of_somebody(cast: Cast, client: Client, path: str) -> None:
    assert client.post(path).headers["Location"].startswith("/accounts/login/")
    assert signed_in(cast.alice).get(path).status_code == 405


def test_a_new_password_ends_the_others(cast: Cast) -> None:
    other, here = at_home(cast), at_home(cast)
    words = {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    here.post("/accounts/password/", words)
    assert [is_signed_in(each) for each in (other, here)] == [False, True]
    assert SignIn.objects.get().session_key == here.session.session_key
    assert Session.objects.filter(session_key__in=[other.session.session_key or "none"]).count() == 0


def test_a_password_set_by_a_link_ends_all(cast: Cast, client: Client) -> None:
    here = at_home(cast)
    path = password_page(client, User.objects.get(pk=cast.alice.pk))
    client.post(path, {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD})
    assert not SignIn.objects.exists()
    assert not is_signed_in(here)


def test_an_admin_ends_a_person_s_sessions(cast: Cast) -> None:
    theirs, ada = at_home(cast), make_admin()
    desk = signed_in(ada)
    assert "Firefox, Linux from 127.0.0.1" in text_of(desk.get(f"/admin/accounts/user/{cast.alice.pk}/change/"))
    deed = {"action": "end_sessions", "_selected_action": [cast.alice.pk, ada.pk]}
    page = desk.post("/admin/accounts/user/", deed, follow=True)
    assert "1 session is ended" in text_of(page)
    assert not is_signed_in(theirs)
    assert is_signed_in(desk)
    assert "not signed in anywhere" in text_of(desk.get(f"/admin/accounts/user/{cast.alice.pk}/change/"))


def test_open_sockets_hear_of_an_end_once(cast: Cast) -> None:
    at_home(cast)
    heard: list[int] = []
    access_changed.connect(told := lambda user_id, **_: heard.append(user_id))
    assert end_sign_ins(cast.alice) == 1
    assert end_sign_ins(cast.alice) == 0
    access_changed.disconnect(told)
    assert heard == [cast.alice.pk]


def test_deeds_are_written_down_once_a_minute(cast: Cast) -> None:
    at_home(cast)
    row = SignIn.objects.get()
    assert not note_deed(row.pk)
    later = timezone.now() + timedelta(seconds=61)
    assert note_deed(row.pk, later)
    assert not note_deed(row.pk, later)


def test_rows_of_sessions_that_ran_out_are_forgotten(cast: Cast) -> None:
    at_home(cast)
    at_home(cast)
    SignIn.objects.update(started_at=timezone.now() - timedelta(hours=13))
    gone = SignIn.objects.earliest("pk")
    Session.objects.filter(pk=gone.session_key).update(expire_date=timezone.now() - timedelta(seconds=1))
    assert sweep_sign_ins() == 1
    assert not SignIn.objects.filter(pk=gone.pk).exists()
    assert sweep_sign_ins() == 0


@pytest.mark.parametrize(
    ("agent", "name"),
    [(FIREFOX, "Firefox, Linux"), (EDGE, "Edge, Windows"), ("curl/8.1", "curl/8.1"), ("", ""), ("x" * 99, "x" * 40)],
)
def test_browsers_are_named(agent: str, name: str) -> None:
    assert browser_name(agent) == name
