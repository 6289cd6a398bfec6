"""The files of a mail: cleaned, and attached while they fit; what is too large waits behind a link, what is unclean
for a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from chatdesk.actions.files import opened
from chatdesk.models import Entry, File
from tickets.actions.holding import hold
from tickets.composing.message import Attachment
from tickets.masking import Rules, Unclean, clean_file, mask_name
from tickets.models import Held, MailSettings

MEGABYTE = 1_000_000
State = Held.State


@dataclass
class Enclosed:
    """What goes along, and the names of what does not."""

    attached: list[Attachment] = field(default_factory=list)
    too_large: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    size: int = 0
    shown: Mapping[int, str] = field(default_factory=dict)  # Content-IDs of files that the HTML shows


def enclose(entries: Sequence[Entry], rules: Rules | None, shown: Mapping[int, str] | None = None) -> Enclosed:
    """The files of these entries. `rules` None: as they are. `shown`: Content-IDs of files that the HTML shows.

    Raises the storage's own errors.
    """
    limit = MailSettings.load().attach_limit_mb * MEGABYTE
    enclosed = Enclosed(shown=shown or {})
    for entry in entries:
        if entry.file is not None:
            _enclose(entry, entry.file, rules, enclosed, limit)
    return enclosed


def _enclose(entry: Entry, file: File, rules: Rules | None, enclosed: Enclosed, limit: int) -> None:
    name = mask_name(file.name, rules).text if rules else file.name
    if enclosed.size + file.size > limit:
        enclosed.too_large.append(name)
        return
    decision = _decision(file)
    if decision == State.REFUSED:
        return
    attachment = _cleaned(entry, file, None if decision == State.RELEASED else rules)
    if attachment is None:
        enclosed.held.append(name)
    elif attachment.data:
        enclosed.attached.append(replace(attachment, content_id=enclosed.shown.get(file.pk, "")))
        enclosed.size += file.size


def _decision(file: File) -> str:
    """What a person decided about the file, if it was held."""
    return Held.objects.filter(file=file).order_by("-pk").values_list("state", flat=True).first() or ""


def _cleaned(entry: Entry, file: File, rules: Rules | None) -> Attachment | None:
    """The file as it may leave; None if it is held. Whatever goes wrong with cleaning, nothing unclean leaves."""
    with opened(file) as content:
        data = content.read()
    if rules is None:
        return Attachment(file.name, file.media_type, data)
    try:
        clean = clean_file(file.name, file.media_type, data, rules)
    except Unclean as unclean:
        _hold_once(entry, file, str(unclean.reason), unclean.detail)
        return None
    return Attachment(clean.name, clean.media_type, clean.data)


def _hold_once(entry: Entry, file: File, reason: str, detail: str) -> None:
    if not Held.objects.filter(file=file, state=State.HELD).exists():
        hold(reason, conversation=entry.conversation, entry=entry, file=file, detail=detail)
