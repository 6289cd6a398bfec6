"""Whole outputs, written down: where no schema can be had, what was once looked over stays as it was.

`python -m tests.transcripts.formats.golden` writes them anew; look at the difference before it is kept.
"""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.transcripts.formats.cast import Store, full_story, story, write

FOLDER = Path(__file__).with_name("golden")
# Files by format. Hashes and sizes of pages change with their look, so they are masked.
KEPT = {
    "actiance": ("actiance_export.xml",),
    "csv": ("conversations.csv", "events.csv", "participants.csv"),
    "csv-safe": ("README.txt",),
    "dat": ("loadfile.dat", "README.txt", "text/000000/CHAT00000001.txt"),
    "edrm": ("edrm.xml", "text/Ab3-_xYz9-internal-1.txt"),
    "globalrelay": ("A question - (Ab3-_xYz9) - 1.eml",),
    "mattermost": ("posts.csv", "metadata.json"),
}
HASH = re.compile(rb"\b(?:[0-9a-f]{64}|[0-9a-f]{32})\b")
PAGE_SIZE = re.compile(rb'(\.html" FileSize="|\.html\xc3\xbe\x14\xc3\xbehtml\xc3\xbe\x14\xc3\xbe)\d+')


def masked(content: bytes) -> bytes:
    return PAGE_SIZE.sub(rb"\1SIZE", HASH.sub(lambda found: b"HASH%d" % len(found[0]), content))


def produced(name: str, folder: Path) -> dict[str, bytes]:
    """The kept files of a format by their names in the golden folder."""
    store = Store()
    write(name, [full_story(store), story((), ref="zero", visitor=None, closed=None)], store, folder)
    return {f"{name}.{Path(file).name}": masked((folder / file).read_bytes()) for file in KEPT[name]}


def main() -> None:
    for name in KEPT:
        with TemporaryDirectory() as folder:
            for file, content in produced(name, Path(folder)).items():
                (FOLDER / file).write_bytes(content)


if __name__ == "__main__":
    main()
