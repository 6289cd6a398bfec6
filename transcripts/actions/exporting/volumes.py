"""One volume: conversation after conversation into a folder, until it is large enough. Made whole, or made again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from chatdesk.models import Conversation
from transcripts.actions import redacting
from transcripts.actions.exporting.asking import LINES
from transcripts.actions.exporting.documents import Natives, read
from transcripts.actions.exporting.lines import lines
from transcripts.actions.exporting.profiles import profiled
from transcripts.actions.exporting.sources import MOST_TOLD, Item, Sources, items_after
from transcripts.actions.exporting.stories import whole_story
from transcripts.actions.exporting.told import told_of
from transcripts.actions.exporting.withholding import withheld_lines
from transcripts.formats import WRITERS, Document, FolderVolume, Options, Story, Warned, Writer
from transcripts.models import Export, Profile

MANY = 1000  # conversations whose lines are copied at once
EVENT_BYTES = 300
LINE_BYTES = 600
MOST_AHEAD = 64_000_000  # bytes of lines, about, between two signs that the work goes on
GONE = "gone"
RECORDS = "records/records.jsonl"
Tick = Callable[[int], None]  # is told the position now and then, and raises Stopped when the work should end


@dataclass
class Done:
    """What came of a volume. `skipped`: positions of conversations that could not be brought, with the reason."""

    first: int
    last: int
    next_bates: int
    records: int = 0
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    skipped: dict[int, str] = field(default_factory=dict)
    warnings: list[tuple[str, Warned]] = field(default_factory=list)  # with the format
    covered: list[tuple[str, redacting.Use]] = field(default_factory=list)  # with the conversation's reference
    marks: set[int] = field(default_factory=set)  # all that were heeded


class VolumeWriter:
    """Writes one volume of an export into an empty folder; afterwards `volume` lists every file of it."""

    def __init__(self, export: Export, number: int, folder: Path, secret: bytes) -> None:
        self.export = export
        self.secret = secret
        self.volume = FolderVolume(folder, str(folder.parent))
        self.done = Done(export.position + 1, export.position, export.bates_next)
        self._natives = Natives(self.volume, str(folder.parent))
        self._folders = {name: FolderVolume(folder / name, str(folder.parent)) for name in self._others()}
        self._writers = {name: self._writer(name, number) for name in self._others()}
        self._with_lines = LINES in export.formats
        self._size = 0
        self._waiting: list[Item] = []  # conversations whose lines are still to come
        self._ahead = 0  # about how much that is

    def _others(self) -> list[str]:
        return [name for name in self.export.formats if name != LINES]

    def _writer(self, name: str, number: int) -> Writer:
        options = Options(
            exported_at=self.export.snapshot_at or timezone.now(),
            host=settings.SITE_HOST,
            bates_prefix=self.export.bates_prefix or "CHAT",
            bates_start=self.export.bates_next,
            batch=number,
        )
        return WRITERS[name](self._folders[name], options)

    def write(self, tick: Tick) -> Done:
        """Everything up to where the volume is full. Raises Stopped, and what the storage and the database raise."""
        if self._with_lines:
            self.volume.write(RECORDS, self._run(tick))
        else:
            for _chunk in self._run(tick):
                pass
        for name, writer in self._writers.items():
            self._finish(name, writer)
        return self.done

    def _finish(self, name: str, writer: Writer) -> None:
        written = writer.close()
        self.volume.files += [replace(each, path=f"{name}/{each.path}") for each in written.files]
        self.done.counts[name] = dict(written.counts)
        self.done.warnings += [(name, each) for each in written.warnings]
        self.done.next_bates = max(self.done.next_bates, written.next_bates)

    def _run(self, tick: Tick) -> Iterator[bytes]:
        """Batch after batch; yields the records' lines, if they are wanted."""
        most = MOST_TOLD if self._writers or self.export.profile != Profile.FULL else MANY
        while self.done.last < self.export.conversations and not self._is_full():
            for chunk in self._batch(items_after(self.export, self.done.last, most), tick):
                self._size += len(chunk)
                yield chunk

    def _is_full(self) -> bool:
        return self._size + self._ahead >= self.export.volume_bytes

    def _batch(self, items: Sequence[Item], tick: Tick) -> Iterator[bytes]:
        """A few conversations more. Records that leave as they are come many at once, in one statement."""
        sources = Sources(self.export, items)
        apart = self._apart(items, sources)
        for item in items:
            tick(self.done.last)
            if self._ahead > MOST_AHEAD or item.conversation_id in apart:
                yield from self._copied()
            self.done.last = item.position
            yield from self._conversation(item, sources, is_apart=item.conversation_id in apart)
            if self._is_full():
                break
        yield from self._copied()

    def _apart(self, items: Sequence[Item], sources: Sources) -> Collection[int]:
        """Those whose lines are put together one by one, after those before them."""
        if not self._with_lines:
            return ()
        is_full = self.export.profile == Profile.FULL
        return sources.marks.keys() if is_full else {item.conversation_id for item in items}

    def _copied(self) -> Iterator[bytes]:
        """The lines of the conversations that wait for it."""
        waiting, self._waiting, self._ahead = self._waiting, [], 0
        if not waiting:
            return
        found: set[int] = set()
        yield from lines(self.export.pk, waiting[0].position, waiting[-1].position, found)
        for item in waiting:
            if item.last and item.position not in found:  # destroyed since the batch was begun
                self.done.skipped[item.position] = GONE
                self.done.records -= item.last

    def _conversation(self, item: Item, sources: Sources, *, is_apart: bool) -> Iterator[bytes]:
        if not item.is_here:
            self.done.skipped[item.position] = GONE
            return
        self.done.records += item.last
        marks = sources.marks.get(item.conversation_id)
        if self._with_lines and not is_apart:
            self._waiting.append(item)
            self._ahead += item.last * LINE_BYTES
        if self._writers or is_apart:
            yield from self._story(sources.conversation(item), item, marks, is_apart=is_apart)
        else:
            self._bring(item.ref, sources.documents(item))

    def _story(
        self, conversation: Conversation, item: Item, marks: redacting.Marks | None, *, is_apart: bool
    ) -> Iterator[bytes]:
        records, profile = told_of(item.conversation_id, item.last), self.export.profile
        covered = redacting.covered(records, marks)
        whole = whole_story(conversation, covered.records, named=records, called=covered.people)
        story = profiled(whole, profile, self.secret)
        if marks:
            story = redacting.hidden(story, covered, profile)
        self.done.covered += [(conversation.ref, use) for use in covered.uses]
        self.done.marks |= {row.pk for row in marks.rows} if marks else set()
        for writer in self._writers.values():
            writer.add(story, read)
        self._size += weight(story) * len(self._writers)
        if not self._with_lines:
            return
        self._bring(story.ref, ((event.number, event.document) for event in story.events if event.document))
        if is_apart:
            yield from withheld_lines(covered.records, whole, story, profile)

    def _bring(self, ref: str, documents: Iterable[tuple[int, Document]]) -> None:
        for number, document in documents:
            found = self._natives.bring(ref, number, document)
            if isinstance(found, int):
                self._size += found
            elif found.code != "absent":
                self.done.warnings.append((LINES, found))


def weight(story: Story) -> int:
    """About how many bytes a story comes to in one format; its files exactly."""
    texts = sum(len(event.text.encode("utf-8", "replace")) + EVENT_BYTES for event in story.events)
    return texts + sum(event.document.size for event in story.events if event.document)
