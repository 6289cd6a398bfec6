"""What a batch of conversations is made of, read for all of them at once."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property

from chatdesk.models import Conversation
from transcripts import sight
from transcripts.actions import redacting
from transcripts.actions.exporting.stories import RELATED
from transcripts.formats import Document
from transcripts.kinds import Kind
from transcripts.models import Chain, ExportItem, Profile, Record


class Sources:
    """The rows behind a few items; each kind is read when it is first asked for."""

    def __init__(
        self, items: Sequence[ExportItem], profile: str = Profile.FULL, *, with_redactions: bool = True
    ) -> None:
        self._profile = profile
        self._ids = [item.conversation_id for item in items]
        self._with_redactions = with_redactions

    @cached_property
    def marks(self) -> Mapping[int, redacting.Marks]:
        """What is to be covered in those conversations in which something is."""
        return redacting.of(self._ids) if self._with_redactions else {}

    @cached_property
    def present(self) -> set[int]:
        """The conversations whose records are still there, and may be used for this."""
        there = set(Chain.objects.filter(pk__in=self._ids).values_list("pk", flat=True))
        return there - sight.restricted_among(there) if self._profile == Profile.TRAINING else there

    def conversation(self, item: ExportItem) -> Conversation:
        return self._conversations[item.conversation_id]

    @cached_property
    def _conversations(self) -> dict[int, Conversation]:
        return {row.pk: row for row in Conversation.objects.select_related(*RELATED).filter(pk__in=self._ids)}

    def documents(self, item: ExportItem) -> list[tuple[int, Document]]:
        """The files of one conversation, by the numbers of their records, as far as the item goes."""
        return [each for each in self._documents[item.conversation_id] if each[0] <= item.last]

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
