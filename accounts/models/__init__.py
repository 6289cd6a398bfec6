from accounts.models.password_mail import PasswordMail
from accounts.models.user import User, normal_email
from accounts.models.user_type import Scope, UserType

__all__ = ["PasswordMail", "Scope", "User", "UserType", "normal_email"]
