"""What is said with something hidden in it: the message, and the desk's line that tells of it, in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from chatdesk.actions.ledger import Post, Written, commit
from chatdesk.hiding import hidden, rules
from chatdesk.language import for_everybody
from chatdesk.models import Conversation, Entry, Kind
from chatdesk.realtime import publish_head
from chatdesk.sensitive.results import Masked, What
from chatdesk.sensitive.splits import PIECES, mask_continued, may_continue

SPLIT_WITHIN = timedelta(minutes=1)
LINES: dict[str, Promise] = {
    "hidden-card": gettext_lazy(
        "A card number was hidden before it was stored. Please never write card numbers or their codes here."
    ),
    "hidden-pattern": gettext_lazy("Something was hidden before it was stored: this desk keeps no such details."),
}


def continued(conversation_id: int, participant_id: int | None, said: Masked) -> Masked:
    """`said` without what ends a card's number that its author began within the last minute."""
    if participant_id is None or not rules().cards or not may_continue(said.text):
        return said
    mine = Entry.objects.filter(conversation=conversation_id, participant=participant_id, kind=Kind.MESSAGE)
    lately = mine.filter(at__gt=timezone.now() - SPLIT_WITHIN).order_by("-seq").values_list("body", flat=True)
    masked = mask_continued(said.text, list(lately[:PIECES]))
    return Masked(masked.text, said.hidden | masked.hidden)


def commit_said(post: Post, said: Masked) -> Written | None:
    """Store a message, and if something in it was hidden the line that says so, once; tell of it on commit.

    None where the conversation has ended.
    """
    if not said.hidden:
        written = commit([post])[0]
        last = written.seq if written else 0
    else:
        written, last = _with_lines(post, _lines(said.hidden))
    if written is not None:
        publish_head(post.conversation_id, last)
    return written


def tell_hidden(conversation_id: int, what: frozenset[What]) -> None:
    """Say what was hidden elsewhere than in a message: in a form, in the name of a file."""
    if not what:
        return
    with transaction.atomic():
        posts = _untold(conversation_id, _lines(what))
        written = [each for each in commit(posts) if each] if posts else []
    if written:
        publish_head(conversation_id, written[-1].seq)


def form_without_hidden(form: Mapping[str, str], addresses: Collection[str]) -> tuple[dict[str, str], frozenset[What]]:
    """The fields as they may be stored, and what was hidden in them; addresses are checked elsewhere."""
    masked = {name: hidden(value) for name, value in form.items() if name not in addresses}
    found = frozenset(what for each in masked.values() for what in each.hidden)
    return {**form, **{name: each.text for name, each in masked.items()}}, found


def _lines(what: frozenset[What]) -> list[str]:
    has_pattern, has_card = What.PATTERN in what, bool(what - {What.PATTERN})
    return ["hidden-card"] * has_card + ["hidden-pattern"] * has_pattern


@transaction.atomic
def _with_lines(post: Post, lines: Sequence[str]) -> tuple[Written | None, int]:
    answers = commit([post, *_untold(post.conversation_id, lines)])
    return answers[0], max((each.seq for each in answers if each), default=0)


def _untold(conversation_id: int, lines: Sequence[str]) -> list[Post]:
    """The lines that this conversation does not have yet; its row is locked, so that none is said twice."""
    Conversation.objects.select_for_update().filter(pk=conversation_id).first()
    told = Entry.objects.filter(conversation=conversation_id, kind=Kind.NOTICE, client_id__in=LINES)
    new = [line for line in lines if line not in set(told.values_list("client_id", flat=True))]
    return [Post(conversation_id, None, Kind.NOTICE.value, for_everybody(LINES[line]), line) for line in new]
