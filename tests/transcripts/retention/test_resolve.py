"""The rules of retention by themselves: P2, and the principles one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.retention.presets import PRESETS
from transcripts.retention.resolving import resolve, whole
from transcripts.retention.rules import Facts, Rule
from transcripts.retention.shortening import shortens

END = datetime(2026, 1, 10, 12, tzinfo=UTC)
LAST = END + timedelta(days=3)
SALES, SUPPORT, LAW = 1, 2, 3
CLASSES = ("text", "files", "notes")


def facts(*groups: int, **more: object) -> Facts:
    base = Facts(groups=frozenset(groups or (SALES,)), closed_at=END, last_at=END, kind="live", is_exported=True)
    return replace(base, **more)  # type: ignore[arg-type]


def day(count: int) -> datetime:
    return END + timedelta(days=count)


days_or_none = st.none() | st.integers(1, 4000)
rules = st.lists(
    st.builds(
        Rule,
        policy=st.integers(1, 99).map(str),
        group=st.sampled_from([None, SALES, SUPPORT, LAW]),
        data=st.sampled_from(CLASSES),
        kind=st.sampled_from(["", "live", "mail"]),
        keep_days=days_or_none,
        delete_days=days_or_none,
        anchor=st.sampled_from(["closed", "last"]),
    ),
    max_size=8,
)
some_facts = st.builds(
    facts,
    st.sampled_from([SALES, SUPPORT]),
    st.sampled_from([SALES, SUPPORT, LAW]),
    kind=st.sampled_from(["live", "mail"]),
    last_at=st.sampled_from([END, LAST]),
)


@given(rules, some_facts)
def test_p2_kept_until_the_longest_of_all_that_say_so(rules: list[Rule], facts: Facts) -> None:
    begin = {"closed": END, "last": max(END, facts.last_at)}
    said = [
        begin[rule.anchor] + timedelta(days=rule.keep_days)
        for rule in rules
        if rule.data == "text"
        and rule.keep_days is not None
        and (rule.group is None or rule.group in facts.groups)
        and rule.kind in ("", facts.kind)
    ]
    assert resolve(rules, facts).kept_until == max(said, default=None)


@given(rules, some_facts)
def test_nothing_is_due_before_what_keeps_it_is_over(rules: list[Rule], facts: Facts) -> None:
    for data in CLASSES:
        outcome = resolve(rules, facts, data)
        if outcome.due_at and outcome.kept_until:
            assert outcome.due_at >= outcome.kept_until


@given(rules, some_facts)
def test_the_whole_outlives_every_part(rules: list[Rule], facts: Facts) -> None:
    found = whole(rules, facts, CLASSES)
    for data in CLASSES:
        part = resolve(rules, facts, data)
        ends = [end for end in (part.kept_until, part.due_at) if end]
        assert found.due_at is None or all(found.due_at >= end for end in ends)


@given(rules, some_facts, st.sampled_from([SALES, SUPPORT, LAW]))
def test_c05_another_group_never_shortens(rules: list[Rule], facts: Facts, group: int) -> None:
    before, moved = resolve(rules, facts), resolve(rules, replace(facts, groups=facts.groups | {group}))
    assert moved.due_at is None or (before.due_at is not None and moved.due_at >= before.due_at)
    assert before.kept_until is None or (moved.kept_until is not None and moved.kept_until >= before.kept_until)


@given(rules, some_facts)
def test_p1_what_is_held_is_never_due(rules: list[Rule], facts: Facts) -> None:
    held = replace(facts, holds=("Smith v. Desk",))
    assert not whole(rules, held, CLASSES).is_due(END + timedelta(days=100_000))


@given(rules, some_facts, st.integers(0, 7), days_or_none, days_or_none)
def test_what_does_not_count_as_shortening_never_deletes_earlier(
    rules: list[Rule], facts: Facts, place: int, keep: int | None, delete: int | None
) -> None:
    """A change that passes without a second person moves no end of any class forward."""
    if not rules:
        return
    changed = list(rules)
    old = changed[place % len(rules)]
    changed[place % len(rules)] = new = replace(old, keep_days=keep, delete_days=delete)
    if shortens(old, new):
        return
    for data in CLASSES:
        before, then = resolve(rules, facts, data), resolve(changed, facts, data)
        assert then.due_at is None or (before.due_at is not None and then.due_at >= before.due_at)


@given(rules, some_facts, st.builds(Rule, policy=st.just("new"), keep_days=days_or_none, delete_days=st.none()))
def test_a_new_rule_that_only_keeps_shortens_nothing(rules: list[Rule], facts: Facts, new: Rule) -> None:
    assert not shortens(None, new)
    before, then = resolve(rules, facts), resolve([*rules, new], facts)
    assert then.due_at is None or (before.due_at is not None and then.due_at >= before.due_at)


def test_keeping_wins_over_deleting() -> None:
    rules = [Rule("site", keep_days=900), Rule("sales", SALES, delete_days=30)]
    found = resolve(rules, facts())
    assert (found.due_at, found.keeps, found.deletes) == (day(900), "site", "sales")


def test_what_a_group_says_of_deleting_stands_before_what_holds_for_all() -> None:
    rules = [Rule("site", delete_days=900), Rule("sales", SALES, delete_days=30)]
    assert resolve(rules, facts(SALES)).due_at == day(30)
    assert resolve(rules, facts(SUPPORT)).due_at == day(900)
    assert resolve(rules, facts(SALES, SUPPORT)).due_at == day(900)


def test_a_group_for_which_nothing_is_said_keeps_for_good() -> None:
    rules = [Rule("sales", SALES, delete_days=30)]
    assert resolve(rules, facts(SALES)).due_at == day(30)
    assert resolve(rules, facts(SALES, LAW)).due_at is None


def test_the_kind_of_conversation_and_the_anchor_count() -> None:
    rules = [Rule("live", kind="live", delete_days=10), Rule("mail", kind="mail", delete_days=20, anchor="last")]
    assert resolve(rules, facts(kind="live", last_at=LAST)).due_at == day(10)
    assert resolve(rules, facts(kind="mail", last_at=LAST)).due_at == LAST + timedelta(days=20)


def test_what_is_open_is_never_due() -> None:
    found = whole([Rule("site", delete_days=1)], facts(closed_at=None), CLASSES)
    assert found.due_at is None
    assert not found.is_due(day(9999))


def test_export_first_waits_for_the_export() -> None:
    rules = [Rule("site", delete_days=1, export_first=True)]
    assert not whole(rules, facts(is_exported=False), CLASSES).is_due(day(2))
    assert whole(rules, facts(is_exported=True), CLASSES).is_due(day(2))
    of_files = [Rule("site", delete_days=1), Rule("files", data="files", keep_days=1, export_first=True)]
    assert not whole(of_files, facts(is_exported=False), CLASSES).is_due(day(2))


def test_somebody_keeps_it_by_hand() -> None:
    found = whole([Rule("site", delete_days=1)], facts(kept_by_hand=day(50)), CLASSES)
    assert (found.due_at, found.kept_until, found.keeps) == (day(50), day(50), "")


def test_so_many_days_that_no_calendar_has_them() -> None:
    found = resolve([Rule("site", keep_days=36_500_000)], facts())
    assert found.kept_until is not None
    assert found.kept_until.year == 9999


BASE = Rule("1", SALES, keep_days=100, delete_days=200)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, replace(BASE, delete_days=None), False),
        (None, BASE, True),
        (BASE, None, True),
        (BASE, replace(BASE, keep_days=101), False),
        (BASE, replace(BASE, keep_days=99), True),
        (BASE, replace(BASE, keep_days=None), True),
        (BASE, replace(BASE, delete_days=199), True),
        (BASE, replace(BASE, delete_days=201), False),
        (BASE, replace(BASE, delete_days=None), True),  # then the site's own counts, which may be sooner
        (replace(BASE, group=None), replace(BASE, group=None, delete_days=None), False),
        (BASE, replace(BASE, group=SUPPORT), True),
        (BASE, replace(BASE, anchor="last"), True),
        (BASE, replace(BASE, kind="mail"), True),
        (replace(BASE, export_first=True), BASE, True),
        (BASE, replace(BASE, export_first=True), False),
    ],
)
def test_what_counts_as_shortening(before: Rule | None, after: Rule | None, expected: bool) -> None:
    assert shortens(before, after) is expected


def test_the_presets_delete_nothing_before_what_they_keep() -> None:
    assert len({preset.key for preset in PRESETS}) == len(PRESETS)
    for preset in PRESETS:
        assert preset.keep_days or preset.delete_days
        assert (preset.delete_days or 99_999) >= (preset.keep_days or 0)
        assert str(preset.name)
        assert str(preset.hint)
    by_key = {preset.key: preset.keep_days for preset in PRESETS}
    assert by_key["finra-6y"] == 2192  # six years with two leap days, a started day kept whole
    assert by_key["mifid-5y"] == 1827
