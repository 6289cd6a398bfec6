"""JSON: a document per conversation with its files beside it, for programs of whoever it is about (GDPR, Art. 20)."""

from __future__ import annotations

import json
from typing import Any

from transcripts.formats.as_json import plain
from transcripts.formats.base import BaseWriter, file_place, reason
from transcripts.formats.fetching import Fault
from transcripts.formats.names import safe_name
from transcripts.formats.options import Reader
from transcripts.formats.story import Event, Story


class JsonWriter(BaseWriter):
    """conversations/REF.json, files/. A document says by its `path` where its bytes are, or why they are `missing`."""

    def _story(self, story: Story, read: Reader) -> None:
        told: dict[str, Any] = plain(story)
        for event, shown in zip(story.events, told["events"], strict=True):
            if event.document:
                shown["document"] |= self._beside(story, event, read)
        text = json.dumps(told, ensure_ascii=False, sort_keys=True, indent=2)
        self.volume.write(f"conversations/{safe_name(story.ref)}.json", [text.encode()])

    def _beside(self, story: Story, event: Event, read: Reader) -> dict[str, str]:
        found = self.carry(story, event, read, self.volume.place(file_place(story.ref, event)))
        return {"missing": reason(found)} if isinstance(found, Fault) else {"path": found.path}
