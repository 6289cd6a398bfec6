"""Some web page of another origin, with the snippet that a business puts on its site."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = """<!doctype html><html lang="en"><title>A shop</title><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,"><h1>A shop</h1>
<a href="{desk}/chat/{button}/" data-chatdesk="{button}">Chat with us</a>
<script async src="{desk}/widget.js"></script></html>"""


@contextmanager
def host_page(desk: str, button: str) -> Iterator[str]:
    """The page's address, on a port of its own."""
    text = PAGE.format(desk=desk, button=button).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
