from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db.models import F
from django.test import Client
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.actions.second_factors import check_code, make_recovery_codes
from accounts.models import AuditEntry, User
from accounts.pending import KEY as HELD
from tests.accounts.codes import SECOND, at_second_step, code_now, give_code, make_app, sleep_out
from tests.accounts.people import LOGIN, NEW_PASSWORD, is_signed_in, password_page, path_of, sign_in, text_of
from tests.factories import PASSWORD, Cast, make_admin


def test_the_password_alone_signs_nobody_in(cast: Cast) -> None:
    make_app(cast.alice)
    client = Client()
    answer = sign_in(client, cast.alice.email)
    assert answer.headers["Location"] == SECOND
    assert not is_signed_in(client)
    assert "_auth_user_id" not in client.session


def test_the_code_of_the_app_lets_in(cast: Cast) -> None:
    make_app(cast.alice)
    client = at_second_step(cast.alice)
    assert "Signing in as alice@desk.example" in text_of(client.get(SECOND))
    answer = give_code(client, code_now())
    assert answer.headers["Location"] == "/desk/"
    assert is_signed_in(client)
    assert HELD not in client.session


def test_the_session_key_changes_at_both_steps(cast: Cast) -> None:
    make_app(cast.alice)
    client = Client()
    session = client.session
    session["planted"] = "yes"
    session.save()
    client.cookies["desk"] = str(session.session_key)
    sign_in(client, cast.alice.email)
    between = client.session.session_key
    give_code(client, code_now())
    assert len({session.session_key, between, client.session.session_key}) == 3
    assert not Session.objects.filter(session_key__in=[session.session_key, between]).exists()


@pytest.mark.parametrize("spaced", ["{} ", " {}", "{}\u00a0"])
def test_spaces_in_a_code_do_not_matter(cast: Cast, spaced: str) -> None:
    make_app(cast.alice)
    code = code_now()
    client = at_second_step(cast.alice)
    give_code(client, spaced.format(f"{code[:3]} {code[3:]}"))
    assert is_signed_in(client)


@pytest.mark.parametrize("code", ["", "000000x", "12345", "1234567", "abcdef", "٠١٢٣٤٥", "\x00", "9" * 41])
def test_what_is_no_code_is_refused_plainly(cast: Cast, code: str) -> None:
    make_app(cast.alice)
    client = at_second_step(cast.alice)
    answer = give_code(client, code)
    assert answer.status_code == 200
    assert 'class="errorlist"' in answer.content.decode()
    assert not is_signed_in(client)


def test_after_a_wrong_code_the_next_one_waits(cast: Cast) -> None:
    device = make_app(cast.alice)
    client = at_second_step(cast.alice)
    assert "does not fit" in text_of(give_code(client, code_now(steps=50)))
    early = give_code(client, code_now())
    assert early.status_code == 429
    assert "Too many wrong codes. Wait 1 second before the next try." in text_of(early)
    sleep_out(device)
    give_code(client, code_now())
    assert is_signed_in(client)


def test_a_wrong_code_is_written_down_without_the_code(cast: Cast) -> None:
    make_app(cast.alice)
    client, wrong = at_second_step(cast.alice), code_now(steps=50)
    give_code(client, wrong)
    entry = AuditEntry.objects.get(action="sign_in.refused")
    assert (entry.actor_id, entry.object_id, entry.reason) == (cast.alice.pk, str(cast.alice.pk), "second_factor")
    assert wrong not in str(AuditEntry.objects.filter(pk=entry.pk).values())
    give_code(client, code_now())  # too early: not tried, and not written down
    assert AuditEntry.objects.filter(action="sign_in.refused").count() == 1


def test_waits_double_and_are_told_in_minutes(cast: Cast) -> None:
    device = make_app(cast.alice)
    TOTPDevice.objects.filter(pk=device.pk).update(throttling_failure_count=9)
    client = at_second_step(cast.alice)
    assert "Wait 9 minutes before the next try." in text_of(give_code(client, code_now(steps=50)))
    assert not check_code(cast.alice, code_now()).passed


def test_who_waits_too_long_between_the_steps_starts_again(cast: Cast) -> None:
    make_app(cast.alice)
    client = at_second_step(cast.alice)
    session = client.session
    session[HELD] = {**session[HELD], "at": session[HELD]["at"] - 601}
    session.save()
    answer = client.post(SECOND, {"code": code_now()}, follow=True)
    assert answer.redirect_chain[-1][0] == LOGIN
    assert "That took too long" in text_of(answer)
    assert not is_signed_in(client)


@pytest.mark.parametrize("loss", ["switched off", "another password", "deleted"])
def test_who_loses_the_account_between_the_steps_stays_outside(cast: Cast, loss: str) -> None:
    nina = User.objects.create_user("nina@desk.example", PASSWORD, display_name="Nina")
    make_app(nina)
    client = at_second_step(nina)
    if loss == "switched off":
        User.objects.filter(pk=nina.pk).update(is_active=False)
    elif loss == "deleted":
        nina.delete()
    else:
        nina.set_password("another sentence entirely")
        nina.save()
    give_code(client, code_now())
    assert not is_signed_in(client)


def test_nobody_meets_the_second_step_without_the_first(client: Client, db: None) -> None:
    assert client.get(SECOND).headers["Location"] == LOGIN
    assert give_code(client, "123456").headers["Location"] == LOGIN


def test_next_is_kept_over_both_steps_and_stays_on_this_site(cast: Cast) -> None:
    make_app(cast.alice)
    for asked, target in (("/accounts/profile/", "/accounts/profile/"), ("//evil.example/", "/desk/")):
        TOTPDevice.objects.update(last_t=-1)
        client = Client()
        sign_in(client, cast.alice.email, query=f"?next={asked}")
        assert give_code(client, code_now()).headers["Location"] == target


def test_the_pages_are_kept_by_no_cache(cast: Cast) -> None:
    make_app(cast.alice)
    assert "no-store" in at_second_step(cast.alice).get(SECOND).headers["Cache-Control"]


# --- recovery codes --------------------------------------------------------------------------------------------------


def test_a_recovery_code_lets_in_once(cast: Cast) -> None:
    make_app(cast.alice)
    code = make_recovery_codes(cast.alice)[3]
    client = at_second_step(cast.alice)
    give_code(client, code.upper().replace("-", " "))
    assert is_signed_in(client)
    again = at_second_step(cast.alice)
    give_code(again, code)
    assert not is_signed_in(again)


def test_a_recovery_code_is_its_owners_alone(cast: Cast) -> None:
    make_app(cast.alice)
    make_app(cast.bob)
    make_recovery_codes(cast.bob)
    code = make_recovery_codes(cast.alice)[0]
    assert not check_code(cast.bob, code).passed


def test_recovery_codes_are_stored_as_what_they_hash_to(cast: Cast) -> None:
    codes = make_recovery_codes(cast.alice)
    stored = "".join(StaticToken.objects.values_list("token", flat=True))
    assert len(set(codes)) == 10
    assert not any(code.replace("-", "") in stored for code in codes)


def test_new_recovery_codes_void_the_old_ones(cast: Cast) -> None:
    old = make_recovery_codes(cast.alice)
    make_recovery_codes(cast.alice)
    assert not check_code(cast.alice, old[0]).passed


def test_wrong_recovery_codes_wait_and_leave_the_app_alone(cast: Cast) -> None:
    make_app(cast.alice)
    make_recovery_codes(cast.alice)
    assert check_code(cast.alice, "aaaa-aaaa-aaaa").wait == 1
    assert check_code(cast.alice, "aaaa-aaaa-aaab").held_up
    assert check_code(cast.alice, code_now()).passed


# --- no way around ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("door", ["/admin/", "/admin/login/?next=/admin/", "/desk/", "/accounts/profile/"])
def test_every_door_leads_through_both_steps(db: None, door: str) -> None:
    ada = make_admin()
    make_app(ada)
    client = at_second_step(ada)
    answer = client.get(door, follow=True)
    assert answer.redirect_chain[-1][0].startswith(LOGIN)
    assert not is_signed_in(client)


def test_a_new_password_by_mail_does_not_spare_the_second_step(cast: Cast) -> None:
    make_app(cast.alice)
    client = Client()
    client.post(password_page(client, cast.alice), {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD})
    assert not is_signed_in(client)
    assert sign_in(client, cast.alice.email, NEW_PASSWORD).headers["Location"] == path_of(SECOND)


def test_an_old_wait_passes(cast: Cast) -> None:
    device = make_app(cast.alice)
    check_code(cast.alice, code_now(steps=50))
    earlier = F("throttling_failure_timestamp") - timedelta(seconds=2)
    TOTPDevice.objects.filter(pk=device.pk).update(throttling_failure_timestamp=earlier)
    assert check_code(cast.alice, code_now()).passed
