"""What masking and cleaning answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class What(StrEnum):
    """What was found. ADDRESS is one that belongs to nobody here: its sender may have wanted to give it."""

    PROTECTED = "protected"
    TOKEN = "token"  # noqa: S105 - an address of ours
    ADDRESS = "address"
    SITE = "site"
    LINK = "link"
    PHONE = "phone"
    KEY = "key"


@dataclass(frozen=True)
class Found:
    """A place that was masked: `original` as it stood, and `shown` in its stead."""

    kind: str
    original: str
    shown: str


@dataclass(frozen=True)
class Masked:
    text: str
    found: tuple[Found, ...] = ()


@dataclass(frozen=True)
class Cleaned:
    """A file that may be passed on; `removed` says in words what it lost. Empty `data`: nothing is left of it."""

    name: str
    media_type: str
    data: bytes
    removed: tuple[str, ...] = ()

    @property
    def is_gone(self) -> bool:
        return not self.data


class Why(StrEnum):
    """Why a file can't be passed on without a person; the values are those of tickets.models.Held.Reason."""

    UNCLEAN_FILE = "unclean_file"
    ADDRESS_IN_FILE = "address_in_file"
    CARD = "card"
    FILE_TYPE = "file_type"
    LOCKED = "locked"


class Unclean(Exception):
    """A file that has to wait for a person. `reason` is a value of Held.Reason, `detail` holds no address."""

    def __init__(self, reason: Why, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail
