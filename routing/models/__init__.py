from routing.models.group import Group, Membership
from routing.models.presence import Presence, Status
from routing.models.request import Request, State

__all__ = ["Group", "Membership", "Presence", "Request", "State", "Status"]
