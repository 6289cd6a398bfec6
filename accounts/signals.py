"""What apps further right may want to hear about a person."""

from django.dispatch import Signal

# access_changed(user_id: int): signed out, password changed, switched off, or of another type. Open sockets ask again.
access_changed = Signal()
