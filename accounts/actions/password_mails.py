"""Mails with a link to set a password: a row first, sent by a sweep, so that asking takes everybody the same time."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language

from accounts import outbox
from accounts.audit import record
from accounts.links import password_link
from accounts.models import PasswordMail, User, normal_email
from accounts.querysets import password_kept_in

SPACING = timedelta(minutes=5)  # nobody's mailbox is flooded by asking again and again
KEPT = timedelta(days=7)


def ask_reset(email: str) -> None:
    """Note that the person with this address, if there is one, is to get a link. Answers nothing, raises nothing."""
    user = User.objects.filter(email=normal_email(email), is_active=True).first()
    reset, since = PasswordMail.Kind.RESET, timezone.now() - SPACING
    recent = PasswordMail.objects.filter(user_id=user.pk if user else 0, kind=reset, asked_at__gt=since).exists()
    _note(None if recent else user, reset)


def invite(user: User) -> None:
    """Note that this person is to get a link to choose the first password. Audited: whoever asks may see it."""
    record("setting.change", on=user, after={"link": "to choose a password"})
    _note(user, PasswordMail.Kind.INVITATION)


def tell_factor_removed(user: User) -> None:
    """Note that this person is to be told that an admin removed the second factor."""
    _note(user, PasswordMail.Kind.FACTOR)


def send_due() -> int:
    """Send what is due, at most 50; how many went out. May run twice at once: a mail is claimed before it is sent."""
    now = timezone.now()
    unsent = PasswordMail.objects.filter(sent_at=None)
    due = outbox.due(unsent.filter(user__is_active=True).select_related("user"), now)
    sent = sum(_send(mail) for mail in due if outbox.claim(mail, unsent, now))
    done = PasswordMail.objects.filter(Q(user=None) | Q(asked_at__lt=now - KEPT))
    if done.exists():  # a desk at rest writes nothing
        done.delete()
    return sent


def _note(user: User | None, kind: PasswordMail.Kind) -> None:
    PasswordMail.objects.create(user=user, kind=kind, language=get_language() or settings.LANGUAGE_CODE)


def _send(mail: PasswordMail) -> bool:
    if mail.user and not _deliver(mail, mail.user):
        return False
    PasswordMail.objects.filter(pk=mail.pk).update(sent_at=timezone.now())
    return True


def _deliver(mail: PasswordMail, user: User) -> bool:
    directory = password_kept_in(user)
    letter = "elsewhere" if directory and mail.kind != PasswordMail.Kind.FACTOR else mail.kind
    facts = {
        "user": user,
        "directory": directory,
        "link": password_link(user),
        "site": settings.SITE_URL,
        "days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
    }
    return outbox.send(mail, f"accounts/mail/{letter}", facts, to=user.email, language=mail.language)
