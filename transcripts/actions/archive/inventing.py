"""Closed conversations that never took place: made from a number, so the same number is always the same story."""

from __future__ import annotations

import random
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from transcripts.actions.archive.words import FILES, LANGUAGES, NOTES, WEIGHTS, Phrases

DAYS = 730
SHARE_OF_FILES, SHARE_OF_NOTES, SHARE_OF_TRANSFERS, SHARE_OF_MAILS = 0.12, 0.25, 0.15, 0.08
MOST_TURNS = 7


@dataclass(frozen=True, slots=True)
class Said:
    """An entry: `by` is -1 for the visitor, None for the desk, else the place of a person among the story's people."""

    kind: str
    by: int | None
    body: str
    at: datetime
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    by: int
    body: str
    at: datetime
    after: int


@dataclass(frozen=True)
class Story:
    """`people` are drawn among those of the groups; with two groups it was handed from the first to the second."""

    number: int
    ref: str
    language: str
    name: str
    email: str
    page: str
    by_mail: bool
    begun: datetime
    groups: list[int]
    people: list[int]
    said: list[Said] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def ended(self) -> datetime:
        return self.said[-1].at


def _ref(chance: random.Random) -> str:
    """As `chatdesk.models.conversation.new_ref` makes them, but the same each time."""
    while (ref := urlsafe_b64encode(chance.randbytes(16)).rstrip(b"=").decode()).startswith("-"):
        pass
    return ref


def invent(number: int, until: datetime, groups: int, people: int) -> Story:
    """The story of this number, in the two years before `until`; of so many groups with so many people in each."""
    chance, phrases, at = _opening(number, until)
    story = Story(
        number=number,
        ref=_ref(chance),
        language=phrases.code,
        name=chance.choice(phrases.names) if chance.random() < 0.8 else "",
        email=f"visitor{number}@shop.example" if chance.random() < 0.5 else "",
        page=f"https://www.example.com/{phrases.code}/shop/{chance.randrange(200)}",
        by_mail=chance.random() < SHARE_OF_MAILS,
        begun=at,
        groups=chance.sample(range(groups), 2 if groups > 1 and chance.random() < SHARE_OF_TRANSFERS else 1),
        people=[chance.randrange(people), chance.randrange(people)],
    )
    _Telling(story, phrases, chance).tell()
    return story


def begun(number: int, until: datetime) -> datetime:
    """When the story of this number begins, without telling it."""
    return _opening(number, until)[2]


def _opening(number: int, until: datetime) -> tuple[random.Random, Phrases, datetime]:
    chance = random.Random(f"demo-{number}")
    phrases = chance.choices(LANGUAGES, WEIGHTS)[0]
    return chance, phrases, until - timedelta(seconds=chance.randrange(3600, DAYS * 86_400))


class _Telling:
    def __init__(self, story: Story, phrases: Phrases, chance: random.Random) -> None:
        self.story, self.phrases, self.chance, self.at = story, phrases, chance, story.begun
        self.fill = partial(
            str.format,
            order=chance.randrange(10_000, 99_999),
            thing=chance.choice(phrases.things),
            name="Alice",
            sum=f"{chance.randrange(500, 40_000) / 100:.2f} €",
        )

    def tell(self) -> None:
        self.say("message", -1, self.words(self.phrases.opening))
        self.say("join", 0, "")
        turns = self.chance.randrange(2, MOST_TURNS)
        handed = turns // 2 if len(self.story.groups) > 1 else turns
        for turn in range(turns):
            if turn == handed:
                self.say("transfer", 0, "")
                self.say("join", 1, "")
            self.turn(1 if turn >= handed else 0)
        self.say("message", -1, self.words(self.phrases.ending))
        self.say("close", 1 if handed < turns else 0, "")

    def turn(self, operator: int) -> None:
        """The visitor says something, the operator answers; sometimes with a file or a note beside it."""
        self.say("message", -1, self.words(self.phrases.visitor))
        if self.chance.random() < SHARE_OF_FILES / 3:
            name, media_type = self.chance.choice(FILES)
            self.say("file", self.chance.choice((-1, operator)), self.fill(name), media_type)
        if self.chance.random() < SHARE_OF_NOTES / 3:
            words, after = self.fill(self.chance.choice(NOTES)), len(self.story.said)
            self.story.remarks.append(Remark(operator, words, self.later(20), after))
        self.say("message", operator, self.words(self.phrases.operator))

    def words(self, choices: tuple[str, ...]) -> str:
        return self.fill(self.chance.choice(choices))

    def say(self, kind: str, by: int | None, body: str, media_type: str = "") -> None:
        self.story.said.append(Said(kind, by, body, self.later(90), media_type))

    def later(self, seconds: int) -> datetime:
        self.at += timedelta(seconds=self.chance.randrange(1, seconds), microseconds=self.chance.randrange(1_000_000))
        return self.at
