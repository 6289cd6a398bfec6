"""Against a real Active Directory domain controller (Samba): `make ad`. Not in the default run, its ports are fixed."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import ldap
import pytest
from django.test import Client

from accounts.directory.line import options
from accounts.directory.trial import look_up, try_out
from accounts.models import Directory, DirectoryIdentity, DirectoryTry, User
from accounts.tasks import look_at_directories
from tests.accounts.directory.corp import mapped, user_of
from tests.accounts.people import is_signed_in, sign_in
from tests.services.samba import BASE, Samba

pytestmark = pytest.mark.ad

ANN, SVC = "Ann-Pass-1", "Svc-Pass-1"
DESK = f"CN=desk,CN=Users,{BASE}"
THRESHOLD = 3


@pytest.fixture(scope="session")
def domain() -> Iterator[Samba]:
    """ann is in `inner`, which is in `desk`; ben is in no group; svc reads."""
    with Samba() as dc:
        dc.tool("domain", "passwordsettings", "set", f"--account-lockout-threshold={THRESHOLD}")
        dc.tool("user", "create", "svc", SVC)
        for group in ("inner", "desk"):
            dc.tool("group", "add", group)
        dc.tool("group", "addmembers", "desk", "inner")
        yield dc


@pytest.fixture
def ann(domain: Samba) -> Iterator[str]:
    mail = ["--mail-address=ann@corp.test", "--given-name=Ann", "--surname=Bell"]
    domain.tool("user", "create", "ann", ANN, *mail)
    domain.tool("group", "addmembers", "inner", "ann")
    yield "ann"
    domain.tool("user", "delete", "ann")


@pytest.fixture
def directory(domain: Samba, db: None) -> Directory:
    facts = {"servers": "ldaps://127.0.0.1", "ca_certificate": domain.ca, "wrong_tries": 2}
    row = Directory(name="Corp", bind_dn="svc@corp.test", base=BASE, **facts)
    row.bind_password = SVC
    row.full_clean()
    row.save()
    mapped(row, DESK)
    return row


def opens(name: str, password: str = ANN) -> bool:
    client = Client()
    sign_in(client, name, password)
    return is_signed_in(client)


def bind_code(directory: Directory, dn: str, password: str) -> str:
    """What the controller says of a simple bind: `data 52e` and the like; empty when it is right."""
    line = ldap.initialize("ldaps://127.0.0.1", bytes_mode=False)
    for option, value in options(directory).items():
        line.set_option(option, value)
    try:
        line.simple_bind_s(dn, password)
    except ldap.INVALID_CREDENTIALS as refused:
        return str(refused.args[0]["info"]).partition("data ")[2].split(",")[0]
    finally:
        line.unbind_s()
    return ""


def test_a_member_of_a_nested_group_signs_in_over_ldaps(directory: Directory, ann: str) -> None:
    assert opens("ann")
    user = user_of("ann@corp.test")
    assert (user.display_name, str(user.user_type)) == ("Ann Bell", "Operator")


def test_starttls_is_verified_and_works(directory: Directory, ann: str) -> None:
    Directory.objects.update(servers="ldap://127.0.0.1", start_tls=True)
    assert opens("ann")
    Directory.objects.update(ca_certificate="")
    assert sign_in(Client(), "ann", ANN).status_code == 503


def test_a_certificate_that_nobody_vouches_for_is_refused(directory: Directory, ann: str) -> None:
    Directory.objects.update(ca_certificate="")
    assert sign_in(Client(), "ann", ANN).status_code == 503


def test_active_directory_takes_no_password_in_the_clear(directory: Directory, ann: str) -> None:
    Directory.objects.update(servers="ldap://127.0.0.1", start_tls=False)
    assert sign_in(Client(), "ann", ANN).status_code == 503


def test_all_names_are_one_person_known_by_objectguid(directory: Directory, ann: str, domain: Samba) -> None:
    names = ["ann", "ANN", "CORP\\ann", "ann@corp.test", "Ann@CORP.test"]
    assert all(opens(name) for name in names)
    shown = domain.tool("user", "show", "ann", "--attributes=objectGUID")
    guid = shown.partition("objectGUID: ")[2].split()[0]
    assert DirectoryIdentity.objects.get().uid == str(UUID(guid))
    assert User.objects.count() == 1


def test_who_is_in_no_group_and_wrong_passwords_stay_outside(directory: Directory, ann: str, domain: Samba) -> None:
    domain.tool("user", "create", "ben", "Ben-Pass-1")
    assert not opens("ben", "Ben-Pass-1")
    assert not opens("ann", "wrong")
    assert not opens("ann", "")
    domain.tool("user", "delete", "ben")


@pytest.mark.parametrize(
    ("words", "why"), [(("user", "disable"), "disabled"), (("user", "setexpiry", "--days=-1"), "expired")]
)
def test_disabled_and_expired_people_lose_their_session(
    directory: Directory, ann: str, domain: Samba, words: tuple[str, ...], why: str
) -> None:
    client = Client()
    sign_in(client, "ann", ANN)
    domain.tool(*words[:2], "ann", *words[2:])
    assert not opens("ann")
    look_at_directories()
    assert not is_signed_in(client)
    # The filter for people leaves the disabled out: to the desk they are gone.
    assert DirectoryIdentity.objects.get().withdrawn == ("gone" if why == "disabled" else why)


def test_leaving_the_group_and_coming_back(directory: Directory, ann: str, domain: Samba) -> None:
    client = Client()
    sign_in(client, "ann", ANN)
    domain.tool("group", "removemembers", "inner", "ann")
    look_at_directories()
    assert not is_signed_in(client)
    assert DirectoryIdentity.objects.get().withdrawn == "no group"
    domain.tool("group", "addmembers", "inner", "ann")
    assert opens("ann")
    assert User.objects.count() == 1


def test_deleted_people_are_gone_and_a_new_one_of_the_name_is_another(
    directory: Directory, ann: str, domain: Samba
) -> None:
    assert opens("ann")
    domain.tool("user", "delete", "ann")
    domain.tool("user", "create", "ann", ANN, "--mail-address=other@corp.test")
    domain.tool("group", "addmembers", "inner", "ann")
    look_at_directories()
    assert not user_of("ann@corp.test").is_active
    assert opens("ann")
    assert User.objects.count() == 2


def test_a_new_password_works_at_once(directory: Directory, ann: str, domain: Samba) -> None:
    assert opens("ann")
    domain.tool("user", "setpassword", "ann", "--newpassword=Other-Pass-2")
    assert opens("ann", "Other-Pass-2")


def test_the_form_never_locks_the_account(directory: Directory, ann: str, domain: Samba) -> None:
    """Ten wrong passwords by ten names and addresses: two reach the controller, and its lock of three stays open."""
    names = ["ann", "ANN", "CORP\\ann", "ann@corp.test", "Ann"] * 2
    codes = [
        int(sign_in(Client(), name, "wrong", REMOTE_ADDR=f"198.51.100.{number}").status_code)
        for number, name in enumerate(names)
    ]
    assert codes.count(200) == 1  # half of the two are kept for places where ann has signed in before
    assert bind_code(directory, "ann@corp.test", ANN) == ""
    assert "lockoutTime" not in domain.tool("user", "show", "ann", "--attributes=lockoutTime") or (
        "lockoutTime: 0" in domain.tool("user", "show", "ann", "--attributes=lockoutTime")
    )


def test_a_lock_of_the_controller_is_a_refusal_and_no_outage(directory: Directory, ann: str) -> None:
    codes = [bind_code(directory, "ann@corp.test", "wrong") for _ in range(THRESHOLD + 2)]
    assert codes == ["52e"] * THRESHOLD + ["775"] * 2
    answer = sign_in(Client(), "ann", ANN)
    assert answer.status_code == 200
    assert DirectoryTry.objects.get().passed is False


@pytest.mark.parametrize("name", ["*", "ann)(|(cn=*", "a*", "ann\x00"])
def test_nothing_can_be_put_into_the_filter(directory: Directory, ann: str, name: str) -> None:
    assert not opens(name)
    assert not User.objects.exists()


def test_trying_it_out_warns_of_the_controllers_lock(directory: Directory, ann: str) -> None:
    Directory.objects.update(wrong_tries=4)
    findings = try_out(Directory.objects.get())
    assert [each.text for each in findings if not each.good] == [
        "The directory locks an account after 3 wrong passwords, and the desk passes 4 on."
    ]
    found = look_up(directory, "ann")
    assert found is not None
    assert found.lets_in


def test_a_controller_that_is_down_costs_no_strike(directory: Directory, ann: str, domain: Samba) -> None:
    client = Client()
    sign_in(client, "ann", ANN)
    domain.stop()
    try:
        assert sign_in(Client(), "ann", ANN).status_code == 503
        look_at_directories()
        assert is_signed_in(client)
    finally:
        domain.start()
    assert opens("ann")
