"""A volume on its way out: once, to who asked for it, and on from where a line broke."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from chatdesk.dbthreads import in_thread
from transcripts.actions.exporting import delivering
from transcripts.actions.exporting.asking import NotPossible
from transcripts.models import ExportPart
from transcripts.views.door import Reader, compliance_form
from transcripts.views.exports import export_or_404

RANGE = re.compile(r"bytes=(\d{1,18})-")


class Counted(StreamingHttpResponse):
    """Pieces that are counted in the database before they leave; read beside the event loop where there is one."""

    def __init__(self, pieces: Iterator[bytes], **facts: object) -> None:
        super().__init__(pieces, **facts)
        self._pieces = pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while piece := await in_thread(next, self._pieces, b""):
            yield piece


@compliance_form
def volume(request: HttpRequest, reader: Reader, ref: str, number: int) -> HttpResponseBase:
    """GET and POST alike: a browser that takes a broken line up again asks with GET and Range (RFC 9110, 14)."""
    part = ExportPart.objects.select_related("export__matter").filter(export=export_or_404(ref), number=number).first()
    if part is None:
        raise Http404
    start = _start(request, part)
    if request.method == "HEAD" or start is None:
        return _head(part) if start is not None else _beyond(part)
    try:
        line = delivering.begin(part, reader.user, start)
    except NotPossible as refused:
        messages.error(request, str(refused))
        return redirect("transcripts:export", ref)
    return _handed_out(request, part, line, start)


def _start(request: HttpRequest, part: ExportPart) -> int | None:
    """The first byte that is asked for: 0 without a Range, or with one of another shape; None beyond the end."""
    asked = RANGE.fullmatch(request.headers.get("Range", ""))
    if asked is None or request.headers.get("If-Range", _mark(part)) != _mark(part):
        return 0
    start = int(asked[1])
    return start if start < part.size else None


def _mark(part: ExportPart) -> str:
    return f'"{part.sha256}"'


def _handed_out(request: HttpRequest, part: ExportPart, line: str, start: int) -> HttpResponseBase:
    request.META.pop("HTTP_ACCEPT_ENCODING", None)  # packing it again would hide its length
    response = Counted(delivering.chunks(part, line, start), status=206 if start else 200)
    response.headers["Content-Length"] = str(part.size - start)
    if start:
        response.headers["Content-Range"] = f"bytes {start}-{part.size - 1}/{part.size}"
    return _marked(response, part)


def _head(part: ExportPart) -> HttpResponseBase:
    response = _marked(HttpResponse(), part)
    response.headers["Content-Length"] = str(part.size)
    return response


def _beyond(part: ExportPart) -> HttpResponseBase:
    return HttpResponse(status=416, headers={"Content-Range": f"bytes */{part.size}"})


def _marked(response: HttpResponseBase, part: ExportPart) -> HttpResponseBase:
    response.headers["Content-Type"] = "application/zip"
    response.headers["Content-Disposition"] = f'attachment; filename="export-{part.export.ref[:8]}-{part.name}.zip"'
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["ETag"] = _mark(part)
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
