"""Modules joined into one: what is joined, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatdesk.bundle import BundleError, bundle
from chatdesk.staticstorage import BUNDLES

pytestmark = pytest.mark.once
STATIC = Path(__file__).parents[2] / "static"


def joined(**modules: str) -> str:
    """`main` bundled, with modules by their name."""
    return bundle("main.js", lambda path: modules[path.removesuffix(".js").replace("/", "_")])


def test_what_is_needed_comes_first() -> None:
    text = joined(main='import { a } from "./one.js";\nuse(a);\n', one="export const a = 1;\n")
    assert text.index("const a = 1") < text.index("use(a)")
    assert "import" not in text
    assert "export" not in text


def test_a_module_is_there_once() -> None:
    text = joined(
        main='import { a } from "./one.js";\nimport { b } from "./two.js";\n',
        one='import { b } from "./two.js";\nexport const a = b;\n',
        two="export const b = 2;\n",
    )
    assert text.count("const b = 2") == 1


def test_folders_are_followed() -> None:
    assert "const a = 1" in joined(main='import { a } from "./deep/../far/one.js";\n', far_one="export const a = 1;\n")


def test_modules_may_use_the_same_names() -> None:
    text = joined(main='import { a as b } from "./one.js";\nconst a = b;\n', one="export const a = 1;\n")
    assert "const { a: b } = m0;" in text


def test_comments_stay_behind() -> None:
    text = joined(main="// one\n/** two\n * three */\nuse(1); // four\n")
    assert "one" not in text
    assert "three" not in text


@pytest.mark.parametrize(
    "source",
    [
        'import * as all from "./one.js";\n',
        'import one from "./one.js";\n',
        'import "./one.js";\n',
        'export { a } from "./one.js";\n',
        "export default 1;\n",
        "export let changing = 1;\n",
    ],
)
def test_what_cannot_be_joined_is_refused(source: str) -> None:
    with pytest.raises(BundleError, match=r"main\.js"):
        joined(main=source, one="export const a = 1;\n")


def test_a_circle_is_refused() -> None:
    with pytest.raises(BundleError, match="imports itself"):
        joined(main='import { a } from "./one.js";\n', one='import { b } from "./main.js";\n')


@pytest.mark.parametrize("entry", BUNDLES.values())
def test_the_pages_own_scripts_can_be_joined(entry: str) -> None:
    text = bundle(entry, lambda path: (STATIC / path).read_text())
    for sink in (".innerHTML", ".outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"):
        assert sink not in text
