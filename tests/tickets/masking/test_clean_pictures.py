"""Pictures, films and recordings: what is told about them goes, what is drawn or heard stays to the bit."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps, ImageSequence

from tests.mail.planted import SECRET, SIDEWAYS, XMP, exif, photo, picture
from tests.tickets.masking.test_mask_text import RULES
from tickets.masking import Unclean, Why, clean_file, viewable
from tickets.masking.files.images.tiffs import ORIENTATION, orientation, upright

KINDS = ["JPEG", "PNG", "WEBP", "GIF", "TIFF", "HEIF", "AVIF"]
PICTURES = {kind: picture(kind) for kind in KINDS}
TURNED = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF")
WHERE, SERIAL = b"SERIAL-4711", SECRET.encode()


def cleaned(data: bytes, name: str = "a") -> bytes:
    return clean_file(name, "", data, RULES).data


def pixels(data: bytes) -> list[bytes]:
    with Image.open(io.BytesIO(data)) as image:
        return [frame.convert("RGBA").tobytes() for frame in ImageSequence.Iterator(image)]


def upright_size(data: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(data)) as image:
        return ImageOps.exif_transpose(image).size


@pytest.mark.parametrize("kind", KINDS)
def test_metadata_goes_and_not_one_pixel_changes(kind: str) -> None:
    original = PICTURES[kind]
    assert SERIAL in original
    answer = clean_file(f"a.{kind.lower()}", "", original, RULES)
    assert answer.removed == ("details of the picture",)
    assert SERIAL not in answer.data
    assert WHERE not in answer.data
    assert b"xmpmeta" not in answer.data
    assert pixels(answer.data) == pixels(original)
    assert upright_size(answer.data) == upright_size(original)
    assert upright_size(original) == ((48, 64) if kind in TURNED else (64, 48))


@pytest.mark.parametrize("kind", KINDS)
def test_a_clean_picture_stays_as_it_is(kind: str) -> None:
    once = cleaned(PICTURES[kind])
    assert cleaned(once) == once


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_what_hangs_behind_the_end_goes(kind: str) -> None:
    assert cleaned(PICTURES[kind] + b"PK\x03\x04 " + SERIAL) == cleaned(PICTURES[kind])


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_only_how_to_turn_it_is_still_told(kind: str) -> None:
    out = io.BytesIO()
    photo().save(out, kind, exif=exif(turned=8))
    with Image.open(io.BytesIO(cleaned(out.getvalue()))) as image:
        told = dict(image.getexif())
    assert told[ORIENTATION] == 8 if kind != "TIFF" else 0x013B not in told
    assert kind == "TIFF" or set(told) == {ORIENTATION}


def test_an_animation_keeps_its_frames_and_times() -> None:
    out = io.BytesIO()
    frames = [photo() for _ in range(3)]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=70, loop=0, comment=SERIAL)
    answer = cleaned(out.getvalue())
    assert SERIAL not in answer
    assert pixels(answer) == pixels(out.getvalue())
    with Image.open(io.BytesIO(answer)) as image:
        assert (image.info["duration"], image.info["loop"]) == (70, 0)


def test_an_animated_png_and_webp_keep_their_frames() -> None:
    for kind in ("PNG", "WEBP"):
        out = io.BytesIO()
        photo().save(out, kind, save_all=True, append_images=[photo()], duration=70, exif=exif(), lossless=True)
        assert pixels(cleaned(out.getvalue())) == pixels(out.getvalue())


def test_a_colour_profile_stays_without_its_name() -> None:
    out = io.BytesIO()
    photo().save(out, "PNG", icc_profile=b"profile" * 30)
    named = out.getvalue().replace(b"ICC Profile\0", SERIAL[:11] + b"\0")
    answer = cleaned(named)
    assert SERIAL[:11] not in answer
    with Image.open(io.BytesIO(answer)) as image:
        assert image.info["icc_profile"] == b"profile" * 30


def test_a_turned_picture_says_so_in_few_bytes() -> None:
    assert orientation(upright(SIDEWAYS)) == SIDEWAYS
    assert upright(1) == b""
    assert orientation(b"II*\0\xff\xff\xff\xff") == 1
    assert orientation(b"nothing") == 1


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">L4s", 8 + len(content), kind) + content


def test_a_film_loses_titles_and_places_and_nothing_moves() -> None:
    frames = box(b"mdat", b"frames" * 50)
    told = box(b"udta", b"\xa9xyz+48.1/" + SERIAL) + box(b"meta", XMP)
    film = box(b"ftyp", b"isom\0\0\2\0") + box(b"moov", box(b"mvhd", b"\0" * 9) + box(b"trak", told) + told) + frames
    answer = cleaned(film, "a.mp4")
    assert len(answer) == len(film)
    assert answer.endswith(frames)
    assert SERIAL not in answer
    assert b"xyz+48" not in answer
    assert answer.count(b"free") == 4


def test_a_recording_loses_its_tags() -> None:
    sound = b"\xff\xfb\x90\x64" + b"\0" * 400
    tag = b"ID3\x04\0\0" + bytes((0, 0, 0, len(SERIAL))) + SERIAL
    assert cleaned(tag + sound + b"TAG" + SERIAL.ljust(125, b"\0"), "a.mp3") == sound


def test_tags_that_are_not_known_wait_for_a_person() -> None:
    with pytest.raises(Unclean) as unclean:
        cleaned(b"ID3\x04\0\0\0\0\0\0" + b"\xff\xfb" + b"APETAGEX" + SERIAL, "a.mp3")
    assert unclean.value.reason == Why.UNCLEAN_FILE


@given(kind=st.sampled_from(KINDS), data=st.data())
@settings(max_examples=150, deadline=None)
def test_a_damaged_picture_is_cleaned_or_held_and_tells_nothing(kind: str, data: st.DataObject) -> None:
    damaged = bytearray(PICTURES[kind])
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(1, len(damaged)))
    try:
        told = cleaned(bytes(damaged[:cut]))
    except Unclean as unclean:
        told = unclean.detail.encode()
    assert b"@home.test" not in told


def test_details_that_overlap_don_t_take_for_ever() -> None:
    entry = struct.pack("<HHLL", 60000, 1, 500_000, 8)
    tiff = b"II*\0" + struct.pack("<LH", 8, 40_000) + entry * 40_000 + b"\0" * 4
    with pytest.raises(Unclean):
        cleaned(tiff.ljust(600_000, b"\0"))


def test_directories_in_a_circle_are_held() -> None:
    with pytest.raises(Unclean):
        cleaned(b"II*\0" + struct.pack("<LHL", 8, 0, 8))


def test_a_text_hidden_in_a_chunk_that_is_drawn_is_found() -> None:
    """What cleaning can't take out is found by the last look."""
    data = PICTURES["PNG"]
    chunk = b"hIST" + b"x" + SERIAL
    planted = data[:33] + struct.pack(">L", len(chunk) - 4) + chunk + struct.pack(">L", zlib.crc32(chunk)) + data[33:]
    with pytest.raises(Unclean) as unclean:
        cleaned(planted)
    assert unclean.value.reason == Why.ADDRESS_IN_FILE


@pytest.mark.parametrize("kind", ["HEIF", "AVIF"])
def test_a_photograph_that_few_programs_show_is_drawn_as_one_that_all_do(kind: str) -> None:
    answer = viewable(clean_file("holiday.heic", "image/heic", PICTURES[kind], RULES))
    assert (answer.name, answer.media_type) == ("holiday.jpg", "image/jpeg")
    with Image.open(io.BytesIO(answer.data)) as drawn, Image.open(io.BytesIO(PICTURES[kind])) as original:
        assert drawn.format == "JPEG"
        assert drawn.size == ImageOps.exif_transpose(original).size
        assert dict(drawn.getexif()) == {}


def test_other_pictures_are_left_as_they_are() -> None:
    answer = clean_file("a.png", "image/png", PICTURES["PNG"], RULES)
    assert viewable(answer) is answer


def test_a_photograph_that_can_t_be_drawn_waits() -> None:
    whole = clean_file("a.heic", "image/heic", PICTURES["HEIF"], RULES)
    with pytest.raises(Unclean):
        viewable(replace(whole, data=whole.data[:200]))


def test_what_a_photograph_is_called_in_it_goes_too() -> None:
    """HEIF has a property for that (ISO/IEC 23008-12, 6.5.20); here one of the same length stands in for another."""
    data = PICTURES["HEIF"]
    place = data.index(b"pixi")
    named = data[:place] + b"udes" + data[place + 4 :]
    answer = cleaned(named, "a.heic")
    length = struct.unpack_from(">L", named, place - 4)[0] - 8
    assert named[place + 4 : place + 4 + length].strip(b"\0")
    assert not answer[place + 4 : place + 4 + length].strip(b"\0")
