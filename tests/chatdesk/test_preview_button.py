"""The preview of a button: what the form says and nothing that is stored, for admins alone, and without a trace."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from chatdesk.models import Button, ButtonText, InvitationRule
from tests.accounts.pictures import SVG, picture
from tests.chatdesk.test_admin_settings import button_fields
from tests.chatdesk.test_show_button import close
from tests.factories import Cast, make_admin, make_button, make_group

PREVIEW = "/admin/chatdesk/button/preview/?embed=1"


@pytest.fixture
def ada(client: Client, cast: Cast) -> Client:
    client.force_login(make_admin())
    return client


def stage(client: Client, **changes: Any) -> dict[str, Any]:
    """What the stage's script is told: the launcher's facts, and the chat page."""
    answer = client.post(PREVIEW, button_fields(**changes))
    assert answer.status_code == 200
    found = re.search(r'<script id="facts" type="application/json">(.*?)</script>', answer.content.decode(), re.DOTALL)
    assert found
    facts: dict[str, Any] = json.loads(found[1])
    return facts


def text_fields(**facts: Any) -> dict[str, Any]:
    empty = {"title": "", "label": "", "greeting": "", "closed_text": "", "offline_text": "", "question_label": ""}
    fields = {f"texts-0-{name}": value for name, value in {**empty, **facts}.items()}
    return {"texts-TOTAL_FORMS": 1, "texts-INITIAL_FORMS": 0, **fields}


# --- what is shown ---------------------------------------------------------------------------------------------------


def test_it_shows_the_form_and_stores_nothing(ada: Client, cast: Cast) -> None:
    before = Button.objects.filter(slug="sales").values().get()
    facts = stage(
        ada, preview_of=str(cast.sales_button.pk), slug="sales", title="Orders & more", label="Ask", colour="#ffee00"
    )
    assert "Orders &amp; more" in facts["page"]
    assert (facts["launcher"]["label"], facts["launcher"]["colour"], facts["launcher"]["ink"]) == (
        "Ask", "#ffee00", "#000000",
    )  # fmt: skip
    assert "--action:#ffee00" in facts["page"]
    assert Button.objects.filter(slug="sales").values().get() == before
    assert not Button.objects.filter(slug="orders").exists()


def test_a_button_that_is_being_made_has_one_too(ada: Client) -> None:
    facts = stage(ada, slug="", title="Brand new")
    assert "Brand new" in facts["page"]
    assert '"still": true' in facts["page"]  # its script talks to nobody


@pytest.mark.parametrize(
    ("state", "presence", "words"),
    [
        ("online", "online", "Usually answers in"),
        ("busy", "busy", "All busy; you would be number 3"),
        ("masked", "masked", "Closed right now"),
        ("offline", "offline", "Nobody is here right now"),
        ("nonsense", "online", "Usually answers in"),
    ],
)
def test_every_state_can_be_supposed(ada: Client, state: str, presence: str, words: str) -> None:
    facts = stage(ada, preview_state=state)
    assert f'id="presence" data-state="{presence}"' in facts["page"]
    assert words in facts["page"]
    assert facts["launcher"]["state"] == presence


def test_closed_is_shown_with_the_next_opening(ada: Client, cast: Cast) -> None:
    opens = close(cast.sales)
    facts = stage(ada, group=str(cast.sales.pk), preview_state="masked", closed_text="We rest.")
    assert facts["launcher"]["opens_at"] == opens.isoformat().replace("+00:00", "Z")
    assert "We rest." in facts["page"]


def test_groups_to_choose_from_are_those_of_the_form(ada: Client, cast: Cast) -> None:
    other = make_group("other", name="Other things")
    page = stage(ada, choices=[str(cast.sales.pk), str(other.pk)])["page"]
    assert 'data-group="other"' in page
    assert 'data-group="support"' not in page


@pytest.mark.parametrize(("scheme", "media"), [("light", "not all"), ("dark", "all")])
def test_light_and_dark_whatever_the_system_says(ada: Client, scheme: str, media: str) -> None:
    page = stage(ada, preview_scheme=scheme)["page"]
    assert f"color-scheme: {scheme};" in page
    assert f"@media {media} {{" in page
    assert "prefers-color-scheme" not in page
    assert "css/tokens.css" not in page


def test_texts_of_the_form_in_their_language(ada: Client, cast: Cast) -> None:
    texts = text_fields(language="de", title="Verkauf")
    assert "Verkauf" in stage(ada, preview_language="de", **texts)["page"]
    assert "Verkauf" not in stage(ada, preview_language="en", **texts)["page"]
    gone = {**texts, "texts-0-DELETE": "on"}
    assert "Verkauf" not in stage(ada, preview_language="de", **gone)["page"]


def test_a_logo_is_shown_before_it_is_kept(ada: Client) -> None:
    page = stage(ada, logo_file=SimpleUploadedFile("logo.png", picture()))["page"]
    assert 'class="logo" src="data:image/webp;base64,' in page
    assert 'class="logo"' not in stage(ada, logo_file=SimpleUploadedFile("logo.svg", SVG))["page"]


def test_what_cannot_work_yet_is_shown_as_it_was(ada: Client, cast: Cast) -> None:
    Button.objects.filter(slug="sales").update(colour="#7a1fa2")
    facts = stage(ada, preview_of=str(cast.sales_button.pk), colour="red", title="New title")
    assert facts["launcher"]["colour"] == "#7a1fa2"
    assert "New title" in facts["page"]


def test_markup_of_the_form_stays_text(ada: Client) -> None:
    answer = ada.post(PREVIEW, button_fields(title="</script><script>alert(1)</script>"))
    assert "<script>alert" not in answer.content.decode()
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]


# --- for admins alone ------------------------------------------------------------------------------------------------


def test_strangers_and_operators_see_none(client: Client, cast: Cast) -> None:
    assert client.post(PREVIEW, button_fields()).status_code in (302, 403, 404)
    client.force_login(cast.alice)
    assert client.post(PREVIEW, button_fields()).status_code in (302, 403, 404)


def test_it_is_only_posted(ada: Client) -> None:
    assert ada.get(PREVIEW).status_code == 405


def test_another_site_cannot_post_it(cast: Cast) -> None:
    guarded = Client(enforce_csrf_checks=True)
    guarded.force_login(make_admin())
    assert guarded.post(PREVIEW, button_fields()).status_code == 403


# --- what the form keeps ---------------------------------------------------------------------------------------------


def save(ada: Client, button: Button, **changes: Any) -> str:
    url = reverse("admin:chatdesk_button_change", args=[button.pk])
    answer = ada.post(url, button_fields(slug=button.slug, **changes))
    return "" if answer.status_code == 302 else answer.content.decode()


def test_texts_rules_and_closing_are_saved(ada: Client, cast: Cast) -> None:
    rule = {"page": "/prices/*", "seconds": "15", "texts": "Help?", "language": "", "queue_below": "2", "hours": ""}
    rules = {f"invitations-0-{name}": value for name, value in {**rule, "is_active": "on"}.items()}
    changes = {
        **text_fields(language="de", title="Verkauf"),
        **rules,
        "invitations-TOTAL_FORMS": 1,
        "when_closed": "hide",
        "languages": ["de", "en"],
    }
    assert save(ada, cast.sales_button, **changes) == ""
    button = Button.objects.get(slug="sales")
    assert (button.when_closed, button.languages) == ("hide", ["de", "en"])
    assert ButtonText.objects.get(button=button).title == "Verkauf"
    made = InvitationRule.objects.get(button=button)
    assert (made.page, made.seconds, made.queue_below) == ("/prices/*", 15, 2)


def test_a_logo_is_kept_and_removed(ada: Client, cast: Cast) -> None:
    assert save(ada, cast.sales_button, logo_file=SimpleUploadedFile("logo.png", picture())) == ""
    assert Button.objects.get(slug="sales").logo
    assert save(ada, cast.sales_button, title="Kept") == ""
    assert Button.objects.get(slug="sales").logo
    assert save(ada, cast.sales_button, remove_logo="on") == ""
    assert Button.objects.get(slug="sales").logo == ""


def test_a_logo_that_is_none_is_refused_in_words(ada: Client, cast: Cast) -> None:
    answer = save(ada, cast.sales_button, logo_file=SimpleUploadedFile("logo.png", SVG))
    assert "Choose a JPEG, PNG or WebP file" in answer


def test_two_texts_in_one_language_are_refused(ada: Client, cast: Cast) -> None:
    first, second = text_fields(language="de"), text_fields(language="de")
    again = {name.replace("-0-", "-1-"): value for name, value in second.items()}
    changes = {**first, **again, "texts-TOTAL_FORMS": 2}
    assert "Please correct the duplicate" in save(ada, cast.sales_button, **changes)


def test_the_page_of_a_button_offers_it(ada: Client, cast: Cast) -> None:
    make_button("more", cast.sales)
    text = ada.get(reverse("admin:chatdesk_button_add")).content.decode()
    assert 'name="preview_state"' in text
    assert "Save the button to see what your web page needs." in text
