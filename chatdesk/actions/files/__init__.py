"""Files of conversations, both ways: examined, stored under chance names, shown only once they are whole."""

from chatdesk.actions.files.receiving import receive
from chatdesk.actions.files.storing import opened, sweep_erased, sweep_unfinished

__all__ = ["opened", "receive", "sweep_erased", "sweep_unfinished"]
