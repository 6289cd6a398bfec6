from routing.actions.presence import LEASE, RENEW_EVERY, arrive, leave, renew, set_status, sign_in
from routing.actions.queue import end, enqueue
from routing.actions.sweeping import sweep
from routing.actions.taking import accept, take, transfer

__all__ = [
    "LEASE",
    "RENEW_EVERY",
    "accept",
    "arrive",
    "end",
    "enqueue",
    "leave",
    "renew",
    "set_status",
    "sign_in",
    "sweep",
    "take",
    "transfer",
]
