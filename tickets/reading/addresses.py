"""Addresses as they are compared: a mailbox has many spellings."""

from __future__ import annotations

import re

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


def normal(address: str) -> str:
    """The address in lower case, unquoted and without angle brackets: `"T-A"@RELAY.test` is `t-a@relay.test`."""
    bare = address.strip().removeprefix("<").removesuffix(">").strip()
    local, at, domain = bare.rpartition("@")
    if not at:
        return bare.lower()
    quoted = _QUOTED.fullmatch(local)
    if quoted:
        local = re.sub(r"\\(.)", r"\1", quoted.group(1))
    return f"{local}@{domain.rstrip('.')}".lower()


def mailbox(address: str) -> str:
    """What names a person's mailbox: `V.Real+desk@Home.test` is `v.real@home.test` (RFC 5233 subaddresses)."""
    local, at, domain = normal(address).rpartition("@")
    return f"{local.split('+', 1)[0] or local}{at}{domain}"


def domain_of(address: str) -> str:
    return normal(address).rpartition("@")[2]
