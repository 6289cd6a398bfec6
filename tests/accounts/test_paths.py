"""An address with a NUL in it is no page, before anything is looked for in the database."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory

from accounts.middleware import path_middleware
from tests.accounts.people import signed_in
from tests.factories import Cast

BAD = ["/return/%00/", "/return/files/a%00/", "/desk/conversations/%00/", "/transcripts/%00/", "/%00", "/help/%00/"]


@pytest.mark.parametrize("path", BAD)
def test_no_page_has_a_nul_in_its_address(cast: Cast, path: str) -> None:
    for client in (Client(), signed_in(cast.alice)):
        assert client.get(path).status_code == 404, path
        assert client.post(path).status_code in (403, 404), path


def test_nothing_behind_is_asked_by_threads_or_by_the_loop() -> None:
    asked: list[str] = []

    def behind(request: Any) -> HttpResponse:
        asked.append(request.path)
        return HttpResponse("here")

    async def behind_soon(request: Any) -> HttpResponse:
        return behind(request)

    make = RequestFactory().get
    with pytest.raises(Http404):
        path_middleware(behind)(make("/a%00b"))
    with pytest.raises(Http404):
        asyncio.run(path_middleware(behind_soon)(make("/a%00b")))
    assert asked == []
    assert path_middleware(behind)(make("/a%20b?q=%00")).content == b"here"
    assert asyncio.run(path_middleware(behind_soon)(make("/c"))).content == b"here"
    assert asked == ["/a b", "/c"]
