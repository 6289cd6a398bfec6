"""Documents: a thousand conversations as PDF, beside the bare engine with the same text, taking turns."""

from __future__ import annotations

import json
import random
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import typst

from tests.bench.backing import Backing
from tests.bench.table import Bar, show_bars
from transcripts.formats import WRITERS, FolderVolume, Options
from transcripts.formats.pdf.fonts import machine_fonts
from transcripts.formats.pdf.layout import Layout
from transcripts.formats.pdf.lines import story_lines
from transcripts.formats.pdf.printable import Printable
from transcripts.formats.pdf.words import Look
from transcripts.formats.story import OPERATOR, VISITOR, Event, Person, Presence, Story

CONVERSATIONS, AT_ONCE = 1000, 50
MOST_TIMES = 1.5
BEGUN = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
WORDS = ["order", "parcel", "invoice", "refund", "tomorrow", "please", "thanks", "address", "你好", "спасибо", "مرحبا"]
VERA, ALICE = Person("visitor-1", VISITOR, "Vera", "vera@home.test"), Person("operator-1", OPERATOR, "Alice")
# The shortest program that sets the same paragraphs to the same standards.
BARE = b"""#let d = json("data.json")
#set document(title: d.title, date: datetime(year: 2026, month: 1, day: 5))
#set text(font: d.fonts, size: 9.5pt, lang: "en")
#for each in d.texts [
  #par(each)
]
#pdf.attach("records.jsonl", relationship: "data", mime-type: "application/x-ndjson", description: "records")
"""


def run(_backing: Backing) -> None:
    """Set all of them both ways and print the bar."""
    chance = random.Random(7)
    stories = [_story(chance, number) for number in range(CONVERSATIONS)]
    machine_fonts()
    with tempfile.TemporaryDirectory() as folder:
        ours, bare = _turns(stories, Path(folder))
    each = 1000 * ours / CONVERSATIONS
    print(f"A document takes {each:.1f} ms, the bare engine {1000 * bare / CONVERSATIONS:.1f} ms.")
    show_bars([Bar("PDF of 1,000 conversations: time / bare engine's", ours / bare, most=MOST_TIMES)])


def _turns(stories: list[Story], folder: Path) -> tuple[float, float]:
    """Seconds of ours and of the bare engine."""
    writer = WRITERS["pdf"](FolderVolume(folder), Options(exported_at=BEGUN))
    compiler = typst.Compiler(root=str(folder))
    ours = bare = 0.0
    _bare(compiler, _texts(stories[0]))
    for start in range(0, len(stories), AT_ONCE):
        part = stories[start : start + AT_ONCE]
        begun = time.perf_counter()
        for story in part:
            writer.add(story, lambda _document: None)
        ours += time.perf_counter() - begun
        given = [(story.ref, _texts(story)) for story in part]
        begun = time.perf_counter()
        for ref, files in given:
            (folder / f"{ref}.bare.pdf").write_bytes(_bare(compiler, files))
        bare += time.perf_counter() - begun
    writer.close()
    return ours, bare


def _texts(story: Story) -> dict[str, bytes]:
    """Every text of the document, each as a plain paragraph."""
    fonts = machine_fonts()
    said = Layout(story, Look(), fonts.families, Printable(fonts.has)).data()
    facts = [f"{fact['name']}: {fact['text']}" for fact in said["facts"]]
    people = [person["text"] for person in said["people"]]
    events = [f"{each['head']}{each['who']['text']}\n{_words(each)}" for each in said["events"]]
    data = {"title": said["title"], "fonts": fonts.families, "texts": [said["heading"], *facts, *people, *events]}
    return {"main.typ": BARE, "data.json": json.dumps(data).encode(), "records.jsonl": story_lines(story)}


def _words(event: dict[str, Any]) -> str:
    return str(event["plain"] or "".join(part["text"] for part in event["parts"]))


def _bare(compiler: typst.Compiler, files: Any) -> bytes:
    standards: Any = ["a-3b", "ua-1"]
    made: Any = compiler.compile(input=files, format="pdf", pdf_standards=standards)
    return bytes(made)


def _story(chance: random.Random, number: int) -> Story:
    count = chance.randint(4, 40)
    events = tuple(
        Event(seq, "message", BEGUN + timedelta(minutes=seq), (VERA, ALICE)[seq % 2], _text(chance), seq=seq)
        for seq in range(1, count + 1)
    )
    story = Story("ref", "desk.example", "Sales", "sales", "shop", "chat", "", BEGUN, BEGUN, VERA, (), events)
    presences = (Presence(VERA, BEGUN), Presence(ALICE, BEGUN))
    return replace(story, ref=f"conversation-{number:05}", presences=presences, head="ab" * 32)


def _text(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=chance.randint(3, 40)))
