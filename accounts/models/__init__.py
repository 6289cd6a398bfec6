from accounts.models.user import User
from accounts.models.user_type import Scope, UserType

__all__ = ["Scope", "User", "UserType"]
