"""Taking signed heads out of this desk's reach: into the storage, to an outside address, to a time stamp service."""

from __future__ import annotations

import logging
from base64 import b64encode
from collections.abc import Callable

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts import outbox
from transcripts.actions.stamping import stamp
from transcripts.models import HeadPost, LogHead, LogSettings
from transcripts.outgoing import Refused

log = logging.getLogger("chatdesk.proof")
FOLDER = "heads"


def post_due() -> int:
    """Take out what is due: how many went. May run twice at once: each is claimed first, and can safely go again."""
    now = timezone.now()
    waiting = HeadPost.objects.filter(done_at=None)
    due = list(outbox.due(waiting.select_related("head"), now))
    return sum(_post(each) for each in due if outbox.claim(each, waiting, now))


def _post(post: HeadPost) -> bool:
    try:
        receipt = WAYS[HeadPost.Way(post.way)](post)
    except (Refused, OSError) as error:
        trouble = str(error) if isinstance(error, Refused) else type(error).__name__
        log.warning("Head %s did not go out by %s: %s", post.head_id, post.way, trouble)
        HeadPost.objects.filter(pk=post.pk).update(trouble=trouble[:80])
        return False
    HeadPost.objects.filter(pk=post.pk).update(done_at=timezone.now(), receipt=receipt, trouble="")
    return True


def _store(post: HeadPost) -> str:
    return _kept(f"{FOLDER}/{post.head_id:08}-{post.head.size}.json", post.head.data.encode())


def _kept(place: str, data: bytes) -> str:
    """Where it lies. A second time it is there already, and stays as it is."""
    return place if default_storage.exists(place) else default_storage.save(place, ContentFile(data))


def _mail(post: HeadPost) -> str:
    address = LogSettings.load().outside_address
    if not address:
        raise Refused("there is no outside address any more")
    facts = {"head": post.head, "site": settings.SITE_URL}
    if not outbox.send(post, "transcripts/mail/head", facts, to=address, language=settings.LANGUAGE_CODE):
        raise Refused("the mail was not taken")
    return ""


def _stamp(post: HeadPost) -> str:
    chosen = LogSettings.load()
    if not chosen.stamp_url:
        raise Refused("there is no time stamp service any more")
    answer = stamp(post.head.data.encode(), chosen.stamp_url, chosen.stamp_certificate)
    _kept(f"{FOLDER}/{post.head_id:08}-{post.head.size}.tsr", answer)
    return b64encode(answer).decode()


WAYS: dict[HeadPost.Way, Callable[[HeadPost], str]] = {
    HeadPost.Way.STORAGE: _store,
    HeadPost.Way.MAIL: _mail,
    HeadPost.Way.STAMP: _stamp,
}


def again(head: LogHead) -> int:
    """Try once more what was given up. How many ways."""
    return HeadPost.objects.filter(head=head, done_at=None).update(tries=0, due_at=timezone.now())
