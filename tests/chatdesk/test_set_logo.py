"""A button's logo: decided by content, drawn anew, small, and taken away with its file."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image

from chatdesk.actions.logos import LOGOS
from chatdesk.logos import MAX_BYTES, SIDE, small_logo
from chatdesk.models import Button
from tests.accounts.pictures import PLACE, SVG, bomb, opened, photo_with_facts, picture
from tests.factories import Cast


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("size", [(300, 100), (100, 300), (20, 20), (3000, 200)])
def test_a_logo_is_whole_and_small(kind: str, size: tuple[int, int]) -> None:
    logo = opened(small_logo(picture(kind, size)))
    assert (logo.format, logo.size) == ("WEBP", (SIDE, SIDE))
    corner, middle = logo.convert("RGBA").getpixel((0, 0)), logo.convert("RGBA").getpixel((SIDE // 2, SIDE // 2))
    assert isinstance(corner, tuple)
    assert isinstance(middle, tuple)
    assert corner[3] == 0  # nothing is cut off to make it square: the rest is see-through
    assert middle[3] > 100


def test_transparency_stays() -> None:
    written = io.BytesIO()
    Image.new("RGBA", (90, 90), (0, 0, 0, 0)).save(written, "PNG")
    assert opened(small_logo(written.getvalue())).convert("RGBA").getchannel("A").getextrema() == (0, 0)


def test_nothing_hides_in_it() -> None:
    assert PLACE not in small_logo(photo_with_facts())


NO_LOGOS = [b"", SVG, b"\x89PNG but not really", b"RIFF....WEBP", bomb(60_000, 60_000), b"GIF89a"]


@pytest.mark.parametrize("data", NO_LOGOS)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(ValidationError):
        small_logo(data)


def test_what_is_too_large_is_refused() -> None:
    with pytest.raises(ValidationError, match="up to 2 MB"):
        small_logo(b"\x89PNG" + b"\0" * MAX_BYTES)


def test_it_stands_on_the_page_and_is_served(client: Client, cast: Cast) -> None:
    LOGOS.keep(cast.sales_button, small_logo(picture()))
    url = f"/buttons/logo/{cast.sales_button.logo}/"
    assert f'<img class="logo" src="{url}"' in client.get("/chat/sales/").content.decode()
    answer: Any = client.get(url)
    assert opened(b"".join(answer.streaming_content)).size == (SIDE, SIDE)
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert client.get("/buttons/logo/0000/").status_code == 404


def test_the_old_one_goes_with_its_file(client: Client, cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    LOGOS.keep(cast.sales_button, small_logo(picture()))
    before = cast.sales_button.logo
    with django_capture_on_commit_callbacks(execute=True):
        LOGOS.keep(cast.sales_button, small_logo(picture(colour="blue")))
    assert not default_storage.exists(LOGOS.path(before))
    now = cast.sales_button.logo
    with django_capture_on_commit_callbacks(execute=True):
        LOGOS.remove(cast.sales_button)
    assert not default_storage.exists(LOGOS.path(now))
    assert Button.objects.get(slug="sales").logo == ""
    assert client.get(f"/buttons/logo/{now}/").status_code == 404


def test_a_file_that_is_gone_is_not_found(client: Client, cast: Cast) -> None:
    LOGOS.keep(cast.sales_button, small_logo(picture()))
    default_storage.delete(LOGOS.path(cast.sales_button.logo))
    assert client.get(f"/buttons/logo/{cast.sales_button.logo}/").status_code == 404
