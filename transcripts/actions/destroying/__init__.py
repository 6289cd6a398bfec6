"""The end of a conversation: its bytes, its rows, and what stays to say that it was."""
