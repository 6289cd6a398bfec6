from routing.actions.presence import LEASE, RENEW_EVERY, arrive, leave, renew, set_status, sweep
from routing.actions.queue import end, enqueue
from routing.actions.taking import take, transfer

__all__ = [
    "LEASE",
    "RENEW_EVERY",
    "arrive",
    "end",
    "enqueue",
    "leave",
    "renew",
    "set_status",
    "sweep",
    "take",
    "transfer",
]
