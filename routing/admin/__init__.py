from routing.admin.group import GroupAdmin
from routing.admin.hours import HoursAdmin

__all__ = ["GroupAdmin", "HoursAdmin"]
