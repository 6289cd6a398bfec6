"""The source tree, read once: each Python file with its syntax tree and the lengths the fences look at."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("accounts", "routing", "chatdesk", "transcripts", "tickets")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    path: Path  # from the root of the tree

    @cached_property
    def text(self) -> str:
        return (ROOT / self.path).read_text()

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, filename=str(self.path))

    @property
    def lines(self) -> int:
        return len(self.text.splitlines())

    @property
    def dotted(self) -> str:
        return ".".join(self.path.with_suffix("").parts).removesuffix(".__init__")

    def functions(self) -> Iterator[Function]:
        return (node for node in ast.walk(self.tree) if isinstance(node, Function))


def modules(*folders: str) -> list[Module]:
    """Every module under `folders` that is written by hand (no migrations) and not empty."""
    paths = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    chosen = (Module(path.relative_to(ROOT)) for path in paths if "migrations" not in path.parts)
    return [module for module in chosen if module.lines]


def length(function: Function) -> int:
    """Lines from `def` to the last one of the body; decorators are not counted."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def _plain_methods(tree: ast.Module) -> set[int]:
    """The ids of functions whose first argument is an instance or a class, and needs no annotation."""
    classes = (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    inside = (node for each in classes for node in each.body if isinstance(node, Function))
    return {id(node) for node in inside if "staticmethod" not in map(ast.unparse, node.decorator_list)}


def untyped(module: Module) -> list[str]:
    """Functions of which an argument or the result has no annotation."""
    methods = _plain_methods(module.tree)
    return [place(module, each) for each in module.functions() if not _is_typed(each, id(each) in methods)]


def _is_typed(function: Function, is_method: bool) -> bool:
    arguments = [*function.args.posonlyargs, *function.args.args][1 if is_method else 0 :]
    rest = (function.args.vararg, function.args.kwarg)
    arguments += [*function.args.kwonlyargs, *(argument for argument in rest if argument)]
    return function.returns is not None and all(argument.annotation for argument in arguments)


def local_imports(module: Module) -> list[str]:
    """Imports written inside a function; `AppConfig.ready` is the one place for them."""
    functions = (each for each in module.functions() if each.name != "ready" or module.path.name != "apps.py")
    inside = (node for each in functions for node in ast.walk(each))
    return [place(module, node) for node in inside if isinstance(node, ast.Import | ast.ImportFrom)]


def place(module: Module, node: Function | ast.Import | ast.ImportFrom) -> str:
    name = getattr(node, "name", "")
    return f"{module.path}:{node.lineno} {name}".rstrip()
