"""Whatever bytes come, the answer is a kind or a plain refusal: no reader of a format fails in a way of its own."""

from __future__ import annotations

import io
import random
import struct
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatdesk.filetypes import IMAGES, MEDIA_TYPES, kind_of
from chatdesk.filetypes.documents import _mp3_frame_length, check_mp3, check_mp4, check_pdf
from chatdesk.imaging import reencode
from chatdesk.protocol import Code, Refused
from tests.chatdesk.files.samples import KINDS, MP3, MP4, PDF, animation, noise, zipped

pytestmark = pytest.mark.once
# As chatdesk.imaging says for every process; pytest sets all filters anew for each test.
quiet = pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
PLAIN = {Code.FILE_TYPE, Code.FILE_UNREADABLE, Code.FILE_EMPTY}


def told(content: bytes) -> str:
    """A kind, or the code of the refusal."""
    stream = io.BytesIO(content)
    try:
        found = kind_of(stream)
    except Refused as refused:
        found = refused.code.value
    assert stream.tell() == 0
    return found


def drawn(content: bytes, kind: str) -> str:
    """The kind of what was drawn, or the code of the refusal."""
    try:
        with reencode(io.BytesIO(content), kind).content as picture:
            return kind_of(picture)
    except Refused as refused:
        return refused.code.value


def flipped(content: bytes, rng: random.Random, times: int) -> bytes:
    changed = bytearray(content)
    for _ in range(times):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_file_with_flipped_bytes_is_told_or_refused(kind: str) -> None:
    rng = random.Random(f"flip {kind}")
    known = {*MEDIA_TYPES, *(code.value for code in PLAIN)}
    assert {told(flipped(KINDS[kind], rng, rng.randrange(1, 6))) for _ in range(120)} <= known


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_file_cut_anywhere_is_told_or_refused(kind: str) -> None:
    content = KINDS[kind]
    for at in range(0, len(content), max(1, len(content) // 60)):
        assert told(content[:at]) in {*MEDIA_TYPES, *(code.value for code in PLAIN)}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_is_pushed_behind_a_file_never_makes_it_another_office_document(kind: str) -> None:
    """Two files in one are either the first, or refused, or text if both are: never the second."""
    for behind in ("pdf", "zip", "docx", "png", "mp4"):
        if behind != kind:
            assert told(KINDS[kind] + KINDS[behind]) in {kind, *(code.value for code in PLAIN)}


@settings(max_examples=150)
@given(content=st.binary(max_size=400))
def test_noise_is_text_or_refused(content: bytes) -> None:
    assert told(content) in {"txt", *IMAGES, *(code.value for code in PLAIN)}


@settings(max_examples=100)
@given(text=st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co"), exclude_characters="<#{%"), min_size=1))
def test_a_letter_in_any_writing_is_text(text: str) -> None:
    """With a line in front, so that no word happens to be the signature of something."""
    assert told(b"Dear all,\n" + text.encode()) == "txt"


@quiet
@pytest.mark.parametrize("kind", sorted(IMAGES))
def test_a_damaged_picture_is_drawn_or_refused(kind: str) -> None:
    rng = random.Random(f"draw {kind}")
    whole = noise(kind, (16, 16))
    assert {drawn(flipped(whole, rng, 3), kind) for _ in range(60)} <= {kind, Code.FILE_UNREADABLE.value}


@quiet
@pytest.mark.parametrize("kind", ["gif", "png", "webp"])
def test_a_damaged_animation_is_drawn_or_refused(kind: str) -> None:
    rng = random.Random(f"move {kind}")
    whole = animation(kind, 4)
    assert {drawn(flipped(whole, rng, 4), kind) for _ in range(60)} <= {kind, Code.FILE_UNREADABLE.value}


@pytest.mark.parametrize("kind", sorted(IMAGES))
def test_a_picture_drawn_twice_stays_a_picture_of_its_size(kind: str) -> None:
    """Forwarding a file that came from the desk is as good as the first time."""
    with reencode(io.BytesIO(noise(kind, (20, 12))), kind).content as once, reencode(once, kind).content as twice:
        assert kind_of(twice) == kind


# --- films -----------------------------------------------------------------------------------------------------------


def box(name: bytes, length: int, content: bytes = b"") -> bytes:
    return struct.pack(">I", length) + name + content


FTYP, MOOV = MP4[:32], box(b"moov", 16, b"\0" * 8)
WHOLE_FILMS = {
    "nothing but the head and the index": FTYP + MOOV,
    "a last box that reaches to the end": FTYP + MOOV + box(b"mdat", 0, b"\1" * 30),
    "a box of 64 bits": FTYP + MOOV + box(b"mdat", 1, struct.pack(">Q", 24) + b"\1" * 8),
    "the index behind the film": FTYP + box(b"mdat", 16, b"\1" * 8) + MOOV,
    "free room": FTYP + box(b"free", 8) + MOOV,
}
TORN_FILMS = {
    "a box of seven bytes": FTYP + MOOV + box(b"mdat", 7),
    "a box that is longer than the file": FTYP + MOOV + box(b"mdat", 9000),
    "a 64 bit box that is longer than the file": FTYP + MOOV + box(b"mdat", 1, struct.pack(">Q", 2**63)),
    "a 64 bit box without its length": FTYP + MOOV + box(b"mdat", 1),
    "half a head": FTYP + MOOV + b"\0\0\0",
    "a box of another making": FTYP + MOOV + box(b"evil", 8),
    "no index": FTYP + box(b"mdat", 16, b"\1" * 8),
    "the index first": MOOV + FTYP,
    "two boxes of which the last reaches over": FTYP + box(b"moov", 17, b"\0" * 8),
    "more boxes than anybody needs": FTYP + MOOV + box(b"free", 8) * 10_000,
}


@pytest.mark.parametrize("name", WHOLE_FILMS)
def test_whole_films_are_taken(name: str) -> None:
    assert told(WHOLE_FILMS[name]) == "mp4"


@pytest.mark.parametrize("name", TORN_FILMS)
def test_films_that_are_not_whole_are_refused(name: str) -> None:
    with pytest.raises(Refused):
        check_mp4(io.BytesIO(TORN_FILMS[name]))


# --- sound -----------------------------------------------------------------------------------------------------------

FRAMES = [
    ("fffb9000", 417),  # 128 kbit, 44.1 kHz
    ("fffb9200", 418),  # and padded
    ("fffb5000", 208),  # 64 kbit, 44.1 kHz
    ("fffbe000", 1044),  # 320 kbit, 44.1 kHz
    ("fffb9400", 384),  # 128 kbit, 48 kHz
    ("fffb9800", 576),  # 128 kbit, 32 kHz
    ("fff38000", 208),  # version 2, 64 kbit, 22.05 kHz
    ("ffe38000", 417),  # version 2.5, 64 kbit, 11.025 kHz
    ("fffbf000", 0),  # no such rate of bits
    ("fffb0000", 0),  # a free one
    ("fffb9c00", 0),  # no such rate of samples
    ("ffeb9000", 0),  # a version that is reserved
    ("fffd9000", 0),  # layer II
    ("ff7b9000", 0),  # out of step
    ("fffb90", 0),  # cut
    ("", 0),
]


@pytest.mark.parametrize(("header", "length"), FRAMES)
def test_the_length_of_a_frame_of_sound(header: str, length: int) -> None:
    assert _mp3_frame_length(bytes.fromhex(header)) == length


@settings(max_examples=300)
@given(header=st.binary(min_size=4, max_size=4))
def test_no_frame_is_longer_than_the_standard_lets_it_be(header: bytes) -> None:
    assert 0 <= _mp3_frame_length(header) <= 2881


TAGS = {
    "a tag": (b"ID3\x04\0\0\0\0\0\x0a" + b"\0" * 10 + MP3, True),
    "a tag over a border of seven bits": (b"ID3\x04\0\0\0\0\x01\x00" + b"\0" * 128 + MP3, True),
    "a tag that is longer than the file": (b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + MP3, False),
    "a tag that lies about its length": (b"ID3\x04\0\0\0\0\0\x09" + b"\0" * 10 + MP3, False),
    "a tag and nothing": (b"ID3\x04\0\0\0\0\0\0", False),
    "half a tag": (b"ID3\x04", False),
}


@pytest.mark.parametrize("name", TAGS)
def test_sound_behind_a_tag(name: str) -> None:
    content, taken = TAGS[name]
    if taken:
        check_mp3(io.BytesIO(content))
    else:
        with pytest.raises(Refused):
            check_mp3(io.BytesIO(content))


# --- documents -------------------------------------------------------------------------------------------------------

PDFS = {
    "as it is": (lambda whole: whole, None),
    "with zeros behind": (lambda whole: whole + b"\0" * 40, None),
    "with blank lines behind": (lambda whole: whole + b"\r\n\r\n", None),
    "of the second edition": (lambda whole: whole.replace(b"1.4", b"2.0"), None),
    "longer than what is looked at": (lambda whole: whole[:9] + b"%" * 5000 + b"\n" + whole[9:], None),
    "with one word behind": (lambda whole: whole + b"x", Code.FILE_UNREADABLE),
    "with its end far from the end": (lambda whole: whole + b"\n" * 2000, Code.FILE_UNREADABLE),
    "of an edition that never was": (lambda whole: whole.replace(b"1.4", b"9.9"), Code.FILE_TYPE),
    "behind a blank": (lambda whole: b" " + whole, Code.FILE_TYPE),
    "with a zip inside at the end": (
        lambda whole: whole[:-6] + zipped({"a.txt": "x"}) + whole[-6:],
        Code.FILE_TYPE,
    ),
    "with a drawing in its head": (lambda whole: whole.replace(b"1 0 obj", b"<svg onload=x>1 0 obj"), Code.FILE_TYPE),
    "with PHP in its head": (lambda whole: whole.replace(b"1 0 obj", b"<?PHP 1 0 obj"), Code.FILE_TYPE),
}


@pytest.mark.parametrize("name", PDFS)
def test_a_pdf_is_whole_and_nothing_else(name: str) -> None:
    change: Callable[[bytes], bytes] = PDFS[name][0]
    code = PDFS[name][1]
    if code is None:
        check_pdf(io.BytesIO(change(PDF)))
        return
    with pytest.raises(Refused) as refused:
        check_pdf(io.BytesIO(change(PDF)))
    assert refused.value.code is code
