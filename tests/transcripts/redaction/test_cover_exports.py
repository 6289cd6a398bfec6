"""C-10: what is marked is in no byte of any format of an export, everything else is, and the bundle is whole."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from chatdesk.actions.conversations import close_by_operator
from chatdesk.actions.files import receive
from chatdesk.actions.notes import store_note
from chatdesk.models import Conversation
from tests.factories import Cast, make_participant
from tests.transcripts.exporting.archive import exported, manifest, parts, pdf, read, records, talked, unpacked
from tests.transcripts.formats.readers import READERS, shown
from tests.transcripts.redaction.marking import marked, number_of, whole
from transcripts.actions.copies import make
from transcripts.actions.exporting.asking import format_names
from transcripts.actions.redacting.marks import people_of
from transcripts.models import ExportState, Profile
from transcripts.verify.__main__ import main as verify

KEPT = ("keep-this-one", "keep this note", "Answer to", "keep.pdf")
SECRETS: dict[str, Any] = {
    "name": "Zebra Winter",
    "email": "zebra@shop.example",
    "question": "Where are zebras?",
    "page": "https://shop.example/zebra",
}


@pytest.fixture
def talk(cast: Cast) -> Conversation:
    """The marker stands in a message, a quote of it, a name, an address, a form, a note, a file's name, and a file."""
    made = talked(
        cast,
        "call zebra now",
        "keep-this-one",
        "> call zebra now",
        note="keep this note: zebra",
        closed=False,
        **SECRETS,
    )
    visitor = make_participant(made)
    for name, mark in (("zebra.pdf", "a"), ("plan.pdf", "zebra-inside"), ("keep.pdf", "kept-inside")):
        receive(made, visitor, SimpleUploadedFile(name, pdf(mark)), name, paced=False)
    close_by_operator(cast.alice, made.ref)
    made.refresh_from_db()
    return made


def mark_all(talk: Conversation, by: User) -> None:
    """Each place by another kind of mark: spans, a whole field, a whole record, a name, a file and its name."""
    message, note, file = (number_of(talk, kind) for kind in ("message", "note", "file"))
    opened, quote = number_of(talk, "opened"), number_of(talk, "message", 2)
    marked(talk, by, number=message, field="body", start=5, end=10)
    marked(talk, by, number=quote)
    marked(talk, by, number=note, field="body", start=16, end=21)
    marked(talk, by, number=file, field="name", start=0, end=5)
    marked(talk, by, number=number_of(talk, "file", 1), field="document")
    marked(talk, by, number=opened, field="question")
    marked(talk, by, number=opened, field="page", start=21, end=26)
    marked(talk, by, person="visitor")


@pytest.mark.parametrize("profile", [Profile.FULL, Profile.EXTERNAL, Profile.SUBJECT])
def test_gone_from_every_format_and_profile(talk: Conversation, cora: User, profile: str, tmp_path: Path) -> None:
    mark_all(talk, cora)
    export = exported(formats=format_names(), profile=profile)
    assert (export.state, export.warnings) == (ExportState.DONE, 0)
    found = whole(export, tmp_path)
    assert "zebra" not in found.casefold()
    internal = ("keep this note: [redacted: Privacy]",) if profile == Profile.FULL else ()
    kept = [mark for mark in KEPT if profile == Profile.FULL or "note" not in mark]
    for text in (*kept, *internal, "call [redacted: Privacy] now", "kept-inside"):
        assert text in found
    assert verify([str(tmp_path)]) == 0


def test_gone_from_a_training_copy(talk: Conversation, cora: User, tmp_path: Path) -> None:
    mark_all(talk, cora)
    formats = [name for name in format_names() if name != "jsonl"]
    found = whole(exported(formats=formats, profile=Profile.TRAINING), tmp_path)
    assert "zebra" not in found.casefold()
    assert "keep-this-one" in found


def test_the_marker_is_there_where_nothing_is_marked(talk: Conversation, tmp_path: Path) -> None:
    """So that its absence means something: in each format by itself."""
    for name in format_names():
        assert "zebra" in whole(exported(formats=[name]), tmp_path / name).casefold(), name


def test_all_formats_tell_the_same(talk: Conversation, cora: User, tmp_path: Path) -> None:
    mark_all(talk, cora)
    export = exported(formats=[*READERS])
    folder = unpacked(parts(export)[0], tmp_path)
    told = {name: {(seen.number, seen.text) for seen in READERS[name](folder / name)} for name in READERS}
    assert len(told["csv"]) > 10
    assert {name: found == {(n, shown(text, name)) for n, text in told["csv"]} for name, found in told.items()} == (
        dict.fromkeys(READERS, True)
    )


def test_a_bundle_with_redactions_is_whole_and_says_how_many(
    talk: Conversation, cora: User, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    marked(talk, cora, number=number_of(talk, "message"), field="body", start=5, end=10)
    export = exported(formats=["jsonl"])
    assert verify([str(unpacked(parts(export)[0], tmp_path))]) == 0
    assert "1 redacted" in capsys.readouterr().out
    line: dict[str, Any] = next(each for each in records(export) if "redacted" in each)
    assert line["content"] == line["salts"] == {}
    assert line["redacted"]["body"] == {
        "marks": [{"length": 5, "place": 5, "reason": "privacy"}],
        "text": "call [redacted: Privacy] now",
    }


def test_the_other_fields_of_a_record_stay_with_their_salts(talk: Conversation, cora: User) -> None:
    opened = number_of(talk, "opened")
    marked(talk, cora, number=opened, field="question")
    line = next(each for each in records(exported()) if each["frame"]["number"] == opened)
    assert line["content"].keys() == line["salts"].keys() == {"name", "email", "page"}
    assert line["redacted"].keys() == {"question"}


def test_a_whole_file_goes_with_its_facts_and_its_bytes(talk: Conversation, cora: User, tmp_path: Path) -> None:
    number = number_of(talk, "file", 1)
    sha256 = talk.files.get(name="plan.pdf").sha256
    marked(talk, cora, number=number, field="document")
    found = whole(exported(formats=format_names()), tmp_path)
    for gone in (sha256, "zebra-inside"):
        assert gone not in found
    for kept in ("plan.pdf", "kept-inside"):
        assert kept in found
    assert "This file is not in this copy" in found
    assert "not kept any more" not in found


def test_the_form_as_a_whole_takes_the_name_along(talk: Conversation, cora: User, tmp_path: Path) -> None:
    """Who is not named in the form is named nowhere else that the desk writes names."""
    marked(talk, cora, number=number_of(talk, "opened"))
    found = whole(exported(formats=format_names()), tmp_path)
    assert "Zebra Winter" not in found
    assert "zebra@shop" not in found
    assert "call zebra now" in found


def test_an_operators_name_and_address_go(talk: Conversation, cast: Cast, cora: User, tmp_path: Path) -> None:
    marked(talk, cora, person=f"operator-{cast.alice.pk}")
    found = whole(exported(formats=format_names()), tmp_path)
    assert "Alice" not in found
    assert "alice@desk.example" not in found
    assert "Zebra Winter" in found


def test_a_name_under_a_mark_is_still_covered_in_what_people_wrote(cast: Cast, cora: User, tmp_path: Path) -> None:
    """A profile that covers names has to know them, marked or not."""
    made = talked(cast, "Alice said so", name="Vera Winter")
    marked(made, cora, person=f"operator-{cast.alice.pk}")
    assert "Alice" not in whole(exported(formats=["html", "jsonl"], profile=Profile.SUBJECT), tmp_path)


def test_lines_stay_in_their_order(cast: Cast, cora: User, tmp_path: Path) -> None:
    """Those with marks are put together one by one, between those that come straight."""
    made = [talked(cast, f"zebra {number}") for number in range(5)]
    for talk in (made[1], made[2], made[4]):
        marked(talk, cora, number=number_of(talk, "message"), field="body", start=0, end=5)
    export = exported(formats=["jsonl"])
    refs = list(dict.fromkeys(line["frame"]["conversation"] for line in records(export)))
    assert refs == [talk.ref for talk in made]
    assert verify([str(unpacked(parts(export)[0], tmp_path))]) == 0


def test_the_table_says_where_and_why_and_not_what(talk: Conversation, cora: User) -> None:
    mark_all(talk, cora)
    export = exported(formats=["csv"])
    table = read(parts(export)[0], "redactions.csv").decode()
    rows = list(csv.DictReader(io.StringIO(table)))
    first = next(row for row in rows if row["field"] == "body" and row["length"] == "5")
    assert (first["record"], first["place"], first["reason"], first["reason_name"]) == (
        str(number_of(talk, "message")),
        "5",
        "privacy",
        "Privacy",
    )
    assert {row["field"] for row in rows} == {"body", "name", "document", "email", "question", "page"}
    assert "zebra" not in table.casefold()
    told = manifest(parts(export)[0])["redactions"]
    assert (told["with"], told["reasons"]) == (True, {"privacy": len(rows)})
    assert told["values"] == len({(row["record"], row["field"]) for row in rows})


def test_no_redactions_no_table(talk: Conversation) -> None:
    part = parts(exported(formats=["csv"]))[0]
    assert manifest(part)["redactions"] == {"reasons": {}, "values": 0, "with": True}
    with pytest.raises(KeyError):
        read(part, "redactions.csv")


@pytest.mark.parametrize(
    ("query", "told"),
    [("zebra", "[redacted]"), ("visitor:zebra", "[redacted]"), ("group:sales", "group:sales"), ("", "")],
)
def test_the_search_that_led_there_is_not_repeated(talk: Conversation, cora: User, query: str, told: str) -> None:
    assert manifest(parts(exported(query=query))[0])["query"] == query
    marked(talk, cora, number=number_of(talk, "message"), field="body", start=5, end=10)
    assert manifest(parts(exported(query=query))[0])["query"] == told
    assert manifest(parts(exported(query=query, with_redactions=False))[0])["query"] == query


def test_a_text_that_was_marked_and_is_shorter_now_is_covered_whole(talk: Conversation, cora: User) -> None:
    number = number_of(talk, "message")
    marked(talk, cora, number=number, field="body", start=5, end=4000)
    line = next(each for each in records(exported()) if each["frame"]["number"] == number)
    assert line["redacted"]["body"]["text"] == "[redacted: Privacy]"


def test_a_withdrawn_mark_covers_nothing(talk: Conversation, cora: User, tmp_path: Path) -> None:
    row = marked(talk, cora, number=number_of(talk, "message"), field="body")
    row.withdrawn_at = row.made_at
    row.save()
    assert "call zebra now" in whole(exported(formats=["csv"]), tmp_path)


def test_the_visitors_own_copy_is_not_touched(talk: Conversation, cora: User) -> None:
    from_desk = [b"call zebra now", b"Zebra Winter"]
    mark_all(talk, cora)
    data = make(talk, "bundle").data
    assert all(text in data for text in from_desk)


def test_who_only_wrote_a_note_can_be_left_unnamed(cast: Cast, cora: User, tmp_path: Path) -> None:
    made = talked(cast, "hello", closed=False)
    store_note(made.pk, cast.bob, "I know them", "n9")
    person = f"operator-{cast.bob.pk}"
    assert people_of(made.pk)[person] == "Bob"
    marked(made, cora, person=person)
    found = whole(exported(formats=["csv", "html", "jsonl"]), tmp_path)
    assert "I know them" in found
    assert "Bob" not in found
    assert "bob@desk.example" not in found
