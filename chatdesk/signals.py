"""What apps further right hear of conversations."""

from django.dispatch import Signal

# Within the transaction that made or changed the conversation.
address_left = Signal()  # conversation, address: the visitor left it with their first message, to be told of the answer
