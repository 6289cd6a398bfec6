from accounts.models import User


class RoutingError(Exception):
    """A wish that can't be fulfilled; nothing was changed."""


class AlreadyTaken(RoutingError):
    """Somebody else was quicker."""

    def __init__(self, operator: User) -> None:
        super().__init__(f"taken by {operator}")
        self.operator = operator


class NotWaiting(RoutingError):
    """There is no such request, or it has ended."""


class Full(RoutingError):
    """The person holds as many chats as this group's limit lets them."""


class QueueFull(RoutingError):
    """As many wait for the group as it lets wait."""


class Unavailable(RoutingError):
    """The person or the group asked for can't take a chat now."""
