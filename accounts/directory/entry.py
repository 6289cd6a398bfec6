"""What a directory says about a person, in the desk's own words. Nothing here talks to a server."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from accounts.models import Directory, normal_email

Value = str | bytes
DISABLED = 2  # bit of userAccountControl (MS-ADTS, 2.2.16: ACCOUNTDISABLE)
NEVER = (0, 0x7FFF_FFFF_FFFF_FFFF)  # accountExpires (MS-ADA1, 2.1)
WINDOWS_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
LOCKED_FOR_GOOD = "000001010000Z"  # pwdAccountLockedTime (draft-behera-ldap-password-policy, 5.3.3)
SIGNED = re.compile(r"-?[0-9]{1,19}")  # an Integer or LargeInteger (RFC 4517, 3.3.16); anything else says nothing
STATUS = ("userAccountControl", "accountExpires", "pwdAccountLockedTime", "nsAccountLock")
LONGEST_NAME = 80
LONGEST_EMAIL = 254


@dataclass(frozen=True)
class Entry:
    """`barred`: '' or why this account is no longer used: disabled, expired."""

    dn: str
    uid: str
    email: str
    name: str
    photo: bytes
    barred: str


def wanted_attributes(directory: Directory) -> list[str]:
    named = (directory.uid_attribute, directory.email_attribute, directory.display_name_attribute)
    photo = [directory.photo_attribute] if directory.photo_attribute else []
    return [*named, *photo, "cn", *STATUS]


def read_entry(directory: Directory, dn: str, attrs: Mapping[str, Sequence[Value]], now: datetime) -> Entry | None:
    """None for an entry without an identity: the service account may not read it, or the attribute is misspelt."""
    uid = identity(directory, attrs)
    if not uid:
        return None
    email = normal_email(_text(attrs, directory.email_attribute))
    name = shown_name(_text(attrs, directory.display_name_attribute) or _text(attrs, "cn") or email)
    return Entry(
        dn=dn,
        uid=uid,
        email=email if _is_email(email) else f"{uid}@directory.invalid",
        name=name,
        photo=_first(attrs, directory.photo_attribute) if directory.photo_attribute else b"",
        barred=barred(attrs, now),
    )


def identity(directory: Directory, attrs: Mapping[str, Sequence[Value]]) -> str:
    raw = _first(attrs, directory.uid_attribute)
    if directory.uid_attribute.lower() == "objectguid":
        return str(UUID(bytes_le=raw)) if len(raw) == 16 else ""
    return raw.decode(errors="replace").lower().strip()[:64].rstrip()


def identity_filter(directory: Directory, uid: str) -> str:
    """A filter that finds this identity and no other (RFC 4515, 3)."""
    binary = directory.uid_attribute.lower() == "objectguid"
    raw = UUID(uid).bytes_le if binary else uid.encode()
    escaped = "".join(f"\\{byte:02x}" for byte in raw)
    return f"({directory.uid_attribute}={escaped})"


def barred(attrs: Mapping[str, Sequence[Value]], now: datetime) -> str:
    flags = _text(attrs, "userAccountControl")
    locked = _text(attrs, "pwdAccountLockedTime") == LOCKED_FOR_GOOD or _text(attrs, "nsAccountLock").lower() == "true"
    if locked or (SIGNED.fullmatch(flags) and int(flags) & DISABLED):
        return "disabled"
    return "expired" if _expired(_text(attrs, "accountExpires"), now) else ""


def shown_name(written: str) -> str:
    """A name as the desk shows names: one line, without invisible signs."""
    visible = "".join(sign if unicodedata.category(sign)[0] != "C" else " " for sign in written)
    return " ".join(visible.split())[:LONGEST_NAME] or "?"


def normal_dn(dn: str) -> str:
    """One spelling of a DN, to compare: directories ignore case, and space around separators (RFC 4514)."""
    return ",".join("=".join(side.strip() for side in part.split("=", 1)) for part in dn.lower().split(","))


def _is_email(written: str) -> bool:
    return "@" in written and len(written) <= LONGEST_EMAIL and written.isprintable()


def _expired(written: str, now: datetime) -> bool:
    """accountExpires counts steps of 100 nanoseconds since 1601."""
    if not SIGNED.fullmatch(written) or int(written) in NEVER:
        return False
    try:
        return WINDOWS_EPOCH + timedelta(microseconds=int(written) // 10) <= now
    except OverflowError:
        return False


def _first(attrs: Mapping[str, Sequence[Value]], name: str) -> bytes:
    values = attrs.get(name) or [b""]
    return values[0] if isinstance(values[0], bytes) else values[0].encode()


def _text(attrs: Mapping[str, Sequence[Value]], name: str) -> str:
    return _first(attrs, name).decode(errors="replace").strip()
