"""What apps further right may want to hear about a person."""

from django.dispatch import Signal

# access_changed(user_id: int): signed out, password changed, switched off, or of another type; 0: a rule of many people
# changed, such as that of a user type. Open sockets ask again.
access_changed = Signal()

# directory_person(user_id: int, groups: list[int]): the mapped groups (DirectoryGroup) that a person of a directory is
# in now, told inside the transaction that takes the person over. Empty when the person is gone.
directory_person = Signal()
