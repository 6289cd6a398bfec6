"""Places in the compliance desk's pages that other parts and apps fill: chatdesk.slots, with slots of their own."""

from __future__ import annotations

from collections.abc import Sequence

from chatdesk import slots

slots.open_slots(
    "transcripts.side",  # beside a conversation that is read; context: request, reader, conversation
    "transcripts.acts",  # what can be done with it, as links or forms; the same
    "transcripts.matter",  # on the page of a matter; context: request, reader, matter
    "transcripts.found",  # above what was found, for all of it; context: request, reader, query, matter
)
ROWS: slots.Marks[[Sequence[int]]] = slots.Marks()  # on the rows of lists (held, due ...), by a conversation's id
fill, fill_rows, on_rows = slots.fill, ROWS.fill, ROWS.shown
