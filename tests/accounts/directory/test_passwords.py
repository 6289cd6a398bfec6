"""A person of a directory has one password, and it is not kept here."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.links import password_link
from accounts.models import Directory, DirectoryIdentity, User
from accounts.tasks import send_password_mails
from tests.accounts.people import NEW_PASSWORD, is_signed_in, path_of, sign_in, text_of
from tests.factories import PASSWORD, make_operator


@pytest.fixture
def ann(db: None) -> User:
    """Somebody of a directory who once had a password here too."""
    user = make_operator("ann")
    directory = Directory.objects.create(
        name="Corp", servers="ldap://127.0.0.1:1", bind_dn="x", base="x", is_active=False
    )
    DirectoryIdentity.objects.create(user=user, directory=directory, uid="1")
    return user


def test_an_old_password_opens_nothing(ann: User) -> None:
    client = Client()
    sign_in(client, ann.email, PASSWORD)
    assert not is_signed_in(client)


def test_a_link_sets_none(ann: User) -> None:
    client = Client()
    page = client.get(path_of(password_link(ann)), follow=True)
    assert "This link no longer works" in text_of(page)
    client.post(path_of(password_link(ann)), {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD})
    assert User.objects.get().check_password(PASSWORD)


def test_asking_for_one_is_answered_by_where_it_is_kept(ann: User, mailoutbox: list[Any]) -> None:
    page = Client().post("/accounts/password/reset/", {"email": ann.email}, follow=True)
    assert "a mail with a link is on its way" in text_of(page)
    send_password_mails()
    assert "You sign in there with your password of Corp" in mailoutbox[0].body
    assert "/password/set/" not in mailoutbox[0].body
