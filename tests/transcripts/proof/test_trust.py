"""Who is believed: keys and those they vouch for, heads as they are written, codes as people type them."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transcripts.proof.making import PRIVATE, make_copy, sealed
from transcripts.proof import keys
from transcripts.proof.canonical import canonical
from transcripts.proof.checkcode import code_of, read
from transcripts.proof.commitment import decoded, encoded
from transcripts.proof.heads import Head, is_genuine, read_head, signed
from transcripts.proof.keys import PublicKey, introduced, is_endorsed, is_itself, leads_to, public_of, read_key
from transcripts.verify.check import check_file
from transcripts.verify.trust import Trust

pytestmark = pytest.mark.once
PRIVATES = [bytes([number]) * 32 for number in range(1, 6)]


def line_of_keys(count: int = 5) -> list[PublicKey]:
    """Each vouched for by the one before."""
    made = [introduced(public_of(PRIVATES[0]), "2026-01-01")]
    for before, private in pairwise(PRIVATES[:count]):
        made.append(introduced(public_of(private), "2026-02-01", made[-1].key, before))
    return made


@given(st.integers(0, 4), st.integers(0, 4), st.permutations(range(5)))
def test_a_key_leads_to_itself_and_to_those_after_it(old: int, new: int, order: list[int]) -> None:
    known = line_of_keys()
    shuffled = [known[place] for place in order]
    assert leads_to(known[old].key, known[new].key, shuffled) is (old <= new)


@pytest.mark.parametrize("gone", [1, 2, 3])
def test_a_gap_in_the_line_leads_nowhere(gone: int) -> None:
    known = line_of_keys()
    first, last = known[0].key, known[4].key
    assert not leads_to(first, last, [each for each in known if each != known[gone]])


FORGED: list[dict[str, Any]] = [
    {"endorsement": ""},
    {"endorsement": "AAAA"},
    {"at": "2020-01-01"},
    {"previous": ""},
    {"previous": "0" * 32},
    {"public": encoded(public_of(PRIVATES[0]))},
    {"key": "0" * 32},
]


@pytest.mark.parametrize("change", FORGED, ids=str)
def test_a_key_that_was_changed_is_not_vouched_for(change: dict[str, Any]) -> None:
    known = line_of_keys()
    known[2] = replace(known[2], **change)
    assert not leads_to(known[0].key, known[4].key, known)
    assert not (is_endorsed(known[2], known[1]) and is_itself(known[2]))


def test_a_stranger_can_not_vouch_in_the_place_of_the_key_before() -> None:
    known = line_of_keys(2)
    known[1] = introduced(public_of(PRIVATES[1]), "2026-02-01", known[0].key, PRIVATES[4])
    assert not leads_to(known[0].key, known[1].key, known)


def test_keys_that_vouch_for_each_other_in_a_ring_end() -> None:
    one, two = (keys.name_of(public_of(private)) for private in PRIVATES[:2])
    ring = [
        introduced(public_of(PRIVATES[0]), "", two, PRIVATES[1]),
        introduced(public_of(PRIVATES[1]), "", one, PRIVATES[0]),
    ]
    assert not leads_to("0" * 32, one, ring)
    assert leads_to(one, two, ring)
    assert not leads_to("", one, ring)
    assert not leads_to(one, one, [])


@given(st.binary(max_size=40), st.sampled_from(["head", "manifest", "copy", "key"]))
def test_a_signature_is_for_one_purpose_and_one_message(message: bytes, purpose: str) -> None:
    signature, public = keys.sign(PRIVATE, purpose, message), encoded(public_of(PRIVATE))
    assert keys.is_signed(public, purpose, message, signature)
    assert not keys.is_signed(public, purpose + "s", message, signature)
    assert not keys.is_signed(public, purpose, message + b"\0", signature)
    assert not keys.is_signed(encoded(public_of(PRIVATES[0])), purpose, message, signature)
    assert not keys.is_signed(public, purpose, message, signature + "=")


@pytest.mark.parametrize(
    "value", [None, [], "key", {}, {"key": "a"}, {"key": 1, "public": "", "at": ""}, {"key": "", "public": "", "x": ""}]
)
def test_what_is_no_key_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="no key"):
        read_key(value)


@pytest.mark.parametrize("public", ["", "AA", "A" * 43, "é", "=", encoded(bytes(31)), encoded(bytes(33))])
def test_a_public_key_that_can_not_be_one_signs_nothing(public: str) -> None:
    assert not keys.is_signed(public, "head", b"", keys.sign(PRIVATE, "head", b""))


HEAD = Head(3, "ab" * 32, "2026-11-22T16:00:00.000000Z", keys.name_of(public_of(PRIVATE)))


def test_a_head_comes_back_as_it_was_written() -> None:
    whole = signed(HEAD, PRIVATE)
    for raw in (whole.to_bytes(), whole.to_bytes() + b"\n", whole.to_bytes().decode()):
        assert read_head(raw) == whole


@given(st.integers(0, 400), st.integers(0, 7))
def test_a_head_with_a_flipped_bit_is_no_head_or_not_genuine(place: int, bit: int) -> None:
    raw = bytearray(signed(HEAD, PRIVATE).to_bytes())
    raw[place % len(raw)] ^= 1 << bit
    try:
        found = read_head(bytes(raw))
    except ValueError:
        return
    assert not is_genuine(found, sealed().keys)


def rewritten(**changes: Any) -> bytes:
    value = json.loads(signed(HEAD, PRIVATE).to_bytes())
    value["head"] |= changes
    return canonical(value)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b'"head"',
        b'{"head":[],"signature":""}',
        b"\xff",
        rewritten(size="3"),
        rewritten(size=3.5),
        rewritten(size=True),
        rewritten(v=2),
        rewritten(more=1),
        json.dumps(json.loads(rewritten()), indent=1).encode(),
        b"[" * 100_000,
    ],
)
def test_what_is_not_written_as_a_head_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - what it says differs
        read_head(raw)


def test_a_head_is_genuine_by_the_key_that_it_names_alone() -> None:
    """Another key of the same desk can't stand in for it, and a key under a borrowed name signs nothing."""
    own = introduced(public_of(PRIVATE), "")
    other = introduced(public_of(PRIVATES[0]), "")
    assert is_genuine(signed(HEAD, PRIVATE), [other, own])
    assert not is_genuine(signed(HEAD, PRIVATES[0]), [other, own])
    assert not is_genuine(signed(replace(HEAD, key=other.key), PRIVATE), [other, own])
    assert not is_genuine(signed(HEAD, PRIVATE), [])


def test_who_knows_the_key_is_told_when_another_signed() -> None:
    name = keys.name_of(public_of(PRIVATE))
    assert check_file(make_copy(), Trust(key=name)).is_whole
    assert check_file(make_copy(), Trust(key=name.upper())).is_whole
    (fault,) = check_file(make_copy(), Trust(key="0" * 32)).faults
    assert "does not vouch for" in fault.what


@pytest.mark.parametrize(
    ("size", "root", "said"),
    [(2, "ab" * 32, "longer once"), (1, "ab" * 32, "not the one that you have a head of")],
)
def test_who_kept_a_head_is_told_when_it_does_not_fit(size: int, root: str, said: str) -> None:
    known = signed(replace(HEAD, size=size, root=root), PRIVATE)
    (fault,) = check_file(make_copy(), Trust(head=known)).faults
    assert said in fault.what


CODE = "1042-0123-4567-89AB-CDEF"


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        CODE.lower(),
        CODE.replace("-", ""),
        CODE.replace("-", " "),
        f"  {CODE}  ",
        CODE.replace("0", "O").replace("1", "I"),
        CODE.replace("0", "o").replace("1", "l"),
        "1 0 4 2 0 1 2 3 4 5 6 7 8 9 a b c d e f",
    ],
)
def test_a_code_is_read_however_people_type_it(typed: str) -> None:
    assert read(typed) == read(CODE)
    assert read(CODE)[0] == 1042


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "-",
        "0123456789ABCDEF",
        "1042-0123-4567-89AB-CDEU",
        "x042-0123-4567-89AB-CDEF",
        "٣-0123-4567-89AB-CDEF",
        "²-0123-4567-89AB-CDEF",
        "-1042+0123-4567-89AB-CDEF",
        "1042\n0123-4567-89AB-CDEF",
        "1" * 16 + "0123456789ABCDEF",
        "1" * 5000,
        "1042-0123-4567-89AB-CDE\u0000",
        "<script>1234567890123456",
    ],
)
def test_what_is_no_code_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="no check code"):
        read(typed)


@given(st.integers(0, 10**15 - 1), st.binary(min_size=32, max_size=32), st.integers(0, 79))
def test_a_code_of_another_hash_or_place_is_another(index: int, hashed: bytes, bit: int) -> None:
    other = (int.from_bytes(hashed, "big") ^ (1 << (255 - bit))).to_bytes(32, "big")
    code = code_of(index, hashed.hex())
    assert code_of(index, other.hex()) != code
    assert code_of(index + 1, hashed.hex()) != code


@given(st.binary(max_size=40))
def test_base64url_has_one_form(raw: bytes) -> None:
    text = encoded(raw)
    assert decoded(text) == raw
    assert not set(text) & set("+/=\n")
    for other in (text + "=", text + "\n", " " + text):
        with pytest.raises(ValueError):  # noqa: PT011 - the codec's own words
            decoded(other)
