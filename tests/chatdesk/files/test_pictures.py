"""Pictures are drawn anew: what was in them besides pixels is gone, and bombs are never decoded."""

from __future__ import annotations

import io
import time

import pytest
from PIL import Image, PngImagePlugin

from chatdesk import imaging
from chatdesk.filetypes import IMAGES
from chatdesk.imaging import reencode
from chatdesk.protocol import Code, Refused
from tests.chatdesk.files.samples import HTML, animation, bomb_png, noise, picture, zipped

pytestmark = pytest.mark.once
MARKER = b"a-secret-marker"


def drawn(sent: bytes, kind: str) -> tuple[bytes, Image.Image]:
    result = reencode(io.BytesIO(sent), kind)
    with result.content as content:
        stored = content.read()
    image = Image.open(io.BytesIO(stored))
    assert (result.width, result.height) == image.size
    assert image.format == kind.upper()
    return stored, image


def pixel(image: Image.Image, mode: str) -> tuple[int, ...]:
    bands = image.convert(mode).getpixel((3, 3))
    assert isinstance(bands, tuple)
    return bands


def refusal(content: bytes, kind: str) -> Code:
    with pytest.raises(Refused) as refused:
        reencode(io.BytesIO(content), kind)
    return refused.value.code


def photo_data() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010E] = MARKER.decode()
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    return exif


@pytest.mark.parametrize("kind", sorted(IMAGES))
def test_every_kind_keeps_its_kind_and_size(kind: str) -> None:
    _stored, image = drawn(picture(kind), kind)
    assert image.size == (8, 6)
    assert all(abs(got - sent) < 9 for got, sent in zip(pixel(image, "RGB"), (200, 30, 30), strict=True))


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp"])
def test_place_and_words_are_gone_and_the_picture_is_upright(kind: str) -> None:
    stored, image = drawn(picture(kind, exif=photo_data()), kind)
    assert image.size == (6, 8)
    assert MARKER not in stored
    assert not image.getexif()


def test_comments_profiles_and_text_are_gone() -> None:
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", MARKER.decode())
    for content, kind in [
        (picture("jpeg", comment=MARKER, icc_profile=MARKER * 20, xmp=MARKER), "jpeg"),
        (picture("png", pnginfo=words), "png"),
        (picture("gif", comment=MARKER), "gif"),
        (picture("webp", icc_profile=MARKER * 20, xmp=MARKER), "webp"),
    ]:
        stored, image = drawn(content, kind)
        assert MARKER not in stored
        assert not {"comment", "icc_profile", "xmp", "Comment"} & set(image.info)


@pytest.mark.parametrize("kind", sorted(IMAGES))
def test_what_hangs_behind_a_picture_is_gone(kind: str) -> None:
    stored, _image = drawn(picture(kind) + HTML + zipped({"a.txt": MARKER}), kind)
    assert b"<script" not in stored
    assert b"PK\x03\x04" not in stored


@pytest.mark.parametrize("kind", ["gif", "webp", "png"])
def test_a_picture_that_moves_still_moves(kind: str) -> None:
    _stored, image = drawn(animation(kind), kind)
    assert getattr(image, "n_frames", 1) == 3
    image.load()
    assert image.info["duration"] == 70


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_unusual_png_modes_are_drawn(mode: str) -> None:
    colour: object = {"LA": (90, 128), "RGBA": (1, 2, 3, 128)}.get(mode, 1)
    _stored, image = drawn(picture("png", mode=mode, colour=colour), "png")
    assert image.size == (8, 6)


def test_a_print_jpeg_becomes_one_for_screens() -> None:
    _stored, image = drawn(picture("jpeg", mode="CMYK", colour=(0, 255, 255, 0)), "jpeg")
    assert image.mode == "RGB"


def test_transparency_stays() -> None:
    _stored, image = drawn(picture("gif", mode="P", colour=0, transparency=0), "gif")
    assert pixel(image, "RGBA")[3] == 0


@pytest.mark.parametrize("side", [7100, 50_000, 2**31 - 1])
def test_a_picture_that_announces_too_many_pixels_is_never_decoded(side: int) -> None:
    began = time.process_time()
    assert refusal(bomb_png(side, side), "png") is Code.FILE_UNREADABLE
    assert time.process_time() - began < 1


def test_ten_thousand_frames_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(animation("gif", imaging.MAX_FRAMES + 1, (1, 1)), "gif") is Code.FILE_UNREADABLE
    monkeypatch.setattr(imaging, "MAX_ANIMATED_PIXELS", 8 * 6 * 3)
    assert refusal(animation("webp", 4), "webp") is Code.FILE_UNREADABLE
    assert drawn(animation("webp", 3), "webp")


@pytest.mark.parametrize("kind", sorted(IMAGES))
@pytest.mark.parametrize("share", [0.1, 0.5, 0.8])
def test_torn_pictures_are_refused(kind: str, share: float) -> None:
    content = noise(kind)
    assert refusal(content[: int(len(content) * share)], kind) is Code.FILE_UNREADABLE


def test_a_picture_is_read_as_the_kind_it_was_found_to_be_alone() -> None:
    assert refusal(picture("gif"), "png") is Code.FILE_UNREADABLE
    assert refusal(b"\x89PNG\r\n\x1a\n" + HTML, "png") is Code.FILE_UNREADABLE
