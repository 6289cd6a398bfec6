"""The writers by their names. Other parts add theirs with `register` (jsonl)."""

from __future__ import annotations

from transcripts.formats.actiance import ActianceWriter
from transcripts.formats.csv_rows import CsvWriter, SafeCsvWriter
from transcripts.formats.dat import DatWriter
from transcripts.formats.edrm import EdrmWriter
from transcripts.formats.globalrelay import GlobalRelayWriter
from transcripts.formats.html_pages import HtmlWriter
from transcripts.formats.json_files import JsonWriter
from transcripts.formats.letters import EmlWriter, MboxWriter
from transcripts.formats.mattermost import MattermostWriter
from transcripts.formats.pdf.writer import PdfWriter
from transcripts.formats.writer import Maker

WRITERS: dict[str, Maker] = {
    "csv": CsvWriter,
    "csv-safe": SafeCsvWriter,
    "html": HtmlWriter,
    "json": JsonWriter,
    "eml": EmlWriter,
    "mbox": MboxWriter,
    "mattermost": MattermostWriter,
    "actiance": ActianceWriter,
    "globalrelay": GlobalRelayWriter,
    "edrm": EdrmWriter,
    "dat": DatWriter,
    "pdf": PdfWriter,
}


def register(name: str, writer: Maker) -> None:
    """Make a format known. A second writer of one name is a mistake (ValueError)."""
    if name in WRITERS:
        message = f"two writers are called {name}"
        raise ValueError(message)
    WRITERS[name] = writer
