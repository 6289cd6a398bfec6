"""What a page asks of one origin, with the bytes that came over the wire."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Page, Request, WebSocket


@dataclass(frozen=True)
class Asked:
    """One request; `size` is the body as it was sent, compressed or not, in bytes."""

    url: str
    size: int


class Requests:
    """Collects from the moment it is made. A websocket counts as a request without a body."""

    def __init__(self, page: Page, origin: str) -> None:
        self.origin = origin
        self._requests: list[Request] = []
        self._sockets: list[str] = []
        page.on("requestfinished", self._finished)
        page.on("websocket", self._socket)

    def finished(self) -> list[Asked]:
        """What was asked so far, in order."""
        sized = [Asked(request.url, request.sizes()["responseBodySize"]) for request in self._requests]
        return [*sized, *(Asked(url, 0) for url in self._sockets)]

    def _finished(self, request: Request) -> None:
        if request.url.startswith(self.origin):
            self._requests.append(request)

    def _socket(self, socket: WebSocket) -> None:
        self._sockets.append(socket.url)
