"""Mail that a provider hands on over HTTP: its signature and a secret of ours are checked before anything is kept."""

from __future__ import annotations

from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

from anymail.exceptions import AnymailConfigurationError
from anymail.webhooks.mailgun import MailgunInboundWebhookView
from anymail.webhooks.mailjet import MailjetInboundWebhookView
from anymail.webhooks.postmark import PostmarkInboundWebhookView
from anymail.webhooks.sparkpost import SparkPostInboundWebhookView
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.datastructures import MultiValueDict
from django.views.decorators.csrf import csrf_exempt

PROVIDERS: dict[str, Any] = {
    "mailgun": MailgunInboundWebhookView,
    "mailjet": MailjetInboundWebhookView,
    "postmark": PostmarkInboundWebhookView,
    "sparkpost": SparkPostInboundWebhookView,
}


@csrf_exempt
def inbound(request: HttpRequest, provider: str) -> HttpResponse:
    """200 once the mail is committed; 400 for who does not know the secret; 404 while no secret is set."""
    if provider not in PROVIDERS or not settings.ANYMAIL["WEBHOOK_SECRET"]:
        raise Http404
    try:
        view = PROVIDERS[provider].as_view()
        _take_whole(request)
        answer: HttpResponse = view(request)
    except AnymailConfigurationError as trouble:  # such as no key to check the signature with
        raise Http404 from trouble
    return answer


def _take_whole(request: Any) -> None:
    """Read the body here: Django holds forms to far less than a mail has, and the whole was measured at the door."""
    request._body = request.read()
    if request.content_type == "multipart/form-data":
        request._post, request._files = _form(request)


def _form(request: HttpRequest) -> tuple[QueryDict, MultiValueDict[str, SimpleUploadedFile]]:
    head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
    whole = BytesParser(policy=HTTP).parsebytes(head + request.body)
    fields, files = QueryDict(mutable=True), MultiValueDict[str, SimpleUploadedFile]()
    for part in whole.iter_parts():
        name = str(part.get_param("name", "", "content-disposition"))
        data: Any = part.get_payload(decode=True) or b""
        if part.get_filename() is None:
            fields.appendlist(name, data.decode("utf-8", "surrogateescape"))
        else:
            files.appendlist(name, SimpleUploadedFile(part.get_filename() or "file", data, part.get_content_type()))
    return fields, files
