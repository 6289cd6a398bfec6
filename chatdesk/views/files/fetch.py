"""Handing a file out: to who may read its conversation, open or ended, and to nobody else."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

from django.core.files.base import File as Content
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.audit import record
from accounts.models import User
from chatdesk.actions.files import opened
from chatdesk.models import File, Visitor
from chatdesk.permissions import conversation_for_operator, conversation_for_visitor, may_do, visitor_of_request
from chatdesk.protocol import Refused

logger = logging.getLogger(__name__)
NOWHERE = "-"  # what no conversation is called: the way to nothing takes as long as the way to another's file


class Streamed(FileResponse):
    """Read piece by piece beside the event loop; Django's own class reads all of it into memory first."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        source = self.file_to_stream
        if source is None:  # something wrapped the bytes on their way out
            async for part in super().__aiter__():
                yield part
            return
        while chunk := await asyncio.to_thread(source.read, self.block_size):
            yield chunk


@require_safe
def fetch(request: HttpRequest, key: str) -> HttpResponseBase:
    file = File.objects.select_related("conversation").filter(key=key, state=File.State.STORED).first()
    reader = _reader(request, file.conversation.ref if file else NOWHERE)
    if file is None or reader is None:
        return nothing()
    if isinstance(reader, User) and not file.is_image and not may_do(reader, file.conversation, "store"):
        return _not_to_keep()
    if isinstance(reader, User) and not file.is_image and request.method != "HEAD":
        record("file.download", actor=reader, on=file)
    return handed_out(request, file)


def handed_out(request: HttpRequest, file: File) -> HttpResponseBase:
    """The bytes of a stored file, to somebody who was found to be allowed them."""
    request.META.pop("HTTP_ACCEPT_ENCODING", None)  # packing it again would hide its length from the progress bar
    if request.method == "HEAD":
        return _guarded(HttpResponse(content_type=file.media_type), file)
    content = _content(file)
    if content is None:
        return nothing()
    return _guarded(Streamed(content, content_type=file.media_type), file)


def _reader(request: HttpRequest, ref: str) -> Visitor | User | None:
    """Who of those that come with this request may read this conversation: the visitor, or a person here."""
    visitor = visitor_of_request(request)
    try:
        if visitor is not None:
            conversation_for_visitor(visitor, ref)
            return visitor
    except Refused:
        pass  # a visitor of another conversation may work here as well
    try:
        if isinstance(request.user, User):
            conversation_for_operator(request.user, ref)
            return request.user
    except Refused:
        pass
    return None


def _content(file: File) -> Content[bytes] | None:
    try:
        return opened(file)
    except FileNotFoundError:
        logger.error("the bytes of file %s are missing in storage", file.pk)
        return None


def _guarded(response: HttpResponseBase, file: File) -> HttpResponseBase:
    """The headers that keep a stranger's file from doing anything here (OWASP File Upload Cheat Sheet).

    A picture was drawn anew by this desk, so it may be shown; all else is only ever saved.
    """
    disposition = content_disposition_header(not file.is_image, file.name)
    response["Content-Disposition"] = disposition or "attachment"
    response["Content-Length"] = str(file.size)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    _unshared(response)
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Accept-Ranges"] = "none"
    return response


def nothing() -> HttpResponse:
    """The same for what never was and for what is not for this reader."""
    response = HttpResponse(_("There is no such file."), status=404, content_type="text/plain; charset=utf-8")
    _unshared(response)
    return response


def _not_to_keep() -> HttpResponse:
    words = _("You may read this conversation, but not keep copies of its files.")
    response = HttpResponse(words, status=403, content_type="text/plain; charset=utf-8")
    _unshared(response)
    return response


def _unshared(response: HttpResponseBase) -> None:
    response["Cache-Control"] = "private, no-store"
    response["Vary"] = "Authorization, Cookie"  # on every answer, so that none tells what was looked up for it
