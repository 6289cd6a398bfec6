"""What an admin sets up: the order of the index, checks that say what to do, and settings that take effect."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.models import Scope, UserType
from chatdesk import sitelimits
from chatdesk.demo import seed
from chatdesk.models import Button, SiteSettings
from routing.models import Group, Membership
from tests.factories import (
    Cast,
    make_admin,
    make_button,
    make_group,
    make_membership,
    make_operator,
    make_outsider,
    make_user,
)

pytestmark = pytest.mark.django_db
INDEX = "/admin/"


@pytest.fixture
def ada(client: Client) -> Client:
    client.force_login(make_admin())
    return client


def button_fields(**changes: Any) -> dict[str, Any]:
    fields = {
        "title": "Orders", "slug": "orders", "label": "Ask us", "greeting": "", "colour": "#14614a", "position": "end",
        "is_active": "on", "group": "", "name_field": "off", "email_field": "off", "question_field": "off",
        "question_label": "", "group_field": "optional", "typing_preview": "off", "allowed_sites": "https://shop.example",
        "when_closed": "mask", "closed_text": "", "offline_text": "", "texts-TOTAL_FORMS": 0, "texts-INITIAL_FORMS": 0,
        "invitations-TOTAL_FORMS": 0, "invitations-INITIAL_FORMS": 0,
    }  # fmt: skip
    return {**fields, **changes}


def add_button(ada: Client, **changes: Any) -> str:
    """The page's errors, or nothing if the button was made."""
    answer = ada.post(reverse("admin:chatdesk_button_add"), button_fields(**changes))
    return "" if answer.status_code == 302 else " ".join(re.findall(r"<li>(.*?)</li>", answer.content.decode()))


# --- the index -------------------------------------------------------------------------------------------------------


def test_the_index_is_in_the_order_of_a_persons_questions(ada: Client) -> None:
    text = ada.get(INDEX).content.decode()
    names = re.findall(r'class="section-name"[^>]*>([^<]+)<', text)
    assert names == [
        "People and permissions", "Routing groups", "Chat buttons", "Mail", "Site settings", "Records",
        "Records and their proof", "Accountability", "Sign-in protection",
    ]  # fmt: skip


def test_the_index_says_what_keeps_visitors_from_being_answered(ada: Client) -> None:
    assert "No button is active" in ada.get(INDEX).content.decode()
    off = make_group("old", is_active=False)
    make_button("old", off)
    make_group("sales")
    text = ada.get(INDEX).content.decode()
    assert "“old” leads to Old, which is switched off" in text
    assert "Nobody can answer for Sales" in text


def test_the_index_of_a_desk_that_works_has_nothing_to_say(client: Client) -> None:
    seed("correct horse battery staple")
    client.force_login(make_admin("eve"))
    assert 'class="advice"' not in client.get(INDEX).content.decode()


@pytest.mark.parametrize("path", ["button/", "button/add/", "sitesettings/", "conversation/", "entry/", "file/"])
def test_every_page_opens_for_an_admin(path: str, ada: Client) -> None:
    assert ada.get(f"/admin/chatdesk/{path}", follow=True).status_code == 200


def test_a_stranger_is_led_to_the_one_sign_in_page(client: Client) -> None:
    answer = client.get("/admin/chatdesk/button/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/accounts/login/")


# --- buttons ---------------------------------------------------------------------------------------------------------


def test_a_button_is_made(ada: Client) -> None:
    sales = make_group("sales")
    assert add_button(ada, group=str(sales.pk), allowed_sites="https://Shop.example/\n\nhttps://shop.example") == ""
    button = Button.objects.get(slug="orders")
    assert (button.group, button.allowed_sites) == (sales, "https://shop.example")


@pytest.mark.parametrize(
    ("changes", "advice"),
    [
        ({"colour": "red"}, "six hexadecimal digits"),
        ({"question_field": "required"}, "Write the question"),
        ({"allowed_sites": "shop.example/page"}, "Write its scheme and name alone"),
        ({"allowed_sites": "javascript:alert(1)"}, "is not a site"),
        ({"title": ""}, "This field is required"),
        ({"slug": "a b"}, "Enter a valid"),
    ],
)
def test_what_cannot_work_is_refused_with_what_to_do(changes: dict[str, str], advice: str, ada: Client) -> None:
    make_group("sales")
    assert advice in add_button(ada, **changes)
    assert not Button.objects.exists()


def test_a_button_needs_somebody_to_lead_to(ada: Client) -> None:
    assert "No routing group is active" in add_button(ada)
    off = make_group("old", is_active=False)
    assert "is switched off and takes no chats" in add_button(ada, group=str(off.pk))
    make_group("sales")
    assert "All of these are switched off" in add_button(ada, choices=[str(off.pk)])
    assert add_button(ada) == ""


def test_a_button_that_is_off_may_wait_for_its_group(ada: Client) -> None:
    fields = button_fields()
    del fields["is_active"]
    assert ada.post(reverse("admin:chatdesk_button_add"), fields).status_code == 302


def test_a_button_without_sites_is_told_where_it_shows(ada: Client) -> None:
    make_group("sales")
    answer = ada.post(reverse("admin:chatdesk_button_add"), button_fields(allowed_sites=""), follow=True)
    assert "Only this desk" in answer.content.decode()


def test_the_page_of_a_button_previews_it_and_gives_the_snippet(ada: Client) -> None:
    button = make_button("sales", make_group("sales"), label="Fish & <b>chips</b>")
    text = ada.get(reverse("admin:chatdesk_button_change", args=[button.pk])).content.decode()
    assert 'formaction="/admin/chatdesk/button/preview/?embed=1" formtarget="button-preview"' in text
    snippet = re.search(r"<textarea id=\"embed-snippet\".*?>(.*?)</textarea>", text, re.DOTALL)
    assert snippet
    assert "data-chatdesk=&quot;sales&quot;" in snippet[1]
    assert "/widget.js" in snippet[1]
    assert "<b>" not in snippet[1]
    assert "&amp;lt;b&amp;gt;" in snippet[1]


def test_the_default_buttons_page_is_the_short_address(ada: Client) -> None:
    make_group("sales")
    button = make_button("default")
    assert 'href="/chat/"' in ada.get(reverse("admin:chatdesk_button_change", args=[button.pk])).content.decode()


# --- groups ----------------------------------------------------------------------------------------------------------


def group_fields(group: Group, *members: dict[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {"name": group.name, "slug": group.slug, "policy": "fewest", "is_active": "on"}
    numbers = ("chat_limit", "queue_limit", "accept_seconds", "pause_seconds", "overflow_seconds", "alarm_minutes")
    fields |= dict.fromkeys(numbers, 0)
    fields |= {"memberships-TOTAL_FORMS": len(members), "memberships-INITIAL_FORMS": 0}
    for number, member in enumerate(members):
        fields |= {f"memberships-{number}-{name}": value for name, value in member.items()}
    return fields


def save_group(ada: Client, group: Group, *members: dict[str, Any]) -> str:
    url = reverse("admin:routing_group_change", args=[group.pk])
    return ada.post(url, group_fields(group, *members), follow=True).content.decode()


def test_members_are_given_with_limit_and_priority(ada: Client) -> None:
    sales, alice = make_group("sales"), make_operator("alice")
    save_group(ada, sales, {"user": alice.pk, "chat_limit": 6, "priority": 2})
    membership = Membership.objects.get()
    assert (membership.user, membership.group, membership.chat_limit, membership.priority) == (alice, sales, 6, 2)


@pytest.mark.parametrize(
    ("member", "advice"),
    [
        ({"chat_limit": 21}, "less than or equal to 20"),
        ({"chat_limit": -1}, "greater than or equal to 0"),
    ],
)
def test_limits_of_a_membership_are_checked(member: dict[str, int], advice: str, ada: Client) -> None:
    sales, alice = make_group("sales"), make_operator("alice")
    assert advice in save_group(ada, sales, {"user": alice.pk, "priority": 0, **member})
    assert not Membership.objects.exists()


def test_who_may_not_work_at_the_desk_cannot_be_a_member(ada: Client) -> None:
    sales = make_group("sales")
    charlie, gone = make_outsider(), make_operator("gone")
    gone.is_active = False
    gone.save()
    rest = {"chat_limit": 4, "priority": 0}
    reader = make_user("rita", UserType.objects.create(name="Reader", answer=Scope.NONE))
    assert "Charlie may not work at the desk" in save_group(ada, sales, {"user": charlie.pk, **rest})
    assert "Rita may not work at the desk" in save_group(ada, sales, {"user": reader.pk, **rest})
    assert "Gone is switched off" in save_group(ada, sales, {"user": gone.pk, **rest})
    assert not Membership.objects.exists()


def test_somebody_switched_off_since_does_not_keep_a_group_from_being_saved(ada: Client) -> None:
    sales, alice = make_group("sales"), make_operator("alice")
    membership = make_membership(sales, alice)
    alice.is_active = False
    alice.save()
    member = {"id": membership.pk, "group": sales.pk, "user": alice.pk, "chat_limit": 1, "priority": 0}
    fields = {**group_fields(sales, member), "memberships-INITIAL_FORMS": 1, "name": "Prices"}
    ada.post(reverse("admin:routing_group_change", args=[sales.pk]), fields)
    assert Group.objects.get().name == "Prices"
    assert Membership.objects.get().chat_limit == 1


def test_a_group_without_members_is_saved_with_a_warning(ada: Client) -> None:
    assert "has no members who are given chats" in save_group(ada, make_group("sales"))


def test_a_group_whose_members_may_not_answer_is_saved_with_the_same_warning(ada: Client) -> None:
    sales, alice = make_group("sales"), make_operator("alice")
    assert "has no members" not in save_group(ada, sales, {"user": alice.pk, "chat_limit": 4, "priority": 0})
    UserType.objects.filter(users=alice).update(answer=Scope.NONE)
    assert "has no members who are given chats" in save_group(ada, sales)


def test_the_list_counts_members_in_one_query(ada: Client) -> None:
    sales = make_group("sales")
    for name in ("alice", "bob"):
        make_membership(sales, make_operator(name))
    assert re.search(r'class="field-size">2<', ada.get(reverse("admin:routing_group_changelist")).content.decode())


# --- site settings ---------------------------------------------------------------------------------------------------


def settings_url() -> str:
    return reverse("admin:chatdesk_sitesettings_change", args=[SiteSettings.load().pk])


def test_the_one_row_opens_at_once_and_stays_one(ada: Client) -> None:
    answer = ada.get(reverse("admin:chatdesk_sitesettings_changelist"))
    assert answer.headers["Location"] == settings_url()
    assert ada.get(reverse("admin:chatdesk_sitesettings_add")).status_code == 403
    assert ada.post(reverse("admin:chatdesk_sitesettings_delete", args=[1]), {"post": "yes"}).status_code == 403


def test_limits_are_set_and_used_at_once(ada: Client, django_capture_on_commit_callbacks: Any) -> None:
    assert sitelimits.site_settings().file_limit_mb == 20
    fields = {
        "message_limit": 500,
        "file_limit_mb": 5,
        "file_types": ["png", "zip"],
        "accept_seconds": 30,
        "card_digits": "both",
    }
    with django_capture_on_commit_callbacks(execute=True):
        assert ada.post(settings_url(), fields).status_code == 302
    now = sitelimits.site_settings()
    assert (now.message_limit, now.file_limit_mb, now.file_types) == (500, 5, ["png", "zip"])
    sitelimits.forget()


@pytest.mark.parametrize(
    "changes", [{"message_limit": 99}, {"file_limit_mb": 0}, {"file_limit_mb": 201}, {"file_types": ["exe"]}]
)
def test_limits_out_of_bounds_are_refused(changes: dict[str, Any], ada: Client) -> None:
    fields = {"message_limit": 500, "file_limit_mb": 5, "file_types": ["png"], "accept_seconds": 30}
    fields |= {"card_digits": "both", **changes}
    assert ada.post(settings_url(), fields).status_code == 200
    assert SiteSettings.load().message_limit == 10_000


def test_a_button_can_not_take_an_address_of_the_desk(cast: Cast) -> None:
    cast.sales_button.slug = "files"
    with pytest.raises(ValidationError, match="an address of the desk itself"):
        cast.sales_button.full_clean()
