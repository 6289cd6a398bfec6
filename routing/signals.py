"""What routing decided, told inside its transaction: a receiver that raises undoes the decision.

requests_given     requests: list[Request], given out in one pass, each to its operator; as for request_assigned
request_assigned   request, operator: User, by: User | None (who handed it over), previous: User | None (who held it);
                   with request.accept_by set it is only offered until then
request_accepted   request, operator: User, who begins with what was offered
request_passed     request, operator: User, who had not accepted what was offered, and has it no more
request_requeued   request, lost: User | None (who held it and is gone)
request_moved      request, group: Group (its new one), by: User, previous: User | None (who held it)
request_overflowed request, group: Group (its new one), left: Group; it waited too long there
request_ended      request; its operator is who held it last, if anybody did
presence_changed   user_id: int
group_added        group: Group, that an admin has just made
queue_changed      group_ids: frozenset[int], whose waiting lists may look different now
"""

from django.dispatch import Signal

requests_given = Signal()
request_assigned = Signal()
request_accepted = Signal()
request_passed = Signal()
request_requeued = Signal()
request_moved = Signal()
request_overflowed = Signal()
request_ended = Signal()
presence_changed = Signal()
group_added = Signal()
queue_changed = Signal()
