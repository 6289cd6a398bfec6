"""A thousand mails taken in by one worker on one core: `python -m tests.bench.intake_desk COUNT`.

On the empty database of the environment; prints as JSON what Python's own parser and the worker took for them.
"""

from __future__ import annotations

import json
import os
import sys
import time
from email import policy
from email.parser import BytesParser

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatdesk.settings")

import django

django.setup()

from chatdesk.models import Conversation, File  # noqa: E402 - Django is set up first
from tests import factories  # noqa: E402
from tests.bench.intake_mails import mails  # noqa: E402
from tickets.actions.processing import process_due  # noqa: E402
from tickets.actions.receiving import keep  # noqa: E402
from tickets.models import ForwardingAddress, IncomingMail, MailSettings  # noqa: E402
from tickets.reading.envelope import Envelope  # noqa: E402


def open_desk() -> None:
    group = factories.make_group("support")
    factories.make_button("support", group)
    MailSettings.objects.create(pk=1, relay_domain="relay.test")
    ForwardingAddress.objects.create(address="support@relay.test", group=group)


def parsed(raws: list[bytes]) -> tuple[float, float]:
    """Seconds by the clock, and of this process's own, in which Python's parser (`policy.default`) takes them apart."""
    begun, own = time.monotonic(), time.process_time()
    for raw in raws:
        for part in BytesParser(policy=policy.default).parsebytes(raw).walk():
            if not part.is_multipart():
                part.get_content()
    return time.monotonic() - begun, time.process_time() - own


def kept(raws: list[bytes]) -> float:
    begun = time.monotonic()
    for raw in raws:
        keep(raw, Envelope("smtp", "support@relay.test", "v@home.test", "192.0.2.1"))
    return time.monotonic() - begun


def worked() -> tuple[float, float]:
    """Seconds by the clock, and of this process's own."""
    begun, own = time.monotonic(), time.process_time()
    while process_due():
        pass
    return time.monotonic() - begun, time.process_time() - own


def main(count: int) -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    open_desk()
    raws = list(mails(count))
    parser, parser_own = parsed(raws)
    keeping = kept(raws)
    working, own = worked()
    found = {
        "parser": parser,
        "parser_own": parser_own,
        "keeping": keeping,
        "working": working,
        "own": own,
        "bytes": sum(map(len, raws)),
        "done": IncomingMail.objects.filter(state="done").count(),
        "conversations": Conversation.objects.count(),
        "files": File.objects.filter(state="stored").count(),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main(int(sys.argv[1]))
