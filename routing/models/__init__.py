from routing.models.absence import Absence, AbsenceMail
from routing.models.directory import DirectoryMembers
from routing.models.group import Group, Membership, Policy
from routing.models.hours import Hours, Interval, SpecialDay
from routing.models.presence import Presence, Status
from routing.models.request import Outcome, Request, State

__all__ = [
    "Absence",
    "AbsenceMail",
    "DirectoryMembers",
    "Group",
    "Hours",
    "Interval",
    "Membership",
    "Outcome",
    "Policy",
    "Presence",
    "Request",
    "SpecialDay",
    "State",
    "Status",
]
