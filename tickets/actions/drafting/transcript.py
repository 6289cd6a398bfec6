"""A transcript as a mail: made when the mail is, so that it has all that was said by then."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from chatdesk.protocol import Refused
from tickets.actions.drafting.boxes import box_facts
from tickets.actions.drafting.envelope import Said, draft_of
from tickets.actions.drafting.files import MEGABYTE
from tickets.actions.drafting.relay import Nothing
from tickets.actions.drafting.wording import Kind as Template
from tickets.composing.message import Attachment, Draft
from tickets.models import MailSettings, OutgoingMail
from transcripts.actions import checkcodes, copies


def transcript(mail: OutgoingMail, language: str, now: datetime) -> Draft:
    """The file goes along while it fits; else the visitor is told where it is. Raises Nothing if none may leave."""
    conversation = mail.conversation
    if conversation is None or conversation.erased_at is not None:
        raise Nothing
    try:
        copy = copies.make(conversation, str(mail.facts["form"]), with_contact=bool(mail.facts.get("contact")))
    except Refused as refused:
        raise Nothing from refused
    fits = len(copy.data) <= MailSettings.load().attach_limit_mb * MEGABYTE
    kind = copy.media_type.partition(";")[0]
    said = Said(
        template=Template.MESSAGE,
        language=language,
        name=conversation.group.name,
        subject=_("Transcript of the conversation %(mark)s") % {"mark": conversation.mark},
        text="\n\n".join(_words(mail, fits=fits)),
        files=[Attachment(copy.name, kind, copy.data)] if fits else [],
    )
    return draft_of(mail, said, now)


def _words(mail: OutgoingMail, *, fits: bool) -> list[str]:
    conversation = mail.conversation
    if conversation is None:
        return []
    words = [
        _("The transcript of the conversation is attached.") if fits else _("The transcript is too large to mail.")
    ]
    if not fits and mail.to is not None:
        words.append(_("It can be saved here: %(link)s") % {"link": box_facts(conversation)["link"]})
    code = checkcodes.code(conversation.ref)
    if code:
        facts = {"code": code, "door": checkcodes.door()}
        words.append(_("Whether it is unchanged can be checked with the code %(code)s at %(door)s") % facts)
    return words
