"""What this process counts, for Prometheus. Each web process tells its own numbers: scrape every one of them.

Names only, no texts and no people: a label is a group's short name, a kind of socket, or a code of the protocol.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)
GCCollector(registry=REGISTRY)

SOCKETS = Gauge("chatdesk_sockets_open", "Websockets open now, by kind (visitor, desk).", ["kind"], registry=REGISTRY)
CLOSED = Counter("chatdesk_sockets_cut", "Websockets closed by the server, by close code.", ["code"], registry=REGISTRY)
REFUSED = Counter("chatdesk_commands_refused", "Commands answered with an error, by code.", ["code"], registry=REGISTRY)
COMMITTED = Counter("chatdesk_entries_committed", "Messages of sockets committed by this process.", registry=REGISTRY)
PATTERNS_LATE = Counter(
    "chatdesk_patterns_late", "Texts on which a sensitive pattern ran out of time.", registry=REGISTRY
)
BATCH = Histogram(
    "chatdesk_batch_entries",
    "Messages in one commit.",
    registry=REGISTRY,
    buckets=(1, 2, 5, 10, 20, 50, 100, 200),
)
COMMIT = Histogram(
    "chatdesk_commit_seconds",
    "What the commit of a batch took.",
    registry=REGISTRY,
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1),
)
HUB_LAG = Histogram(
    "chatdesk_hub_lag_seconds",
    "From hearing of an entry of another process to handing it to this one's sockets.",
    registry=REGISTRY,
    buckets=(0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5),
)
ENDED = Gauge(
    "chatdesk_requests_ended_24h",
    "Requests that ended in the last 24 hours, by routing group and outcome (served, abandoned, message).",
    ["group", "outcome"],
    registry=REGISTRY,
)
CONVERSATIONS = Gauge(
    "chatdesk_conversations",
    "Conversations now, by routing group and state (waiting, active): read when asked, the same in every process.",
    ["group", "state"],
    registry=REGISTRY,
)
