"""What apps further right hear of conversations."""

from django.dispatch import Signal

# Within the transaction that made or changed the conversation.
address_left = Signal()  # conversation, address: the visitor left it with their first message, to be told of the answer
# Before a visitor's conversation is erased: conversation. A receiver that answers a reason, in words, forbids it.
visitor_erasing = Signal()
visitor_erased = Signal()  # conversation, whose words and names are gone; what other apps keep of it has to go as well
demo_made = Signal()  # the demo's people, groups and buttons are there for the first time
