"""The chat page as the server gives it, and as browsers without script use it: forms, redirects, one cookie."""

from __future__ import annotations

import json
import re
from http.cookies import Morsel

import pytest
from django.http import HttpResponse
from django.test import Client

from chatdesk import sitelimits
from chatdesk.actions.conversations import close_by_visitor
from chatdesk.actions.entries import post_entry
from chatdesk.models import Button, Conversation, Entry, FieldRule, Preview, SiteSettings
from routing.models import Membership
from tests.factories import Cast, make_button, make_conversation, make_present

PAGE = "/chat/sales/"


def written(client: Client, body: str = "Is it in stock?", url: str = PAGE, **form: str) -> HttpResponse:
    return client.post(url, {"body": body, "client_id": form.pop("client_id", ""), **form})  # type: ignore[return-value]


def shown(client: Client, url: str = PAGE) -> str:
    return client.get(url).content.decode()


def config_of(page: str) -> dict[str, object]:
    found = re.search(r'<script id="config" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert found
    facts: dict[str, object] = json.loads(found[1])
    return facts


def token_cookie(answer: HttpResponse) -> Morsel[str]:
    return answer.cookies["chat"]


# --- before the first message ----------------------------------------------------------------------------------------


def test_looking_stores_nothing(client: Client, cast: Cast) -> None:
    answer = client.get(PAGE)
    assert answer.status_code == 200
    assert not answer.cookies
    assert "csrf" not in answer.content.decode()


def test_chat_is_the_default_button(client: Client, cast: Cast) -> None:
    assert config_of(shown(client, "/chat/"))["button"] == "default"


@pytest.mark.parametrize("slug", ["nobody", "sales'", "sales%00", "SALES"])
def test_an_unknown_button_is_not_found(client: Client, cast: Cast, slug: str) -> None:
    assert client.get(f"/chat/{slug}/").status_code == 404


def test_an_inactive_button_is_not_found(client: Client, cast: Cast) -> None:
    Button.objects.filter(slug="sales").update(is_active=False)
    assert client.get(PAGE).status_code == 404
    assert written(client).status_code == 404


def test_the_page_says_who_is_there(client: Client, cast: Cast) -> None:
    assert 'data-state="offline"' in shown(client)
    make_present(cast.alice)
    assert 'id="presence" data-state="online"' in shown(client)
    Membership.objects.filter(user=cast.alice).update(chat_limit=1)
    make_conversation(cast.sales_button, operator=cast.alice)
    assert 'id="presence" data-state="busy"' in shown(client)


def test_the_visitor_chooses_among_groups_with_their_state(client: Client, cast: Cast) -> None:
    make_present(cast.bob)
    page = shown(client, "/chat/")
    assert 'data-group="support" data-state="online"' in page
    assert 'data-group="sales" data-state="offline"' in page


def test_a_group_of_its_own_leaves_no_choice(client: Client, cast: Cast) -> None:
    assert 'name="group"' not in shown(client)


@pytest.mark.parametrize(
    ("rule", "there", "required"), [("off", False, False), ("optional", True, False), ("required", True, True)]
)
def test_each_field_is_off_optional_or_required(
    client: Client, cast: Cast, rule: str, there: bool, required: bool
) -> None:
    Button.objects.filter(slug="sales").update(email_field=rule)
    field = re.search(r"<input[^>]*name=\"email\"[^>]*>", shown(client))
    assert bool(field) == there
    assert bool(field and " required" in field[0]) == required


@pytest.mark.parametrize("preview", list(Preview))
def test_the_typing_notice_is_there_from_the_start(client: Client, cast: Cast, preview: Preview) -> None:
    Button.objects.filter(slug="sales").update(typing_preview=preview)
    page = shown(client)
    assert ('id="preview-notice"' in page) == (preview != Preview.OFF)
    assert ("the desk sees what you type" in page.split("<template")[0]) == (preview == Preview.PREVIEW)


def test_only_allowed_sites_may_frame_it(client: Client, cast: Cast) -> None:
    Button.objects.filter(slug="sales").update(allowed_sites="https://shop.example\nhttps://*.example.com")
    policy = client.get(PAGE).headers["Content-Security-Policy"]
    assert "frame-ancestors 'self' https://shop.example https://*.example.com" in policy
    assert "frame-ancestors 'self'" in client.get("/chat/support/").headers["Content-Security-Policy"]
    assert "shop.example" not in client.get("/chat/support/").headers["Content-Security-Policy"]


def test_a_button_has_its_own_colour_by_a_nonce(client: Client, cast: Cast) -> None:
    Button.objects.filter(slug="sales").update(colour="#ffdd00")
    answer = client.get(PAGE)
    nonce = re.search(r'<style nonce="([^"]+)">:root\{--action:#ffdd00;--action-ink:#000000\}', answer.content.decode())
    assert nonce
    assert f"'nonce-{nonce[1]}'" in answer.headers["Content-Security-Policy"]


def test_what_a_host_page_passes_on_is_text(client: Client, cast: Cast) -> None:
    answer = client.get(PAGE, {"page": "https://shop.example/</script><b>", "ref": "javascript:alert(1)"})
    page = answer.content.decode()
    assert "</script><b>" not in page
    assert config_of(page)["page"] == "https://shop.example/</script><b>"
    assert config_of(page)["referrer"] == ""


# --- writing ---------------------------------------------------------------------------------------------------------


def test_the_first_message_is_the_form(client: Client, cast: Cast) -> None:
    answer = written(client)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/chat/sales/")
    page = shown(client)
    assert "Is it in stock?" in page
    assert "We have your message." in page
    assert Conversation.objects.get().group == cast.sales


def test_the_cookie_is_for_the_server_alone(client: Client, cast: Cast) -> None:
    cookie = token_cookie(written(client))
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert len(cookie.value) >= 43
    assert cookie.value not in shown(client)


def test_the_next_message_goes_on(client: Client, cast: Cast) -> None:
    written(client)
    answer = written(client, "In blue?")
    assert "chat" not in answer.cookies
    assert list(Entry.objects.order_by("seq").values_list("seq", "body")) == [(1, "Is it in stock?"), (2, "In blue?")]


def test_pressed_twice_is_written_once(client: Client, cast: Cast) -> None:
    for body in ("Is it in stock?", "In blue?"):
        written(client, body, client_id=f"{body[:5]:x<32}")
        written(client, body, client_id=f"{body[:5]:x<32}")
    assert Entry.objects.filter(kind="message").count() == 2


def test_the_first_pressed_twice_before_the_answer_is_one_conversation(cast: Cast) -> None:
    for browser in (Client(), Client()):  # the first answer, and its cookie, never arrived
        written(browser, client_id="0123456789abcdef0123456789abcdef")
    assert Conversation.objects.count() == 1


def test_an_answer_stands_in_the_page(client: Client, cast: Cast) -> None:
    written(client)
    conversation = Conversation.objects.get()
    part = conversation.participants.create(user=cast.alice, name="Alice")
    post_entry(conversation, part, "Yes, S to L.")
    page = shown(client)
    assert "Yes, S to L." in page
    assert "Alice" in page
    assert "alice@desk.example" not in page


def test_text_is_shown_as_text(client: Client, cast: Cast) -> None:
    written(client, "<script>x</script> \u202eevil\u202c </template>")
    page = shown(client)
    assert "<script>x" not in page
    assert "&lt;script&gt;x&lt;/script&gt; [U+202E]evil[U+202C] &lt;/template&gt;" in page


def test_the_fields_go_with_the_first_message(client: Client, cast: Cast) -> None:
    Button.objects.filter(slug="sales").update(name_field=FieldRule.OPTIONAL, email_field=FieldRule.REQUIRED)
    written(client, name="Vera", email="vera@example.com", url=f"{PAGE}?page=https://shop.example/jackets")
    conversation = Conversation.objects.get()
    assert (conversation.name, conversation.email) == ("Vera", "vera@example.com")
    assert conversation.page == "https://shop.example/jackets"


def test_the_chosen_group_gets_it(client: Client, cast: Cast) -> None:
    written(client, url="/chat/", group="support")
    assert Conversation.objects.get().group == cast.support


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"body": "   ", "email": "vera@example.com"}, "There is nothing in this message."),
        ({"body": "Hello", "email": "not an address"}, "This e-mail address doesn"),
        ({"body": "Hello"}, "Please fill in: e-mail."),
        ({"body": "x" * 10_001, "email": "vera@example.com"}, "A message has at most 10000 characters."),
        (
            {"body": "Hello", "email": "vera@example.com", "group": "support"},
            "This button does not lead to that group.",
        ),
    ],
)
def test_a_refusal_says_why_and_keeps_the_text(client: Client, cast: Cast, form: dict[str, str], words: str) -> None:
    Button.objects.filter(slug="sales").update(email_field=FieldRule.REQUIRED)
    answer = written(client, **form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert form["body"] in page
    assert form.get("email", "") in page
    assert not Conversation.objects.exists()
    assert not answer.cookies


def test_a_missing_body_changes_nothing(client: Client, cast: Cast) -> None:
    assert client.post(PAGE).status_code == 422
    assert not Conversation.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://testserver.evil.example", "Sec-Fetch-Site": "same-origin"},
    ],
)
def test_another_site_may_not_write(client: Client, cast: Cast, headers: dict[str, str]) -> None:
    answer = client.post(PAGE, {"body": "Hello"}, headers=headers)
    assert answer.status_code == 403
    assert not Conversation.objects.exists()


def test_its_own_page_may_write(client: Client, cast: Cast) -> None:
    answer = client.post(
        PAGE, {"body": "Hello"}, headers={"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
    )
    assert answer.status_code == 302


# --- whose it is, and its end ----------------------------------------------------------------------------------------


def test_nobody_else_sees_it(client: Client, cast: Cast) -> None:
    written(client)
    for cookie in ("", "guess", cast.walt.token, "x" * 5000):
        other = Client()
        other.cookies["chat"] = cookie
        assert "Is it in stock?" not in shown(other)


def test_each_button_has_its_own_conversation(client: Client, cast: Cast) -> None:
    written(client)
    assert "Is it in stock?" not in shown(client, "/chat/support/")
    written(client, "It broke", "/chat/support/")
    assert Conversation.objects.count() == 2
    assert "It broke" not in shown(client)


def test_ending_asks_once_then_is_read_only(client: Client, cast: Cast) -> None:
    written(client)
    assert " open>" in shown(client, f"{PAGE}?end")
    client.post(PAGE, {"action": "close"})
    client.post(PAGE, {"action": "close"})
    page = shown(client)
    assert '<body data-state="closed"' in page
    assert "Is it in stock?" in page
    assert Entry.objects.filter(kind="close").count() == 1


def test_writing_into_an_ended_chat_keeps_the_text(client: Client, cast: Cast) -> None:
    written(client)
    close_by_visitor(Conversation.objects.get().pk)
    answer = written(client, "One more thing")
    assert answer.status_code == 422
    assert "One more thing" in answer.content.decode()
    assert "This conversation has ended." in answer.content.decode()


def test_a_new_one_can_be_begun(client: Client, cast: Cast) -> None:
    written(client)
    close_by_visitor(Conversation.objects.get().pk)
    assert '<body data-state="new"' in shown(client, f"{PAGE}?new")
    written(client, "Another thing", f"{PAGE}?new")
    page = shown(client)
    assert "Another thing" in page
    assert "Is it in stock?" not in page
    assert Conversation.objects.values("visitor").distinct().count() == 1


def test_a_frame_looks_for_news_while_some_may_come(client: Client, cast: Cast) -> None:
    assert "?news=" not in shown(client)
    written(client)
    assert '<noscript><iframe class="news" src="?news=1"' in shown(client)
    assert '<meta http-equiv="refresh" content="8">' in shown(client, f"{PAGE}?news=1")
    assert "http-equiv" not in shown(client, f"{PAGE}?news=1&still=1")
    close_by_visitor(Conversation.objects.get().pk)
    assert "http-equiv" not in shown(client, f"{PAGE}?news=1")
    assert "?news=" not in shown(client)


@pytest.mark.parametrize(
    ("after", "bodies"),
    [("1", ["Two"]), ("0", ["One", "Two"]), ("2", []), ("x", ["One", "Two"]), ("9" * 40, ["One", "Two"])],
)
def test_the_frame_shows_what_came_after(client: Client, cast: Cast, after: str, bodies: list[str]) -> None:
    written(client, "One")
    written(client, "Two")
    page = shown(client, f"{PAGE}?news={after}")
    assert re.findall(r'class="entry-body"[^>]*>(.*?)</p>', page) == bodies


def test_the_frame_shows_nothing_to_others(client: Client, cast: Cast) -> None:
    written(client, "One")
    assert "One" not in shown(Client(), f"{PAGE}?news=0")


def test_looking_changes_nothing_and_keeps_the_text(client: Client, cast: Cast) -> None:
    written(client)
    answer = written(client, "Half written", action="look")
    assert answer.status_code == 200
    assert "Half written</textarea>" in answer.content.decode()
    assert Entry.objects.count() == 1


def test_no_conversation_is_kept_by_a_cache(client: Client, cast: Cast) -> None:
    written(client)
    headers = client.get(PAGE).headers
    assert "private" in headers["Cache-Control"]
    assert "Cookie" in headers["Vary"]


def test_other_methods_are_refused(client: Client, cast: Cast) -> None:
    assert client.put(PAGE).status_code == 405
    assert client.delete(PAGE).status_code == 405


def test_a_button_without_any_group_says_so(client: Client, db: None) -> None:
    make_button("lonely")
    answer = written(client, url="/chat/lonely/")
    assert answer.status_code == 422
    assert "Nobody can be reached through this button yet." in answer.content.decode()


# --- the desk's notice -----------------------------------------------------------------------------------------------


def test_the_notice_stands_on_every_page_and_is_text(client: Client, cast: Cast) -> None:
    assert 'class="policy"><p dir' not in shown(client)
    SiteSettings.objects.update_or_create(pk=1, defaults={"policy_text": "Chats may be read by <b>supervisors</b>."})
    sitelimits.forget()
    written(client)
    for url in (PAGE, f"{PAGE}?end", f"{PAGE}?new", "/chat/"):
        assert "Chats may be read by &lt;b&gt;supervisors&lt;/b&gt;." in shown(client, url)
    sitelimits.forget()
