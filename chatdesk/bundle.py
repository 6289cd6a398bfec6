"""ES modules joined into one file when static files are collected, so that a page needs one request for its script.

The sources stay small modules that run as they are. Each becomes a function that answers what it exports, dependencies
first. What modules may use is narrow, and anything else is refused when collecting:
`import { a, b as c } from "./x.js";` and `export` before a function, a class or a const.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable

IMPORT = re.compile(r"^import \{(?P<names>[^}]*)\} from \"(?P<path>\.[^\"]+)\";\n", re.MULTILINE)
EXPORT = re.compile(r"^export (?P<kind>(?:async )?function\*?|class|const) (?P<name>\w+)", re.MULTILINE)
COMMENT = re.compile(r"^[ \t]*/\*\*.*?\*/[ \t]*\n|^[ \t]*//[^\n]*\n|^[ \t]*\n", re.MULTILINE | re.DOTALL)
REST = re.compile(r"^(?:import|export)\b.*$", re.MULTILINE)

Read = Callable[[str], str]


class BundleError(ValueError):
    """A module uses what can't be joined; the message names the file."""


def bundle(entry: str, read: Read) -> str:
    """The module `entry` with all it imports, without comments.

    `read(path)` answers a module's text by its path below the static root. Raises BundleError.
    """
    parts: dict[str, str] = {}
    _visit(entry, read, parts, ())
    return "".join(parts.values())


def _visit(path: str, read: Read, parts: dict[str, str], above: tuple[str, ...]) -> None:
    if path in parts:
        return
    if path in above:
        raise BundleError(f"{path} imports itself by way of {', '.join(above)}")
    source = COMMENT.sub("", read(path))
    imports = [(found["names"], _joined(path, found["path"])) for found in IMPORT.finditer(source)]
    for _names, needed in imports:
        _visit(needed, read, parts, (*above, path))
    order = {known: f"m{n}" for n, known in enumerate(parts)}
    taken = "".join(f"const {{{names.replace(' as ', ': ')}}} = {order[needed]};\n" for names, needed in imports)
    parts[path] = _wrapped(f"m{len(parts)}", taken, IMPORT.sub("", source), path)


def _joined(path: str, relative: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), relative))


def _wrapped(name: str, taken: str, body: str, path: str) -> str:
    given = ", ".join(found["name"] for found in EXPORT.finditer(body))
    plain = EXPORT.sub(r"\g<kind> \g<name>", body)
    left = REST.search(plain)
    if left:
        raise BundleError(f"{path}: {left[0]!r} can't be joined")
    return f"const {name} = (() => {{\n{taken}{plain}return {{{given}}};\n}})();\n"
