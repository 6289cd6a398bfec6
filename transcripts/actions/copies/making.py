"""A transcript as a file: for its visitor, and for an address of the owner's."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from chatdesk import exporting
from chatdesk.models import Conversation
from chatdesk.protocol import Code, Refused
from transcripts.actions import checkcodes
from transcripts.actions.copies import proving
from transcripts.actions.copies.shown import lines_for_visitor, story_for_visitor
from transcripts.actions.copies.words import look
from transcripts.actions.exporting.stories import whole_story
from transcripts.actions.exporting.told import told_of
from transcripts.formats.pdf import pdf_of, records
from transcripts.models import Form

UTF8 = "; charset=utf-8"
MEDIA = {Form.PDF: ("pdf", "application/pdf"), Form.BUNDLE: ("proof.json", f"application/json{UTF8}")}


@dataclass(frozen=True)
class Copy:
    """A file to save. `data` as bytes, text in UTF-8."""

    name: str
    media_type: str
    data: bytes


def make(conversation: Conversation, form: str, *, with_contact: bool = True) -> Copy:
    """The conversation up to now in one of Form's forms, in the language that is active; notes are never in it.

    Without `with_contact` the visitor's address is masked. Raises Refused `conversation.unknown` for what is put away
    to be destroyed, and ValueError for another form.
    """
    chosen = Form(form)
    if conversation.hidden_at is not None:
        raise Refused(Code.UNKNOWN, _("This conversation is not kept any more."))
    if chosen in exporting.FORMS:
        file = exporting.export(conversation, chosen, with_contact=with_contact, more=_code(conversation))
        return Copy(file.name, file.media_type, file.text.encode("utf-8", "replace"))
    suffix, media_type = MEDIA[chosen]
    data = _pdf(conversation, with_contact) if chosen == Form.PDF else _bundle(conversation, with_contact)
    return Copy(exporting.file_name(conversation, suffix), media_type, data)


def _code(conversation: Conversation) -> list[tuple[str, str]]:
    """What the head says of the check code."""
    code = checkcodes.code(conversation.ref)
    if not code:
        return [(_("Check code"), _("given when the conversation has ended"))]
    return [(_("Check code"), code), (_("To be checked at"), checkcodes.door())]


def _pdf(conversation: Conversation, with_contact: bool) -> bytes:
    told = told_of(conversation.pk)
    shown = story_for_visitor(whole_story(conversation, told), told, with_contact=with_contact)
    chosen = look(*_code(conversation))
    lines = b"".join(lines_for_visitor(told, with_contact=with_contact))
    return pdf_of(shown, chosen, [records(lines, chosen)])


def _bundle(conversation: Conversation, with_contact: bool) -> bytes:
    told = told_of(conversation.pk)
    return proving.copy(conversation, told, lines_for_visitor(told, with_contact=with_contact))
