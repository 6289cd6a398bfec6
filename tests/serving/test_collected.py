"""Static files are collected when they changed, and only then."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pytest_django import Settings

from chatdesk.serving import collected
from chatdesk.serving.collected import STAMP, collect_if_changed

pytestmark = pytest.mark.once


@pytest.fixture
def root(tmp_path: Path, settings: Settings) -> Path:
    """An own static source with one file, and an empty place to collect to; the storage is the product's own."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "one.css").write_text("body { color: black }")
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    return tmp_path


def manifest(root: Path) -> dict[str, str]:
    paths: dict[str, str] = json.loads((root / "collected" / "staticfiles.json").read_text())["paths"]
    return paths


def test_the_first_time_collects_under_hashed_names(root: Path) -> None:
    assert collect_if_changed() is True
    assert manifest(root)["one.css"] != "one.css"
    assert (root / "collected" / manifest(root)["one.css"]).is_file()


def test_the_second_time_does_nothing(root: Path) -> None:
    collect_if_changed()
    before = (root / "collected" / "staticfiles.json").stat().st_mtime_ns
    assert collect_if_changed() is False
    assert (root / "collected" / "staticfiles.json").stat().st_mtime_ns == before


def test_a_changed_source_is_collected_again(root: Path) -> None:
    collect_if_changed()
    old = manifest(root)["one.css"]
    (root / "source" / "one.css").write_text("body { color: white }")
    assert collect_if_changed() is True
    assert manifest(root)["one.css"] != old


def test_a_new_time_on_the_same_content_is_no_change(root: Path) -> None:
    collect_if_changed()
    (root / "source" / "one.css").touch()
    assert collect_if_changed() is False


def test_a_removed_source_is_gone_after_collecting(root: Path) -> None:
    (root / "source" / "two.css").write_text("p { color: red }")
    collect_if_changed()
    (root / "source" / "two.css").unlink()
    assert collect_if_changed() is True
    assert not (root / "collected" / "two.css").exists()


def test_a_collection_that_broke_off_is_not_taken_for_whole(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    collect_if_changed()
    (root / "source" / "one.css").write_text("body { color: green }")

    def break_off(*_words: object, **_options: object) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patched:
        patched.setattr(collected, "call_command", break_off)
        with pytest.raises(OSError, match="no space left"):
            collect_if_changed()
    assert not (root / "collected" / STAMP).exists()
    assert collect_if_changed() is True
