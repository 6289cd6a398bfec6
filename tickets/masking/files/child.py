"""The process that reads documents and photographs: what to do and the file come in, an answer and a file go out."""

from __future__ import annotations

import io
import json
import resource
import select
import sys

import pikepdf

from tickets.masking.files.images.drawing import as_jpeg
from tickets.masking.files.pdf.document import clean
from tickets.masking.files.reader import LENGTHS
from tickets.masking.results import Unclean, Why
from tickets.masking.rules import Rules

_MEMORY = 2_000_000_000  # bytes
_SECONDS = 35  # of computing, for one document
_IDLE = 120  # seconds without a document, and the process ends


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    incoming, outgoing = sys.stdin.buffer, sys.stdout.buffer
    while select.select([incoming.fileno()], [], [], _IDLE)[0]:
        lengths = incoming.read(LENGTHS.size)
        if len(lengths) < LENGTHS.size:
            return
        head, data = (incoming.read(length) for length in LENGTHS.unpack(lengths))
        _allow_time()
        answer, cleaned = _done(json.loads(head), data)
        told = json.dumps(answer).encode()
        outgoing.write(LENGTHS.pack(len(told), len(cleaned)) + told + cleaned)
        outgoing.flush()


def _allow_time() -> None:
    """The limit counts from the process's beginning, so it moves on with each document."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + _SECONDS, most))


def _rules(told: dict[str, list[str]]) -> Rules:
    return Rules(
        protected=frozenset(told["protected"]),
        allowed=frozenset(told["allowed"]),
        hosts=frozenset(told["hosts"]),
        relay_domain="".join(told["relay_domain"]),
    )


def _done(told: dict[str, list[str]], data: bytes) -> tuple[dict[str, object], bytes]:
    try:
        if told["work"] == ["draw"]:
            return {"removed": []}, as_jpeg(data)
        return _cleaned(data, _rules(told))
    except Unclean as unclean:
        return _refusal(unclean)
    except Exception as failed:
        # Whatever a damaged file makes the libraries do, the file waits for a person.
        return _refusal(Unclean(Why.UNCLEAN_FILE, f"it could not be read ({type(failed).__name__})"))


def _cleaned(data: bytes, rules: Rules) -> tuple[dict[str, object], bytes]:
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return {"removed": list(clean(pdf, rules))}, _saved(pdf)
    except pikepdf.PasswordError:
        raise Unclean(Why.LOCKED, "a password is needed to read it") from None


def _saved(pdf: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _refusal(unclean: Unclean) -> tuple[dict[str, object], bytes]:
    return {"reason": unclean.reason, "detail": unclean.detail}, b""


if __name__ == "__main__":
    main()
