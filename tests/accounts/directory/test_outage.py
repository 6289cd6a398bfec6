"""A directory that does not answer: nobody is told that their password is wrong, and nobody gets a strike."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import ldap
import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.directory.line import options
from accounts.models import Directory, DirectoryIdentity, SignIn, User
from accounts.tasks import look_at_directories
from tests.accounts.directory.conftest import Scene
from tests.accounts.directory.corp import CORRECT, user_of
from tests.accounts.people import is_signed_in, sign_in, text_of
from tests.factories import PASSWORD, make_user
from tests.services.process import free_port

pytestmark = pytest.mark.once


def unreachable(scene: Scene) -> None:
    scene.directory.servers = f"ldap://127.0.0.1:{free_port()}"
    scene.directory.save()


def test_an_outage_is_told_and_costs_no_strike(own_scene: Scene) -> None:
    own_scene.corp.server.stop()
    for _ in range(7):
        answer = sign_in(Client(), "ann", CORRECT)
        assert answer.status_code == 503
        assert "this try does not count" in text_of(answer)
        assert answer.headers["Retry-After"] == "60"
    assert not AccessAttempt.objects.exists()
    own_scene.corp.server.start()
    client = Client()
    sign_in(client, "ann", CORRECT)
    assert is_signed_in(client)


@pytest.mark.parametrize("trouble", ["password", "dn", "certificate", "base"])
def test_a_directory_that_is_set_up_wrongly_is_an_outage_too(scene: Scene, trouble: str) -> None:
    if trouble == "password":
        scene.directory.bind_password = "wrong"
    elif trouble == "dn":
        scene.directory.bind_dn = "no dn at all"
    elif trouble == "base":
        scene.directory.base = "ou=nowhere,dc=corp,dc=test"
    else:
        scene.directory.start_tls = True
    scene.directory.save()
    assert sign_in(Client(), "ann", CORRECT).status_code == 503
    assert not AccessAttempt.objects.exists()


def test_people_with_a_password_here_get_in_and_are_counted(scene: Scene) -> None:
    unreachable(scene)
    make_user("nina")
    client = Client()
    sign_in(client, "nina@desk.example", PASSWORD)
    assert is_signed_in(client)
    assert sign_in(Client(), "nina@desk.example", "wrong").status_code == 200
    assert AccessAttempt.objects.get().username == "nina@desk.example"


def test_the_next_server_is_asked_when_the_first_is_silent(scene: Scene) -> None:
    scene.directory.servers = f"ldap://127.0.0.1:{free_port()}\n{scene.corp.server.url}"
    scene.directory.save()
    client = Client()
    sign_in(client, "ann", CORRECT)
    assert is_signed_in(client)


def test_another_directory_lets_its_people_in_meanwhile(scene: Scene) -> None:
    Directory.objects.create(name="Aaa", servers=f"ldap://127.0.0.1:{free_port()}", bind_dn="x", base="dc=x")
    client = Client()
    sign_in(client, "ann", CORRECT)
    assert is_signed_in(client)
    assert sign_in(Client(), "nobody", CORRECT).status_code == 503


def test_starttls_with_the_right_authority_works(scene: Scene) -> None:
    scene.directory.start_tls, scene.directory.ca_certificate = True, scene.corp.server.ca
    scene.directory.save()
    client = Client()
    sign_in(client, "ann", CORRECT)
    assert is_signed_in(client)


def test_a_certificate_that_was_half_written_is_written_again(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    settings.VAR = tmp_path
    directory, write = Directory(ca_certificate="a whole certificate"), Path.write_text

    def stopped(path: Path, text: str) -> int:
        write(path, text[:7])
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_text", stopped)
        with pytest.raises(KeyboardInterrupt):
            options(directory)
    place = options(directory)[ldap.OPT_X_TLS_CACERTFILE]
    assert Path(place).read_text() == "a whole certificate"


# --- people who are signed in already --------------------------------------------------------------------------------


def signed_in_ann() -> Client:
    client = Client()
    sign_in(client, "ann", CORRECT)
    return client


def test_a_short_outage_signs_nobody_out(scene: Scene) -> None:
    client = signed_in_ann()
    look_at_directories()
    unreachable(scene)
    look_at_directories()
    assert is_signed_in(client)
    assert "connect" in Directory.objects.get().trouble.lower()


def test_a_long_outage_does_and_the_end_of_it_lets_back_in(scene: Scene) -> None:
    client = signed_in_ann()
    unreachable(scene)
    Directory.objects.update(reached_at=timezone.now() - timedelta(hours=12, minutes=1))
    look_at_directories()
    assert not is_signed_in(client)
    assert not SignIn.objects.exists()
    Directory.objects.update(servers=scene.corp.server.url)
    look_at_directories()
    assert user_of("ann@corp.test").is_active
    assert Directory.objects.get().trouble == ""
    assert is_signed_in(signed_in_ann())


def test_one_that_was_never_reached_counts_from_when_it_last_vouched(scene: Scene) -> None:
    client = signed_in_ann()
    unreachable(scene)
    look_at_directories()
    assert is_signed_in(client)
    DirectoryIdentity.objects.update(seen_at=timezone.now() - timedelta(hours=12, minutes=1))
    look_at_directories()
    assert Directory.objects.get().reached_at is None
    assert not is_signed_in(client)


def test_an_outage_of_the_directory_is_none_of_local_people(scene: Scene) -> None:
    make_user("nina")
    signed_in_ann()
    unreachable(scene)
    Directory.objects.update(reached_at=timezone.now() - timedelta(days=9))
    look_at_directories()
    assert list(User.objects.filter(is_active=True).values_list("email", flat=True)) == ["nina@desk.example"]
