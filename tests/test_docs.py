"""The written protocol names everything that the code knows, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from chatdesk import protocol
from chatdesk.protocol import Close, Code, Command, DeskCommand, Event, VisitorCommand

pytestmark = pytest.mark.once
ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "docs/protocol.md").read_text()


def section(title: str) -> str:
    return TEXT.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def tags(kinds: list[type]) -> set[str]:
    return {str(kind.__struct_config__.tag) for kind in kinds}  # type: ignore[attr-defined]


def first_cells(text: str) -> set[str]:
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    return {name for cell in rows for name in re.findall(r"`([^`]+)`", cell)}


def fields(kind: type[Command]) -> set[str]:
    return set(kind.__struct_fields__) - {"id"}


def test_every_command_is_told() -> None:
    told = section("Every command")
    assert first_cells(told) == tags([*get_args(VisitorCommand), *get_args(DeskCommand)])


@pytest.mark.parametrize("kind", [*get_args(VisitorCommand), *get_args(DeskCommand)], ids=lambda kind: kind.__name__)
def test_every_field_of_a_command_is_told(kind: type[Command]) -> None:
    visitor, desk = section("Every command").split("| operator |")
    table = visitor if kind in get_args(VisitorCommand) else desk
    (tag,) = tags([kind])
    row = next(line for line in table.splitlines() if line.startswith("| `") and f"`{tag}`" in line.split("|")[1])
    if "reserved" in row:
        return
    told = set(re.findall(r"`(\w+)\??`", row.split("|")[2]))
    # `after` of a close is accepted, as the contract has it, and does nothing.
    assert fields(kind) - {"after"} <= told


def test_every_event_is_told() -> None:
    assert first_cells(section("Every event")) == tags(Event.__subclasses__())


def test_every_code_is_told() -> None:
    assert first_cells(section("Error codes")) == {code.value for code in Code}
    told = {int(number) for number in re.findall(r"\b(44\d\d|45\d\d)\b", section("Close codes"))}
    assert told == {code.value for code in Close}


def test_the_limits_are_those_of_the_code() -> None:
    assert f"{protocol.MAX_FRAME_BYTES:,} characters" in section("Limits")
    assert f"{protocol.PREVIEW_CHARS} characters" in section("Typing, honestly").replace("\n", " ")
    assert f"version {protocol.VERSION}" in TEXT.splitlines()[0]


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", *map(
    str, (path.relative_to(ROOT) for path in (ROOT / "docs").glob("*.md")))])  # fmt: skip
def test_links_inside_the_repository_lead_somewhere(page: str) -> None:
    path = ROOT / page
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text())
    local = [target for target in targets if "://" not in target]
    assert [target for target in local if not (path.parent / target).exists()] == []
