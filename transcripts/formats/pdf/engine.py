"""Typesetting: data in, a document out. Nothing is fetched, and of the machine's files only its fonts are read."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

STANDARDS: Any = ["a-3b", "ua-1"]  # ISO 19005-3 level B, with files embedded; ISO 14289-1
DATA = "data.json"


class Unprintable(Exception):
    """The fonts have no glyph for these characters after all."""

    def __init__(self, characters: str) -> None:
        super().__init__(characters)
        self.characters = characters


class Engine:
    """One compiler; it keeps the fonts it read. Safe to be shared among threads, which then take turns."""

    def __init__(self) -> None:
        self._root = tempfile.TemporaryDirectory(prefix="chatdesk-pdf-")  # empty: a path leads nowhere
        self._compiler = typst.Compiler(root=self._root.name)
        self._turn = Lock()

    def pdf(self, template: bytes, data: Mapping[str, Any], files: Mapping[str, bytes], made: datetime) -> bytes:
        """`data` is read by the template from data.json, `files` by their names. The same input gives the same bytes.

        Raises Unprintable, and typst.TypstError for a template that is wrong.
        """
        given: Any = {"main.typ": template, DATA: json.dumps(data, ensure_ascii=False).encode(), **files}
        with self._turn:
            try:
                made_at = made.astimezone(UTC).replace(microsecond=0)
                document = self._compiler.compile(
                    input=given, format="pdf", pdf_standards=STANDARDS, timestamp=made_at, root=self._root.name
                )
            except typst.TypstError as error:
                raise _explained(error) from error
        if not isinstance(document, bytes):
            raise TypeError(type(document))
        return document


@cache
def engine() -> Engine:
    """The engine of this process."""
    return Engine()


@cache
def template(name: str) -> bytes:
    return (Path(__file__).parent / name).read_bytes()


QUOTED = re.compile(r'the text [`"]+(.*?)[`"]+ could not be displayed', re.DOTALL)
ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}")


def _explained(error: typst.TypstError) -> Exception:
    found = QUOTED.search(str(error))
    if found is None:
        return error
    return Unprintable(ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), found[1]))
