"""What a batch of conversations is made of, read for all of them at once."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from chatdesk.models import Conversation
from transcripts import sight
from transcripts.actions import redacting
from transcripts.actions.exporting.stories import RELATED
from transcripts.formats import Document
from transcripts.kinds import Kind
from transcripts.models import Chain, Export, ExportItem, Profile, Record

MOST_TOLD = 500


class Item(NamedTuple):
    """A conversation of an export up to its record `last`; `is_here`: there are records still, and of use for this."""

    position: int
    conversation_id: int
    ref: str
    last: int
    is_here: bool


def items_after(export: Export, position: int, most: int) -> list[Item]:
    """The next ones in the order of the export."""
    columns = ("position", "conversation_id", "ref", "last")
    rows = ExportItem.objects.filter(export=export, position__gt=position, position__lte=position + most)
    ordered = rows.order_by("position").values_list(*columns)
    found = [Item(place, pk, ref, last, is_here=False) for place, pk, ref, last in ordered]
    # Asked by itself: beside a LIMIT, PostgreSQL reads all chains that there are for each batch.
    here = set(Chain.objects.filter(pk__in=rows.values("conversation_id")).values_list("pk", flat=True))
    if export.profile == Profile.TRAINING:
        here -= sight.restricted_among({item.conversation_id for item in found})
    return [item._replace(is_here=item.conversation_id in here) for item in found]


class Sources:
    """The rows behind a few items; each kind is read when it is first asked for."""

    def __init__(self, export: Export, items: Sequence[Item]) -> None:
        self._export, self._items = export, items
        places = (items[0].position, items[-1].position) if items else (0, 0)
        rows = ExportItem.objects.filter(export=export, position__range=places)
        self._ids = rows.values("conversation_id")  # for the database: it has them already

    @cached_property
    def marks(self) -> Mapping[int, redacting.Marks]:
        """What is to be covered in those conversations in which something is."""
        return redacting.of(self._ids) if self._export.with_redactions else {}

    def conversation(self, item: Item) -> Conversation:
        """Read many at once where all are told; where few are among very many, those alone."""
        if len(self._items) > MOST_TOLD:
            return Conversation.objects.select_related(*RELATED).get(pk=item.conversation_id)
        return self._conversations[item.conversation_id]

    @cached_property
    def _conversations(self) -> dict[int, Conversation]:
        return {row.pk: row for row in Conversation.objects.select_related(*RELATED).filter(pk__in=self._ids)}

    def documents(self, item: Item) -> list[tuple[int, Document]]:
        """The files of one conversation, by the numbers of their records, as far as the item goes."""
        return [each for each in self._documents.get(item.conversation_id, ()) if each[0] <= item.last]

    @cached_property
    def _documents(self) -> dict[int, list[tuple[int, Document]]]:
        found: dict[int, list[tuple[int, Document]]] = defaultdict(list)
        rows = Record.objects.filter(conversation_id__in=self._ids, kind=Kind.FILE, content__isnull=False)
        for conversation_id, number, content in rows.order_by("conversation_id", "number").values_list(
            "conversation_id", "number", "content"
        ):
            said = json.loads(content or "{}")
            if facts := said.get("document"):
                name = str(said.get("name") or "")
                document = Document(name, facts["media_type"], facts["size"], facts["sha256"], key=facts["key"])
                found[conversation_id].append((number, document))
        return found
