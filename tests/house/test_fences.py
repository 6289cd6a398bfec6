"""The measure measures: each fence is seen to break on a module that breaks it."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from tests.house import source
from tests.house.fences import FUNCTION_MAX, Fence, fences, percentile
from tests.house.source import Module, length, local_imports, modules, untyped

pytestmark = pytest.mark.once


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(source, "ROOT", tmp_path)
    return tmp_path


def module(root: Path, text: str, name: str = "app/thing.py") -> Module:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dedent(text))
    return Module(Path(name))


def test_length_counts_from_def_to_the_last_line(root: Path) -> None:
    (function,) = module(root, "@decorated\ndef one(\n    a: int,\n) -> int:\n    return a\n").functions()
    assert length(function) == 4


@pytest.mark.parametrize(
    "text",
    [
        "def f(a): return a",
        "def f(a: int): return a",
        "def f(a, b: int) -> int: return b",
        "def f(*args) -> None: ...",
        "def f(**options) -> None: ...",
        "def f(*, key) -> None: ...",
        "class A:\n    @staticmethod\n    def f(a) -> None: ...",
        "async def f(a): ...",
    ],
)
def test_a_gap_in_the_types_is_found(root: Path, text: str) -> None:
    assert len(untyped(module(root, text))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "def f() -> None: ...",
        "def f(a: int, /, b: str, *rest: int, key: int, **more: int) -> None: ...",
        "class A:\n    def f(self, a: int) -> None: ...",
        "class A:\n    @classmethod\n    def f(cls) -> None: ...",
        "class A:\n    @staticmethod\n    def f(a: int) -> None: ...",
    ],
)
def test_full_types_are_not_blamed(root: Path, text: str) -> None:
    assert untyped(module(root, text)) == []


def test_a_function_inside_a_method_is_no_method(root: Path) -> None:
    nested = "class A:\n    def f(self) -> None:\n        def g(x) -> None: ...\n"
    assert len(untyped(module(root, nested))) == 1


def test_an_import_inside_a_function_is_found(root: Path) -> None:
    assert local_imports(module(root, "def f() -> None:\n    import os\n")) == ["app/thing.py:2"]
    assert local_imports(module(root, "async def f() -> None:\n    from os import path\n")) == ["app/thing.py:2"]


def test_only_the_ready_of_an_app_config_may_import(root: Path) -> None:
    text = "class C:\n    def ready(self) -> None:\n        import os\n"
    assert local_imports(module(root, text, "app/apps.py")) == []
    assert len(local_imports(module(root, text, "app/other.py"))) == 1


def test_migrations_and_empty_files_are_left_out(root: Path) -> None:
    module(root, "x = 1", "app/migrations/0001_initial.py")
    module(root, "", "app/__init__.py")
    module(root, "x = 1", "app/real.py")
    assert [str(each.path) for each in modules("app")] == ["app/real.py"]


@pytest.mark.parametrize(
    ("values", "share", "expected"), [([], 0.95, 0), ([7], 0.95, 7), ([*range(1, 101)], 0.95, 95), ([3, 1, 2], 0.5, 2)]
)
def test_percentile(values: list[int], share: float, expected: int) -> None:
    assert percentile(values, share) == expected


def test_a_fence_holds_on_its_bound_and_breaks_beyond() -> None:
    assert Fence("lines", 60, FUNCTION_MAX).holds
    assert not Fence("lines", 61, FUNCTION_MAX).holds
    assert Fence("typed", 98, 98, at_least=True).holds
    assert not Fence("typed", 97.9, 98, at_least=True).holds


def test_a_broken_fence_names_its_places() -> None:
    broken = str(Fence("imports inside a function", 1, 0, places=["app/thing.py:2"]))
    assert "BROKEN" in broken
    assert "app/thing.py:2" in broken
    assert "app/thing.py:2" not in str(Fence("imports inside a function", 0, 0, places=["app/thing.py:2"]))


def test_the_tree_is_measured_by_every_fence() -> None:
    names = [fence.name for fence in fences()]
    assert len(names) == len(set(names)) >= 10
