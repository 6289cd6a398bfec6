from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.http import Http404, HttpRequest
from django.utils.decorators import sync_and_async_middleware

from accounts.addresses import client_address
from accounts.audit import acting

Answer = Callable[[HttpRequest], Any]  # the response, or what has to be awaited for it


@sync_and_async_middleware
def acting_middleware(get_response: Answer) -> Answer:
    """What a request does is done by whoever is signed in, from where the request comes."""
    if iscoroutinefunction(get_response):

        async def answer_soon(request: HttpRequest) -> Any:
            with acting(request.user, client_address(request)):
                return await get_response(request)

        return answer_soon

    def answer(request: HttpRequest) -> Any:
        with acting(request.user, client_address(request)):
            return get_response(request)

    return answer


@sync_and_async_middleware
def path_middleware(get_response: Answer) -> Answer:
    """No page has a NUL in its address: 404 for one that has. PostgreSQL would answer a search for it by an error."""
    if iscoroutinefunction(get_response):

        async def answer_soon(request: HttpRequest) -> Any:
            _check_path(request)
            return await get_response(request)

        return answer_soon

    def answer(request: HttpRequest) -> Any:
        _check_path(request)
        return get_response(request)

    return answer


def _check_path(request: HttpRequest) -> None:
    if "\x00" in request.path_info:
        raise Http404
