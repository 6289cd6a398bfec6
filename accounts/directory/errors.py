from __future__ import annotations


class DirectoryDown(Exception):
    """No server of the directory answers, or it refuses the desk itself. `reason`: what the library said, in short."""

    def __init__(self, name: str, reason: str = "") -> None:
        super().__init__(f"{name}: {reason}")
        self.name, self.reason = name, reason


class TooManyTries(Exception):
    """So many wrong passwords reached the directory for one person that the next is not passed on."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"{seconds} seconds")
        self.seconds = seconds


class NotTakenOver(Exception):
    """A person of the directory who may not become, or no longer be, a user here. `code`: why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
