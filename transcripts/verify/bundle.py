"""Checks a bundle: signature, every file's hash, the log's proofs, and every record. It stops at the first fault."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

from transcripts.proof import bundle as layout
from transcripts.proof.heads import SignedHead
from transcripts.proof.keys import PublicKey
from transcripts.verify.log import check_log
from transcripts.verify.proofs import expectations
from transcripts.verify.report import MISSHAPEN, Broken, Fault, Report, Unreadable
from transcripts.verify.sources import Source, lines_of
from transcripts.verify.trust import Trust, check_key, check_signature, checked_head, note_stamp, read_keys
from transcripts.verify.volumes import volume_of
from transcripts.verify.walk import Walk

SUM = re.compile(rb"([0-9a-f]{64})  ([^\r\n]+)\n")
LARGEST_SUMS = 1 << 30


def check_bundle(source: Source, trust: Trust) -> Report:
    """Raises Unreadable if this is no bundle; what is wrong with one stands in the report."""
    if layout.MANIFEST not in source.names():
        raise Unreadable(f"there is no {layout.MANIFEST} here")
    report = Report()
    try:
        _Check(source, trust, report).all()
    except Broken as broken:
        report.faults.append(broken.fault)
    except MISSHAPEN:
        report.faults.append(Fault("something is missing in the bundle, or in the wrong place"))
    return report


class _Check:
    def __init__(self, source: Source, trust: Trust, report: Report) -> None:
        self.source, self.trust, self.report = source, trust, report
        self.keys: list[PublicKey] = []
        self.sums: dict[str, str] = {}
        self.bad_files: dict[str, str] = {}  # among what was sent, by the hash that they should have

    def all(self) -> None:
        self._read_sums(self._manifest())
        head = self._head()
        records = sorted(path for path in self.sums if path.startswith(layout.RECORDS))
        for path in sorted(self.sums.keys() - set(records)):
            self._file(path)
        self._records(records, head)
        if layout.LEAVES in self.sums:
            check_log(self.source, self.keys, head, self.trust, self.report)
        for path in sorted(self.source.names() - self.sums.keys() - set(layout.UNLISTED)):
            raise Broken(Fault("the file is not of this bundle", path))
        for path in self.source.doubled():
            raise Broken(Fault("the file is there twice", path))

    def _manifest(self) -> dict[str, Any]:
        raw = self.source.read(layout.MANIFEST)
        self.keys = read_keys(self.source.read(layout.KEYS), layout.KEYS)
        try:
            manifest = dict(json.loads(raw))
            key = str(manifest["key"])
        except (ValueError, TypeError, KeyError, RecursionError):
            raise Broken(Fault("the manifest can't be read", layout.MANIFEST)) from None
        signature = self.source.read(layout.SIGNATURE, 1000).decode("ascii", "replace")
        check_signature("manifest", raw, self.keys, key=key, signature=signature, path=layout.MANIFEST)
        check_key(key, self.keys, self.trust, self.report)
        self.report.kind = str(manifest.get("kind", ""))
        self.report.volume = volume_of(manifest, raw)
        return manifest

    def _read_sums(self, manifest: dict[str, Any]) -> None:
        raw = self.source.read(layout.SUMS, LARGEST_SUMS)
        if hashlib.sha256(raw).hexdigest() != manifest.get("sums"):
            raise Broken(Fault("the list of hashes is not the one that was signed", layout.SUMS))
        self.sums = {path.decode(): sha256.decode() for sha256, path in SUM.findall(raw)}

    def _head(self) -> SignedHead:
        raw = self.source.read(layout.HEAD)
        head = checked_head(raw, self.keys, self.trust, self.report, layout.HEAD)
        if layout.STAMP in self.sums:
            note_stamp(self.source.read(layout.STAMP), raw, self.report)
        return head

    def _file(self, path: str) -> None:
        hashed = hashlib.sha256()
        is_sent = path.startswith(layout.FILES)
        try:
            for block in self.source.blocks(path):
                hashed.update(block)
        except Broken:
            if not is_sent:
                raise
        if hashed.hexdigest() == self.sums[path]:
            self.report.files += is_sent
        elif is_sent:
            self.bad_files[self.sums[path]] = path
        else:
            raise Broken(Fault("the file was changed", path))

    def _records(self, paths: list[str], head: SignedHead) -> None:
        proofs = lines_of(self.source.blocks(layout.PROOFS)) if layout.PROOFS in self.sums else iter(())
        walk = Walk(expectations(proofs, head.head, self.report, layout.PROOFS), self.report, self.bad_files)
        for path in paths:
            hashed = hashlib.sha256()
            try:
                walk.through(self._hashing(path, hashed), path)
                if hashed.hexdigest() != self.sums[path]:
                    raise Broken(Fault("the file ends before it", path))
            except Broken as broken:
                raise walk.named(broken) from None
        walk.finish(paths[-1] if paths else "")
        for bad in sorted(self.bad_files.values()):
            raise Broken(Fault("the file was changed", bad))

    def _hashing(self, path: str, hashed: Any) -> Iterator[bytes]:
        for block in self.source.blocks(path):
            hashed.update(block)
            yield block
