"""What apps further right hear of records."""

from django.dispatch import Signal

# Inside the transaction that destroys a conversation, its row locked, before any of its rows go: conversation. Each
# receiver deletes what its app keeps of it. What it raises stops the destruction, which is tried again later.
conversation_destroying = Signal()
# Inside the transaction that takes a class of data out of a conversation: conversation, data (the key of the class).
part_removing = Signal()

# Inside the transaction that made them: conversations of the demo archive, each of whose first entry came by mail.
mails_invented = Signal()
# Inside the transaction that restricts a conversation at its person's wish: conversation. Nothing may come into it now.
conversation_restricted = Signal()
