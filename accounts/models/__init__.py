from accounts.models.audit import AuditEntry
from accounts.models.directory import Directory, DirectoryGroup, DirectoryIdentity, DirectoryTry
from accounts.models.due_mail import DueMail
from accounts.models.login_window import LoginWindow
from accounts.models.passkey_wait import PasskeyWait
from accounts.models.password_mail import PasswordMail
from accounts.models.scope import Scope
from accounts.models.sign_in import SignIn
from accounts.models.user import User, normal_email
from accounts.models.user_type import EVERY_PART, UserType

__all__ = [
    "EVERY_PART",
    "AuditEntry",
    "Directory",
    "DirectoryGroup",
    "DirectoryIdentity",
    "DirectoryTry",
    "DueMail",
    "LoginWindow",
    "PasskeyWait",
    "PasswordMail",
    "Scope",
    "SignIn",
    "User",
    "UserType",
    "normal_email",
]
