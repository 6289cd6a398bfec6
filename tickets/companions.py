"""What runs beside the embedded server."""

from __future__ import annotations

from chatdesk.serving.companions import accompany
from tickets.mailroom import open_beside

accompany(open_beside)
