"""Static files: hashed names, modules joined into bundles, compressed once when collected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

from chatdesk.bundle import bundle

BUNDLES = {"widget/chat/bundle.js": "widget/chat/main.js", "desk/bundle.js": "desk/main.js"}


class ModuleManifestStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped at its source
    support_js_module_import_aggregation = True
    max_post_process_passes = 20  # each may resolve no more than one step of a chain of imports; the desk's has ten

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        if not dry_run:
            for name, entry in BUNDLES.items():
                paths |= self._bundled(name, entry)
        yield from super().post_process(paths, dry_run, **options)

    def _bundled(self, name: str, entry: str) -> dict[str, Any]:
        self.delete(name)
        self.save(name, ContentFile(bundle(entry, self._text)))
        return {name: (self, name)}

    def _text(self, path: str) -> str:
        with self.open(path) as file:
            return bytes(file.read()).decode()
