from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tests.mail.oracle.message import readings_of_mail
from tests.mail.oracle.reading import Reading
from tests.mail.oracle.secrets import Secret
from tests.mail.oracle.spellings import squashed, variants, visible

AROUND = 40


@dataclass(frozen=True)
class Hit:
    secret: Secret
    where: str
    excerpt: str

    def __str__(self) -> str:
        return f"{self.secret} in {self.where}: ...{self.excerpt!r}..."


def search(raw: bytes, secrets: Iterable[Secret]) -> list[Hit]:
    """Where in a mail, as the bytes that left, a secret is: one hit for each secret and place."""
    return _first_of_each(readings_of_mail(raw), tuple(secrets))


def search_text(text: str, secrets: Iterable[Secret]) -> list[Hit]:
    """Where in a page, a log or an answer of the desk a secret is."""
    return _first_of_each([Reading("text", text)], tuple(secrets))


def _first_of_each(readings: Iterable[Reading], secrets: Sequence[Secret]) -> list[Hit]:
    found: dict[tuple[Secret, str], Hit] = {}
    for reading in readings:
        for hit in _hits(reading, secrets):
            found.setdefault((hit.secret, hit.where), hit)
    return [*found.values()]


def _hits(reading: Reading, secrets: Sequence[Secret]) -> Iterator[Hit]:
    for text in variants(reading.text):
        seen = visible(text)
        bare = squashed(seen)
        for secret in secrets:
            for pattern, looked_at in ((secret.as_it_stands, seen), (secret.undressed, bare)):
                if match := pattern.search(looked_at):
                    excerpt = looked_at[max(0, match.start() - AROUND) : match.end() + AROUND]
                    yield Hit(secret, reading.where, excerpt)
