"""The process that reads one document: rules and document come in, a line of JSON and the cleaned document go out."""

from __future__ import annotations

import io
import json
import resource
import sys

import pikepdf

from tickets.masking.files.pdf.document import clean
from tickets.masking.results import Unclean, Why
from tickets.masking.rules import Rules

_MEMORY = 2_000_000_000  # bytes
_SECONDS = 35


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    told = json.loads(sys.stdin.buffer.readline())
    answer, data = _cleaned(sys.stdin.buffer.read(), _rules(told))
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + data)


def _rules(told: dict[str, list[str]]) -> Rules:
    return Rules(
        protected=frozenset(told["protected"]),
        allowed=frozenset(told["allowed"]),
        hosts=frozenset(told["hosts"]),
        relay_domain="".join(told["relay_domain"]),
    )


def _cleaned(data: bytes, rules: Rules) -> tuple[dict[str, object], bytes]:
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return {"removed": list(clean(pdf, rules))}, _saved(pdf)
    except pikepdf.PasswordError:
        return _refusal(Unclean(Why.LOCKED, "a password is needed to read it"))
    except Unclean as unclean:
        return _refusal(unclean)
    except Exception as failed:
        return _refusal(Unclean(Why.UNCLEAN_FILE, f"it could not be read ({type(failed).__name__})"))


def _saved(pdf: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _refusal(unclean: Unclean) -> tuple[dict[str, object], bytes]:
    return {"reason": unclean.reason, "detail": unclean.detail}, b""


if __name__ == "__main__":
    main()
