"""ES modules joined into one file when static files are collected, so that a page needs one request for its script.

The sources stay small modules that run as they are. What they may use is narrow, and anything else is refused when
collecting: `import { a, b } from "./x.js";` and `export` before a declaration; top-level names differ between modules.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable

IMPORT = re.compile(r"^import \{[^}]*\} from \"(?P<path>\.[^\"]+)\";\n", re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const|let)\b)", re.MULTILINE)
NAME = re.compile(r"^(?:async )?(?:function\*?|class|const|let) (\w+)", re.MULTILINE)
COMMENT = re.compile(r"^[ \t]*/\*\*.*?\*/[ \t]*\n|^[ \t]*//[^\n]*\n|^[ \t]*\n", re.MULTILINE | re.DOTALL)


class BundleError(ValueError):
    """A module uses what the bundler does not join; the message names the file."""


def bundle(entry: str, read: Callable[[str], str]) -> str:
    """The module `entry` with all it imports, dependencies first, without comments.

    `read(path)` answers a module's text by its path below the static root. Raises BundleError.
    """
    texts: dict[str, str] = {}
    _visit(entry, read, texts)
    _refuse_twice(texts)
    return "".join(texts.values())


def _visit(path: str, read: Callable[[str], str], texts: dict[str, str], above: tuple[str, ...] = ()) -> None:
    if path in texts:
        return
    if path in above:
        raise BundleError(f"{path} imports itself by way of {', '.join(above)}")
    source = COMMENT.sub("", read(path))
    for found in IMPORT.finditer(source):
        _visit(posixpath.normpath(posixpath.join(posixpath.dirname(path), found["path"])), read, texts, (*above, path))
    body = EXPORT.sub("", IMPORT.sub("", source))
    left = re.search(r"^(?:import|export)\b.*$", body, re.MULTILINE)
    if left:
        raise BundleError(f"{path}: {left[0]!r} can't be joined")
    texts[path] = body


def _refuse_twice(texts: dict[str, str]) -> None:
    owner: dict[str, str] = {}
    for path, text in texts.items():
        for name in NAME.findall(text):
            if name in owner:
                raise BundleError(f"{name} is declared in {owner[name]} and in {path}")
            owner[name] = path
