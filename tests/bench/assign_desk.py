"""One pass of the assigner, timed: `python -m tests.bench.assign_desk WAITING LIMIT [told]`.

A hundred people in twenty groups, each in three, may hold LIMIT chats; WAITING chats wait. With `told` each is a whole
conversation, into which its people are told who joined; without, routing decides alone. On the empty
database of the environment; prints what it took as JSON.
"""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatdesk.settings")

import django

django.setup()

from django.db import connection  # noqa: E402 - Django is set up first
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from chatdesk.models import Button, Conversation, Participant, Visitor  # noqa: E402
from routing import signals  # noqa: E402
from routing.assigner import assign  # noqa: E402
from routing.models import Group, Membership, Presence, Request, State  # noqa: E402
from tests import factories  # noqa: E402

PEOPLE, GROUPS = 100, 20


def open_desk(limit: int) -> list[Group]:
    groups = [factories.make_group(f"group{number}") for number in range(GROUPS)]
    people = [factories.make_operator(f"person{number}") for number in range(PEOPLE)]
    until = timezone.now() + timedelta(hours=1)
    Presence.objects.bulk_create([Presence(user=user, lease_until=until) for user in people])
    Membership.objects.bulk_create(
        Membership(user=user, group=groups[(number + step) % GROUPS], chat_limit=limit)
        for number, user in enumerate(people)
        for step in (0, 1, 7)
    )
    return groups


def queue_up(groups: list[Group], waiting: int) -> list[Request]:
    start = timezone.now() - timedelta(hours=9)
    requests = [
        Request(group=groups[number % GROUPS], arrived_at=start + timedelta(seconds=number))
        for number in range(waiting)
    ]
    return Request.objects.bulk_create(requests)


def talk(requests: list[Request]) -> None:
    """A conversation for each."""
    button = Button.objects.create(slug="bench", title="Bench")
    visitors = Visitor.objects.bulk_create(Visitor(token_hash=f"{request.pk:064}") for request in requests)
    conversations = Conversation.objects.bulk_create(
        Conversation(
            visitor=visitor, button=button, group=request.group, request=request, start_id=f"start{request.pk}"
        )
        for request, visitor in zip(requests, visitors, strict=True)
    )
    Participant.objects.bulk_create(Participant(conversation=conversation) for conversation in conversations)


def main() -> None:
    """Fill the empty database, run one pass, print what it took."""
    waiting, limit = int(sys.argv[1]), int(sys.argv[2])
    requests = queue_up(open_desk(limit), waiting)
    if sys.argv[3:] == ["told"]:
        talk(requests)
    else:
        signals.requests_given.receivers.clear()
        signals.queue_changed.receivers.clear()
    User.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    begun, spent = time.perf_counter(), time.process_time()
    given = len(assign())
    took = {"seconds": time.perf_counter() - begun, "own": time.process_time() - spent, "given": given}
    held = Request.objects.filter(state=State.ACTIVE).count()
    sys.stdout.write(json.dumps({**took, "held": held}))


if __name__ == "__main__":
    main()
