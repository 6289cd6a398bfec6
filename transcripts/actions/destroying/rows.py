"""The rows of a conversation, in every table that points to it, whichever app it is of: the deepest first.

No list of tables: one that a later version adds would be forgotten in it, and hold back the end of every conversation.
"""

from __future__ import annotations

from typing import Any

from django.db.models import SET_NULL, ForeignObjectRel, ManyToOneRel, Model, QuerySet

from chatdesk.models import Conversation, Visitor
from routing.models import Request


def delete_rows(conversation: Conversation) -> None:
    """All of them, with the request that brought it, and its visitor if this was all they ever wrote."""
    _delete(Conversation.objects.filter(pk=conversation.pk))
    _delete(Request.objects.filter(pk=conversation.request_id))
    _delete(Visitor.objects.filter(pk=conversation.visitor_id, conversations=None))


def pointing_to(model: type[Model]) -> list[ForeignObjectRel]:
    """Every foreign key to this table, of any app, with the tables in between of many-to-many fields."""
    fields = model._meta.get_fields(include_hidden=True)
    return [field for field in fields if isinstance(field, ManyToOneRel) and not field.related_model._meta.proxy]


def _delete(rows: QuerySet[Any]) -> None:
    """The rows, and first what points to them; what may stay without them is only cut off."""
    for relation in pointing_to(rows.model):
        child: Any = relation.related_model
        pointing = child._base_manager.filter(**{f"{relation.field.name}__in": rows.order_by().values("pk")})
        if child is rows.model or relation.on_delete is SET_NULL:
            pointing.update(**{relation.field.name: None})
        elif pointing.exists():
            _delete(pointing)
    rows._raw_delete(rows.db)
