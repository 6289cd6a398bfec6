"""One of each thing that the compliance desk shows, and the addresses of all its pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.test import Client

from accounts.models import User
from chatdesk.models import Conversation, File
from tests.factories import Cast
from tests.matrix.doors import COMPLIANCE, routes
from tests.transcripts.exporting.archive import exported, talked
from transcripts.actions import heads, holding
from transcripts.models import (
    AskedSearch,
    Disposition,
    Export,
    LegalHold,
    LogHead,
    LogLeaf,
    Matter,
    Proposal,
    Purpose,
    RequestIdentity,
    RequestItem,
    RetentionPolicy,
    SavedSearch,
    SubjectRequest,
)

ROUTES = sorted(route for route, _pattern in routes() if route.startswith(COMPLIANCE))


@dataclass(frozen=True)
class Everything:
    chat: Conversation
    file: File
    asked: AskedSearch
    saved: SavedSearch
    matter: Matter
    hold: LegalHold
    export: Export
    policy: RetentionPolicy
    proposal: Proposal
    put_away: Disposition
    head: LogHead
    leaf: LogLeaf
    request: SubjectRequest

    def numbers(self) -> dict[str, Any]:
        """What stands in a route's place, by the words before it."""
        return {
            "found": self.asked.pk,
            "conversations": self.chat.ref,
            "files": self.file.key,
            "matters": self.matter.pk,
            "holds": self.hold.pk,
            "policies": self.policy.pk,
            "proposals": self.proposal.pk,
            "put-away": self.put_away.pk,
            "searches": self.saved.pk,
            "exports": self.export.ref,
            "volumes": 1,
            "heads": self.head.pk,
            "log": self.leaf.index,
            "requests": self.request.pk,
            "letters": "received",
            "redact": 1,
        }

    def paths(self) -> list[str]:
        """The address of each route, with the number of a thing that is there."""
        numbers = self.numbers()
        return ["/" + re.sub(r"([\w-]+)/<\w+:\w+>", lambda m: f"{m[1]}/{numbers[m[1]]}", each) for each in ROUTES]


def make_everything(cast: Cast, cora: User, desk: Client, matter: Matter, text: str = "torn coat") -> Everything:
    """`text` is said, noted, asked, and stands as the name or reason of everything that has one."""
    chat = talked(cast, text, files=1, note=text, name=text[:80], email="vera@home.test")
    Conversation.objects.filter(pk=chat.pk).update(question=text[:500], page=text[:500], referrer=text[:500])
    file = File.objects.get(conversation=chat)
    Matter.objects.filter(pk=matter.pk).update(name=text[:120], note=text)
    desk.post("/transcripts/", {"q": "group:sales answer"})
    asked = AskedSearch.objects.latest("pk")
    desk.post(f"/transcripts/found/{asked.pk}/keep/", {"matter": matter.pk, "name": text[:120] or "kept"})
    purpose = Purpose.objects.latest("pk")
    hold = holding.place(
        cora, purpose, matter.pk, name=text[:120], scopes=[f"ref:{chat.ref}"], reason=f"because {text}"[:300]
    )
    policy = RetentionPolicy.objects.create(keep_days=5, note=text[:300])
    proposal = Proposal.objects.create(
        verb="hold.release", target=str(hold.pk), reason=text[:300] or "over", author=cora, made_at=hold.created_at
    )
    put_away = Disposition.objects.create(
        conversation=chat, ref=chat.ref, policy=text[:40], reason=text[:300], due_at=hold.created_at,
        quarantined_at=hold.created_at, destroy_at=hold.created_at,
    )  # fmt: skip
    export = exported(cora, reason=text[:300], query=f"ref:{chat.ref}", stream="archive", matter_id=matter.pk)
    head = heads.sign()
    leaf = LogLeaf.objects.order_by("index")[0]
    saved = SavedSearch.objects.latest("pk")
    return Everything(
        chat, file, asked, saved, matter, hold, export, policy, proposal, put_away, head, leaf, asks(cora, chat, text)
    )


def asks(cora: User, chat: Conversation, text: str) -> SubjectRequest:
    """A request of the chat's visitor, restricted, with the text in every field that somebody writes."""
    day = chat.created_at.date()
    words = {"words": text[:300], "proof_note": text[:300], "extension": text[:300], "refusal": text[:300]}
    people = {"taken_by": cora, "proven_by": cora, "scoped_by": cora, "extended_by": cora}
    times = dict.fromkeys(("proven_at", "scoped_at", "extended_at"), chat.created_at)
    facts = {**words, **people, **times, "received_on": day, "due_on": day, "kind": "erasure", "through": "mail"}
    request = SubjectRequest.objects.create(**facts)
    RequestIdentity.objects.create(request=request, kind="name", value=text[:254] or "Vera")
    state = {"state": "restricted", "code": "hold", "review_on": day, "woken_at": chat.created_at}
    RequestItem.objects.create(
        request=request, conversation=chat, ref=chat.ref, is_chosen=True, found_by=["name"], reason=text[:300], **state
    )
    return request
