from accounts.admin.audit import AuditEntryAdmin
from accounts.admin.user_types import UserTypeAdmin
from accounts.admin.users import UserAdmin

__all__ = ["AuditEntryAdmin", "UserAdmin", "UserTypeAdmin"]
