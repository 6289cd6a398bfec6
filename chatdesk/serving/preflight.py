"""What must be true before the desk can start. Each problem is one sentence that says what to do."""

from __future__ import annotations

import fcntl
import socket
import sys
import tempfile
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

OLDEST_PYTHON = (3, 11)


class NotReady(Exception):
    """The desk can't start; the text is for the person who started it."""


def check_python(version: tuple[int, ...] = sys.version_info[:3]) -> None:
    """Raises NotReady for a Python that is too old."""
    if version < OLDEST_PYTHON:
        raise NotReady(
            _("chatdesk needs Python %(oldest)s or newer; this is %(found)s.")
            % {"oldest": _dotted(OLDEST_PYTHON), "found": _dotted(version)}
        )


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def check_folder(folder: Path) -> None:
    """Make the data folder if need be. Raises NotReady if files can't be written into it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise NotReady(
            _("The data folder %(folder)s can't be written (%(reason)s): mend that, or set CHATDESK_VAR.")
            % {"folder": folder, "reason": error.strerror}
        ) from error


def check_port(host: str, port: int) -> None:
    """Raises NotReady if the server could not listen there. Binds as the server will: with SO_REUSEADDR."""
    if not 0 < port < 65536:
        raise NotReady(_("A port is a number from 1 to 65535, and %(port)s is not: set PORT.") % {"port": port})
    try:
        family, kind, proto, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, proto) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)  # two sockets may be bound alike, but only one may listen
    except OSError as error:
        raise NotReady(
            _("Port %(port)s of %(host)s can't be used (%(reason)s): stop what uses it, or name another with PORT.")
            % {"port": port, "host": host, "reason": error.strerror}
        ) from error


def hold_folder(folder: Path) -> IO[str]:
    """Claim the data folder until the file returned is closed: an embedded desk's bus ends at its own process.

    Raises NotReady if another desk holds it. The claim ends with the process, however it ends.
    """
    claim = (folder / "serving.lock").open("w")
    try:
        fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        claim.close()
        raise NotReady(
            _("Another desk is running on the data folder %(folder)s: stop it, or name another with CHATDESK_VAR.")
            % {"folder": folder}
        ) from error
    return claim
