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
from tickets.actions.tickets import resolve
from tickets.models import PickupBox

COOKIE, SALT = "return", "tickets.return"
GOOD_FOR = timedelta(hours=12)
VISITOR = "visitor"
MOST = 10  # boxes open at once in one browser
MARK = 12  # characters of a hash that change when a box gets another link


@dataclass(frozen=True)
class Pass:
    """Who asks: boxes that were opened here, each for one conversation, and the visitor of this browser."""

    boxes: Sequence[PickupBox]
    visitor: Visitor | None

    @property
    def conversations(self) -> QuerySet[Conversation]:
        mine = Q(pk__in=[box.conversation_id for box in self.boxes] + [place.pk for place in self._where_they_went()])
        mine |= Q(visitor=self.visitor) if self.visitor else Q()
        rows = Conversation.objects.select_related("visitor", "button", "group", "request__operator")
        return rows.filter(mine, erased_at=None, hidden_at=None) if self.boxes or self.visitor else rows.none()

    def _where_they_went(self) -> list[Conversation]:
        """What a box's conversation was merged into is the same matter, if it is the same visitor's."""
        places = [(box.conversation, resolve(box.conversation)) for box in self.boxes]
        return [place for old, place in places if place.visitor_id == old.visitor_id]

    def conversation(self, ref: str) -> Conversation:
        """Raises Refused for one that was not opened here."""
        found = self.conversations.filter(ref=ref).first()
        if found is None:
            raise Refused(Code.UNKNOWN, _("This is not open in this browser. Please open your link once more."))
        return found


def pass_of(request: HttpRequest) -> Pass:
    """What this browser has opened and may still see: boxes that expired or were withdrawn are left out."""
    kept = _written(request)
    rows = PickupBox.objects.filter(pk__in=[key for key in kept if key != VISITOR])
    living = rows.select_related("conversation").filter(revoked_at=None, expires_at__gt=timezone.now()).order_by("pk")
    boxes = [row for row in living if kept[str(row.pk)] == row.secret_hash[:MARK]]
    return Pass(boxes, visitor_of_request(request) or _visitor(kept.get(VISITOR, "")))


def give(response: HttpResponse, request: HttpRequest, opened: PickupBox) -> None:
    """Let this browser see the box's conversation for some hours."""
    others = {key: mark for key, mark in _written(request).items() if key != str(opened.pk)}
    _write(response, others | {str(opened.pk): opened.secret_hash[:MARK]})


def give_visitor(response: HttpResponse, request: HttpRequest, visitor: Visitor) -> None:
    """Let this browser, which showed the visitor's token, see all that is the visitor's for some hours."""
    _write(response, _written(request) | {VISITOR: f"{visitor.pk}-{visitor.token_hash[:MARK]}"})


def _written(request: HttpRequest) -> dict[str, str]:
    text = request.get_signed_cookie(COOKIE, "", salt=SALT, max_age=GOOD_FOR) or ""
    return dict(part.split(".", 1) for part in text.split(":") if "." in part)


def _write(response: HttpResponse, kept: dict[str, str]) -> None:
    text = ":".join(f"{key}.{mark}" for key, mark in [*kept.items()][-MOST:])
    response.set_signed_cookie(
        COOKIE, text, salt=SALT, max_age=GOOD_FOR, httponly=True, samesite="Lax", secure=settings.HTTPS
    )


def _visitor(mark: str) -> Visitor | None:
    number, _dash, of_token = mark.partition("-")
    found = Visitor.objects.filter(pk=number).first() if number else None
    return found if found and found.token_hash[:MARK] == of_token else None


def caller(request: HttpRequest) -> Caller:
    return Caller(client_address(request), request.headers.get("User-Agent", ""))
