from accounts.admin.audit import AuditEntryAdmin
from accounts.admin.directories import DirectoryAdmin
from accounts.admin.user_types import UserTypeAdmin
from accounts.admin.users import UserAdmin

__all__ = ["AuditEntryAdmin", "DirectoryAdmin", "UserAdmin", "UserTypeAdmin"]
