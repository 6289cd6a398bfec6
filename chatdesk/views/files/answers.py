"""What the upload doors answer: the entry's number, or a code with its reason."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from chatdesk.models import Entry
from chatdesk.protocol import Code, Refused

P = ParamSpec("P")

STATUS = {
    Code.AUTH_REQUIRED: 401,
    Code.AUTH_DENIED: 403,
    Code.UNKNOWN: 404,
    Code.CLOSED: 409,
    Code.CONFLICT: 409,
    Code.FILE_TOO_LARGE: 413,
    Code.FILE_TYPE: 415,
    Code.FILE_EMPTY: 422,
    Code.FILE_UNREADABLE: 422,
    Code.RATE: 429,
    Code.BUSY: 503,
}
BAD_FORMS = (MultiPartParserError, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent, UnreadablePostError)


def created(entry: Entry) -> HttpResponse:
    return _private(JsonResponse({"seq": entry.seq}, status=201))


def answered(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """A view whose refusals become their status, with code, detail and retry."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Refused as refused:
            return _refusal(refused)
        except BAD_FORMS:
            return _refusal(Refused(Code.INVALID, _("This upload could not be read.")))

    return answer


def _refusal(refused: Refused) -> HttpResponse:
    told = {"code": refused.code, "detail": refused.detail, "retry": refused.retry}
    return _private(JsonResponse(told, status=STATUS.get(refused.code, 400)))


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
