"""What a browser has opened: a signed cookie that names boxes and holds no secret of theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.addresses import client_address
from chatdesk.models import Conversation, Visitor
from chatdesk.permissions import visitor_of_request
from chatdesk.protocol import Code, Refused
from tickets.actions.pickup import Caller
from tickets.models import PickupBox

COOKIE, SALT = "return", "tickets.return"
GOOD_FOR = timedelta(hours=12)
MOST = 10  # boxes open at once in one browser
MARK = 12  # characters of a hash that change when a box gets another link


@dataclass(frozen=True)
class Pass:
    """Who asks: boxes that were opened here, each for one conversation, and the visitor of this browser."""

    boxes: Sequence[PickupBox]
    visitor: Visitor | None

    @property
    def conversations(self) -> QuerySet[Conversation]:
        mine = Q(pk__in=[box.conversation_id for box in self.boxes])
        mine |= Q(visitor=self.visitor) if self.visitor else Q()
        rows = Conversation.objects.select_related("visitor", "button", "group", "request__operator")
        return rows.filter(mine) if self.boxes or self.visitor else rows.none()

    def conversation(self, ref: str) -> Conversation:
        """Raises Refused for one that was not opened here."""
        found = self.conversations.filter(ref=ref).first()
        if found is None:
            raise Refused(Code.UNKNOWN, _("This is not open in this browser. Please open your link once more."))
        return found


def pass_of(request: HttpRequest) -> Pass:
    """What this browser has opened and may still see: boxes that expired or were withdrawn are left out."""
    written = request.get_signed_cookie(COOKIE, "", salt=SALT, max_age=GOOD_FOR) or ""
    kept = dict(part.split(".", 1) for part in written.split(":") if "." in part)
    rows = PickupBox.objects.filter(pk__in=kept, revoked_at=None, expires_at__gt=timezone.now())
    boxes = [row for row in rows.order_by("pk") if kept[str(row.pk)] == row.secret_hash[:MARK]]
    return Pass(boxes, visitor_of_request(request))


def give(response: HttpResponse, request: HttpRequest, opened: PickupBox) -> None:
    """Let this browser see the box's conversation for some hours."""
    others = [box for box in pass_of(request).boxes if box.pk != opened.pk]
    written = ":".join(f"{box.pk}.{box.secret_hash[:MARK]}" for box in [*others, opened][-MOST:])
    response.set_signed_cookie(
        COOKIE, written, salt=SALT, max_age=GOOD_FOR, httponly=True, samesite="Lax", secure=settings.HTTPS
    )


def caller(request: HttpRequest) -> Caller:
    return Caller(client_address(request), request.headers.get("User-Agent", ""))
