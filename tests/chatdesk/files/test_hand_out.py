"""What is said about a file on its way out: a name that is a name whatever it holds, and nothing that lets it run."""

from __future__ import annotations

from email.message import Message
from urllib.parse import unquote

import pytest
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from hypothesis import given, settings
from hypothesis import strategies as st

from chatdesk.filetypes import IMAGES, MEDIA_TYPES, display_name
from chatdesk.models import File
from chatdesk.protocol import Code, Refused
from chatdesk.views.files.answers import STATUS, answered
from chatdesk.views.files.fetch import _guarded

pytestmark = pytest.mark.once


def said(called: str, kind: str = "pdf") -> HttpResponseBase:
    file = File(
        name=display_name(called, kind), media_type=MEDIA_TYPES[kind], size=7, width=1 if kind in IMAGES else None
    )
    return _guarded(HttpResponse(content_type=file.media_type), file)


def name_in(header: str) -> str:
    """As a browser reads it (RFC 6266, RFC 8187)."""
    message = Message()
    message["Content-Disposition"] = header
    plain = message.get_param("filename*", header="content-disposition") or message.get_filename()
    assert isinstance(plain, str | tuple)
    return plain if isinstance(plain, str) else unquote(plain[2], plain[0] or "utf-8")


HOSTILE = [
    'a"; filename="evil.exe',
    "a\r\nSet-Cookie: x=1",
    "a\\",
    "a;b=c",
    "%22%0d%0a",
    "a'b''c",
    "отчёт",
    "فاتورة\u202egpj.exe",
    "🙂" * 60,
    "=?utf-8?q?Hi=0d=0aBcc:_x?=",
    "",
]


@pytest.mark.parametrize("called", HOSTILE)
def test_f03_a_name_is_one_parameter_of_one_header(called: str) -> None:
    answer = said(called)
    header = answer["Content-Disposition"]
    assert header.startswith("attachment; filename")
    assert header.isascii()
    assert header.isprintable()
    assert name_in(header) == display_name(called, "pdf")


@settings(max_examples=150)
@given(called=st.text(max_size=60), kind=st.sampled_from(sorted(MEDIA_TYPES)))
def test_f03_any_name_arrives_as_it_is_shown(called: str, kind: str) -> None:
    header = said(called, kind)["Content-Disposition"]
    assert header.isascii()
    assert header.isprintable()
    assert header.startswith("inline;" if kind in IMAGES else "attachment;")


@pytest.mark.parametrize("kind", sorted(MEDIA_TYPES))
def test_f10_nothing_that_is_handed_out_may_be_guessed_run_or_kept(kind: str) -> None:
    answer = said("x", kind)
    assert answer["Content-Type"] == MEDIA_TYPES[kind]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert {"sandbox", "default-src 'none'"} <= {part.strip() for part in answer["Content-Security-Policy"].split(";")}
    assert "no-store" in answer["Cache-Control"]
    assert {"Authorization", "Cookie"} <= {part.strip() for part in answer["Vary"].split(",")}
    assert answer["Accept-Ranges"] == "none"


@pytest.mark.parametrize("code", list(Code))
def test_every_refusal_of_a_door_has_a_status_and_is_kept_by_nobody(code: Code, rf: object) -> None:
    def refuse(_request: object) -> HttpResponse:
        raise Refused(code, "no", retry=True)

    answer = answered(refuse)(rf)  # type: ignore[arg-type]
    assert answer.status_code == STATUS.get(code, 400)
    assert 400 <= answer.status_code < 600
    assert answer["Cache-Control"] == "private, no-store"
