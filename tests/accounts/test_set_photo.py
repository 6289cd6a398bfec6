from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.actions.photos import PHOTOS
from accounts.models import User
from accounts.photos import MAX_BYTES, SIDE, square_photo
from tests.accounts.people import signed_in, text_of
from tests.accounts.pictures import PLACE, SVG, bomb, opened, photo_with_facts, picture
from tests.factories import Cast

UPLOAD = "/accounts/profile/photo/"


def upload(client: Client, data: bytes, name: str = "me.png", kind: str = "image/png") -> Any:
    return client.post(UPLOAD, {"photo": SimpleUploadedFile(name, data, kind)}, follow=True)


def code_of(data: bytes) -> str | None:
    with pytest.raises(ValidationError) as refused:
        square_photo(data)
    return str(refused.value.code)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("size", [(300, 200), (200, 300), (1, 1), (3000, 20)])
def test_a_photo_becomes_a_small_square_webp(kind: str, size: tuple[int, int]) -> None:
    made = opened(square_photo(picture(kind, size)))
    assert (made.format, made.size, made.mode) == ("WEBP", (SIDE, SIDE), "RGB")


@pytest.mark.parametrize("mode", ["RGBA", "L", "P", "1", "LA", "I;16"])
def test_other_colour_models_are_understood(mode: str) -> None:
    written = io.BytesIO()
    Image.new(mode, (40, 40)).save(written, "PNG")
    assert opened(square_photo(written.getvalue())).mode == "RGB"


def test_greys_of_sixteen_bits_stay_grey() -> None:
    written = io.BytesIO()
    Image.new("I;16", (40, 40), 0x8000).save(written, "PNG")
    grey = opened(square_photo(written.getvalue())).convert("L").getpixel((10, 10))
    assert grey == pytest.approx(128, abs=2)


def test_what_is_transparent_becomes_white() -> None:
    data = square_photo(picture("PNG", (50, 50), "RGBA", "#ff000000"))
    assert opened(data).getpixel((10, 10)) == (255, 255, 255)


def test_nothing_but_the_picture_is_kept() -> None:
    source = photo_with_facts()
    assert b"Secret Camera" in source
    assert PLACE in source
    made = square_photo(source)
    assert b"Secret" not in made
    assert PLACE not in made
    assert not opened(made).getexif()
    assert set(opened(made).info) <= {"background", "loop", "timestamp", "duration"}


def test_a_photo_that_lies_on_its_side_is_stood_up() -> None:
    made = opened(square_photo(photo_with_facts())).convert("RGB")
    top, bottom = made.getpixel((128, 20)), made.getpixel((128, 235))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[0] > 200 > top[2]
    assert bottom[2] > 200 > bottom[0]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"x" * (MAX_BYTES + 1), "too_long"),
        (SVG, "not_a_picture"),
        (b"GIF89a" + b"\0" * 50, "not_a_picture"),
        (b"%PDF-1.7", "not_a_picture"),
        (b"\x89PNG\r\n\x1a\n", "not_a_picture"),
        (picture()[:60], "not_a_picture"),
        (picture("JPEG")[:300], "not_a_picture"),
        (b"<html><script>alert(1)</script></html>", "not_a_picture"),
        (picture("BMP"), "not_a_picture"),
        (bomb(30_000, 30_000), "too_many_pixels"),
        (bomb(12_000, 10_000), "too_many_pixels"),
        (bomb(4001, 4000), "too_many_pixels"),
        (bomb(2_000_000_000, 2_000_000_000), "too_many_pixels"),
        (bomb(0, 0), "not_a_picture"),
        (bomb(3000, 3000), "not_a_picture"),
    ],
)
def test_what_is_no_photo_is_refused_with_its_reason(data: bytes, code: str) -> None:
    assert code_of(data) == code


def test_an_uploaded_photo_is_kept_under_a_random_name(cast: Cast) -> None:
    page = upload(signed_in(cast.alice), picture("JPEG"), "alice at home.jpg")
    cast.alice.refresh_from_db()
    assert "Your photo is changed." in text_of(page)
    assert re.fullmatch(r"[0-9a-f]{32}", cast.alice.photo)
    assert default_storage.exists(PHOTOS.path(cast.alice.photo))
    assert cast.alice.photo_url in page.content.decode()


def test_a_good_name_saves_no_bad_file(cast: Cast) -> None:
    page = upload(signed_in(cast.alice), SVG, "portrait.png", "image/png")
    cast.alice.refresh_from_db()
    assert page.status_code == 400
    assert "not a picture we can read" in text_of(page)
    assert cast.alice.photo == ""


def test_a_bad_name_harms_no_good_file(cast: Cast) -> None:
    upload(signed_in(cast.alice), picture(), "../../" + "x" * 300 + ".exe", "application/x-msdownload")
    cast.alice.refresh_from_db()
    assert cast.alice.photo


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "This file is empty."),
        (b"x" * (MAX_BYTES + 1), "too large"),
        (bomb(30_000, 30_000), "too many pixels"),
    ],
)
def test_the_page_says_what_is_wrong(cast: Cast, data: bytes, sentence: str) -> None:
    page = upload(signed_in(cast.alice), data)
    assert page.status_code == 400
    assert sentence in text_of(page)


def test_a_form_without_a_file_says_so(cast: Cast) -> None:
    page = signed_in(cast.alice).post(UPLOAD, {})
    assert page.status_code == 400
    assert "Choose a file first." in text_of(page)


def test_the_old_file_goes_when_a_new_one_comes(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    client = signed_in(cast.alice)
    keys = []
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            upload(client, picture())
        keys.append(User.objects.get(pk=cast.alice.pk).photo)
    assert [default_storage.exists(PHOTOS.path(key)) for key in keys] == [False, True]


def test_a_photo_can_be_removed(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    client = signed_in(cast.alice)
    upload(client, picture())
    cast.alice.refresh_from_db()
    before = cast.alice.photo
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/profile/photo/remove/")
    cast.alice.refresh_from_db()
    assert cast.alice.photo == ""
    assert not default_storage.exists(PHOTOS.path(before))
    assert client.get(f"/accounts/photo/{before}/").status_code == 404


def test_everybody_sees_a_photo_as_a_picture_and_nothing_else(cast: Cast) -> None:
    upload(signed_in(cast.alice), picture())
    cast.alice.refresh_from_db()
    answer: Any = Client().get(cast.alice.photo_url)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert opened(b"".join(answer.streaming_content)).size == (SIDE, SIDE)
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("key", ["0" * 32, "..", "x", "%2e%2e%2fdesk.sqlite3", "a" * 500, "-"])
def test_a_guessed_name_shows_nothing(client: Client, cast: Cast, key: str) -> None:
    assert client.get(f"/accounts/photo/{key}/").status_code == 404


def test_a_photo_whose_file_is_lost_is_just_not_there(client: Client, cast: Cast) -> None:
    User.objects.filter(pk=cast.alice.pk).update(photo="a" * 32)
    assert client.get(f"/accounts/photo/{'a' * 32}/").status_code == 404


@pytest.mark.parametrize("door", [UPLOAD, "/accounts/profile/photo/remove/"])
def test_strangers_change_no_photo(client: Client, cast: Cast, door: str) -> None:
    assert client.post(door).headers["Location"].startswith("/accounts/login/")
    assert signed_in(cast.alice).get(door).status_code == 405
