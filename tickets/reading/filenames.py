"""Names for the files of a mail: harmless, never empty, each one once."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator

from chatdesk.filetypes.naming import harmless
from tickets.reading.structure import Part, take_apart
from tickets.reading.words import decoded_words

MAX_CHARS = 120
_ENDINGS = {
    "message/delivery-status": ".txt",
    "text/rfc822-headers": ".txt",
    "text/calendar": ".ics",
    "message/rfc822": ".eml",
    "text/plain": ".txt",
    "text/html": ".html",
}


def file_name(part: Part, number: int) -> str:
    """The name a mail gives a file, without path, control and direction characters; made up if it gives none."""
    given = part.disposition_parameters.get("filename") or part.type_parameters.get("name") or ""
    name = harmless(given)
    if not name and part.media_type == "message/rfc822":
        name = harmless(decoded_words(take_apart(part.content[:100_000]).first("subject")).replace("/", "-"))
        return shortened(f"{name or f'mail-{number}'}.eml")
    return shortened(name or f"file-{number}{ending_of(part.media_type)}")


def ending_of(media_type: str) -> str:
    return _ENDINGS.get(media_type) or mimetypes.guess_extension(media_type) or ".bin"


def shortened(name: str) -> str:
    """At most MAX_CHARS characters and 240 bytes, the ending kept."""
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        stem, ending = name, ""
    tail = f".{ending}" if ending else ""
    stem = stem[: MAX_CHARS - len(tail)]
    while len((stem + tail).encode()) > 240:
        stem = stem[:-1]
    return f"{stem.strip() or 'file'}{tail}"


def made_unique(names: list[str]) -> Iterator[str]:
    """Each name, the second and later of the same one with a number: `a.pdf`, `a (2).pdf`."""
    taken: set[str] = set()
    counts: dict[str, int] = {}
    for name in names:
        stem, dot, ending = name.rpartition(".") if "." in name else (name, "", "")
        unique = name
        while unique.casefold() in taken:
            counts[name] = counts.get(name, 1) + 1
            unique = f"{stem} ({counts[name]}){dot}{ending}"
        taken.add(unique.casefold())
        yield unique
