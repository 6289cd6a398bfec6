"""Rules of the house that the syntax tree holds. The direction of imports is import-linter's (pyproject.toml)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house.source import APPS, ROOT, Module, local_imports, modules

pytestmark = pytest.mark.once

SOURCES = modules(*APPS)
ROW_SIGNALS = {"pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed"}
WRITES = {"save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
INLINE = re.compile(
    r"""\s(?:style|on[a-z]+)=["'][^>]{0,40}"""
    r"""|<style(?![^>]*\snonce=)[^>]*>"""
    r"""|<script(?![^>]*\s(?:nonce|src)=)(?![^>]*type="application/json")[^>]*>"""
)


def in_layer(module: Module, *layers: str) -> bool:
    return len(module.path.parts) > 1 and module.path.parts[1].removesuffix(".py") in layers


def imported(module: Module) -> Iterator[str]:
    """Every dotted name that the module imports, `from x import y` as both x and x.y."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def called(module: Module) -> Iterator[ast.Call]:
    return (node for node in ast.walk(module.tree) if isinstance(node, ast.Call))


def test_the_tree_was_read() -> None:
    assert len(SOURCES) > 20
    assert {module.path.parts[0] for module in SOURCES} >= {"accounts", "routing", "chatdesk"}


def test_business_rules_never_hang_on_saved_rows() -> None:
    users = [
        str(module.path) for module in SOURCES if any(name.split(".")[-1] in ROW_SIGNALS for name in imported(module))
    ]
    assert users == []


def test_only_realtime_touches_the_channel_layer() -> None:
    allowed = ("chatdesk/realtime", "chatdesk/settings.py")
    users = [str(module.path) for module in SOURCES if "channels.layers" in imported(module)]
    assert [path for path in users if not path.startswith(allowed)] == []


def test_no_app_imports_the_project() -> None:
    """settings, asgi, celery and urls are the project, not the app: Django and the servers load them by name."""
    project = {"chatdesk.settings", "chatdesk.asgi", "chatdesk.celery", "chatdesk.urls"}
    own = ("chatdesk/__init__.py", *(f"{name.replace('.', '/')}.py" for name in project))
    strangers = [module for module in SOURCES if not str(module.path).startswith(own)]
    assert [str(module.path) for module in strangers if project & {*imported(module)}] == []


def test_consumers_write_no_rows() -> None:
    """A message has one write path, chatdesk/actions; the socket only calls it."""
    consumers = [module for module in SOURCES if in_layer(module, "consumers")]
    assert consumers
    writers = [
        f"{module.path}:{call.lineno}"
        for module in consumers
        for call in called(module)
        if isinstance(call.func, ast.Attribute) and call.func.attr in WRITES and "objects" in ast.unparse(call.func)
    ]
    assert writers == []


def test_actions_never_import_tasks() -> None:
    actions = [module for module in SOURCES if in_layer(module, "actions")]
    assert actions
    assert [str(each.path) for each in actions if any(".tasks" in name for name in imported(each))] == []


def test_only_app_configs_import_inside_a_function() -> None:
    assert [each for module in SOURCES for each in local_imports(module)] == []


def test_templates_carry_nothing_inline_that_the_policy_would_refuse() -> None:
    """The Content-Security-Policy lets in files of the desk's own, and what bears the request's nonce."""
    templates = sorted((ROOT / "templates").rglob("*.html"))
    assert templates
    refused = [f"{path.relative_to(ROOT)}: {found}" for path in templates for found in INLINE.findall(path.read_text())]
    assert refused == []


def test_pinned_requirements_carry_hashes_and_no_address() -> None:
    for name in ("run.txt", "dev.txt"):
        text = (ROOT / "requirements" / name).read_text()
        pins = [line for line in text.splitlines() if "==" in line and not line.startswith("#")]
        assert len(pins) > 10
        assert text.count("--hash=sha256:") >= len(pins)
        assert "://" not in text
