"""What apps further right hear of conversations."""

from django.dispatch import Signal

# Within the transaction that made or changed the conversation.
address_left = Signal()  # conversation, address: the visitor left it with their first message, to be told of the answer
# Before a visitor's conversation is erased: conversation. A receiver that answers a reason, in words, forbids it.
visitor_erasing = Signal()
visitor_erased = Signal()  # conversation, whose words and names are gone; what other apps keep of it has to go as well
conversation_closed = Signal()  # conversation, which has ended, by whomever
conversation_reopened = Signal()  # conversation, before its next entry
note_stored = Signal()  # note: a remark or a whisper
watching_changed = Signal()  # participant, who begins or ends to watch without taking part; unseen: by the visitor
hold_changed = Signal()  # conversation, on: the operator looks something up, or is back
contact_revealed = Signal()  # conversation, user: who will see the visitor's address
file_gone = Signal()  # file, whose bytes have been deleted
demo_made = Signal()  # the demo's people, groups and buttons are there for the first time
