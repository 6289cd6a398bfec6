from __future__ import annotations

from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

from accounts.addresses import client_address
from accounts.audit import acting

Answer = Callable[[HttpRequest], HttpResponseBase] | Callable[[HttpRequest], Awaitable[HttpResponseBase]]


@sync_and_async_middleware
def acting_middleware(get_response: Answer) -> Answer:
    """What a request does is done by whoever is signed in, from where the request comes."""
    if iscoroutinefunction(get_response):

        async def answer_soon(request: HttpRequest) -> HttpResponseBase:
            with acting(request.user, client_address(request)):
                return await get_response(request)

        return answer_soon

    def answer(request: HttpRequest) -> HttpResponseBase:
        with acting(request.user, client_address(request)):
            return get_response(request)  # type: ignore[return-value]

    return answer
