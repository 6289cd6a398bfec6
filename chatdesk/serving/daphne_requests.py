"""Bodies under daphne: held to a limit as they arrive, and left to Django to read.

Twisted keeps a whole body before the application hears of it, without a limit, and reads every form on the server's own
loop, where all sockets would wait for a large one.
"""

from __future__ import annotations

import json
from typing import Any

from daphne.http_protocol import HTTPFactory, WebRequest

from chatdesk.bodylimit import FORM_AROUND, MEGABYTE
from chatdesk.protocol import Code

MOST_MEGABYTES = 200  # what an admin may allow at most; `bodylimit` holds each path to its own measure
MOST = MOST_MEGABYTES * MEGABYTE + FORM_AROUND


class DeskRequest(WebRequest):  # type: ignore[misc]  # daphne brings no types
    taken = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, parsePOSTFormSubmission=False, **kwargs)

    def gotLength(self, length: int | None) -> None:  # noqa: N802 - Twisted's name
        super().gotLength(length)
        if length is not None and length > MOST:
            self.refuse()

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        if self.taken > MOST:
            return
        self.taken += len(data)
        if self.taken > MOST:
            self.refuse()
        else:
            super().handleContentChunk(data)

    def refuse(self) -> None:
        """Say why, hang up, and keep nothing of it."""
        self.taken = MOST + 1
        self.content.truncate(0)
        told = {"code": Code.FILE_TOO_LARGE, "detail": f"At most {MOST_MEGABYTES} MB can be sent here.", "retry": False}
        body = json.dumps(told).encode()
        head = f"HTTP/1.1 413 Content Too Large\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        self.channel.transport.write(head.encode() + b"Connection: close\r\n\r\n" + body)
        self.channel.loseConnection()


class DeskFactory(HTTPFactory):  # type: ignore[misc]  # daphne brings no types
    def buildProtocol(self, addr: Any) -> Any:  # noqa: N802 - Twisted's name
        protocol = super().buildProtocol(addr)
        protocol.requestFactory = DeskRequest
        return protocol
