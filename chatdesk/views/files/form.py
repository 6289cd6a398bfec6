"""The one form that brings a file: `file`, once, and `client_id`. Counted while it streams in."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest
from django.utils.translation import gettext as _

from chatdesk.actions.files.examination import MEGABYTE
from chatdesk.filetypes.refusals import too_large
from chatdesk.protocol import Code, Refused
from chatdesk.sitelimits import site_settings


class CountingHandler(FileUploadHandler):
    """Refuses at the first byte too many, before it is written anywhere; hands all others on."""

    def __init__(self, request: HttpRequest, megabytes: int) -> None:
        super().__init__(request)
        self.megabytes = megabytes
        self.left = megabytes * MEGABYTE

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.left -= len(raw_data)
        if self.left < 0:
            raise too_large(self.megabytes)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def count_bytes(request: HttpRequest) -> None:
    """Hold this request to the admin's limit. To be called before anything reads the form."""
    request.upload_handlers.insert(0, CountingHandler(request, site_settings().file_limit_mb))


def sent_file(request: HttpRequest) -> tuple[UploadedFile[bytes], str]:
    """The form's one file and its client id. Raises Refused (frame.invalid, file.too_large) and Django's own errors."""
    files = [file for name in request.FILES for file in request.FILES.getlist(name)]
    if len(files) != 1 or "file" not in request.FILES:
        raise Refused(Code.INVALID, _("An upload brings exactly one file, in the field “file”."))
    return files[0], request.POST.get("client_id", "")
