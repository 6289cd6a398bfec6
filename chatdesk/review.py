"""The yearly review: what was granted and is not used, and what is open wider than it need be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import EVERY_PART, AuditEntry, Scope, User, UserType
from accounts.models.user_type import DEEDS
from accounts.querysets import without_second_factor
from chatdesk.advice import Advice
from chatdesk.findings import Chapter

IDLE = timedelta(days=30)
YEAR = timedelta(days=365)
# What the log would say if a permission had been used. Seeing and answering leave no row, so they are not judged.
USES = {
    "take": ("chat.take",),
    "transfer": ("chat.transfer", "chat.invite"),
    "close": ("chat.close",),
    "store": ("file.download",),
    "export": ("chat.export",),
    "monitor": ("chat.monitor", "chat.whisper", "chat.takeover", "chat.join"),
    "contact": ("contact.reveal",),
    "opens_admin": ("setting.add", "setting.change", "setting.delete"),
}


def review() -> list[Chapter]:
    """The chapters of the review page."""
    now = timezone.now()
    return [
        Chapter(
            _("Accounts nobody used for 30 days"),
            _("Switch off who is gone: what they said keeps its author."),
            list(_idle(now)),
        ),
        Chapter(_("Permissions nobody used for a year"), _log_begins(), list(_unused(now))),
        Chapter(
            _("People without a second factor"),
            _("A password that leaks opens everything these people may do. A user type can ask for one."),
            list(_without_factor()),
        ),
        Chapter(
            _("User types that open everything"),
            _("Each of their people can do all there is. The fewer the better."),
            list(_everything()),
        ),
        Chapter(_("User types without people"), _("Delete what is not needed."), list(_empty_types())),
    ]


def _idle(now: datetime) -> Iterator[Advice]:
    since = now - IDLE
    unused = Q(last_login__lt=since) | Q(last_login=None, date_joined__lt=since)
    for user in User.objects.filter(unused, is_active=True).order_by("last_login", "pk"):
        last = date_format(user.last_login, "DATE_FORMAT") if user.last_login else _("never")
        yield _person(user, _("%(name)s, last signed in: %(last)s") % {"name": user, "last": last})


def _log_begins() -> str:
    first = AuditEntry.objects.order_by("pk").values_list("at", flat=True).first()
    if first is None:
        return _("The log is empty yet.")
    return _("By the audit log, which begins on %(day)s.") % {"day": date_format(first, "DATE_FORMAT")}


def _unused(now: datetime) -> Iterator[Advice]:
    for kind in UserType.objects.filter(users__is_active=True).distinct():
        people = kind.users.values("pk")
        done = AuditEntry.objects.filter(actor_id__in=people, at__gt=now - YEAR)
        used = set(done.values_list("action", flat=True).distinct())
        names = [
            _label(permission) for permission in USES if _grants(kind, permission) and not used & {*USES[permission]}
        ]
        if names:
            yield _type(kind, f"{kind}: {', '.join(names)}")


def _grants(kind: UserType, permission: str) -> bool:
    return getattr(kind, permission) not in (False, Scope.NONE)


def _label(permission: str) -> str:
    field: Any = UserType._meta.get_field(permission)
    return str(field.verbose_name)


def _without_factor() -> Iterator[Advice]:
    for user in without_second_factor().select_related("user_type"):
        yield _person(user, f"{user} ({user.user_type})" if user.user_type else str(user))


def _everything() -> Iterator[Advice]:
    modules = UserType.objects.filter(opens_dashboard=True, opens_admin=True)
    for kind in modules.filter(see=Scope.ALL, **dict.fromkeys(DEEDS, Scope.ALL)):
        if EVERY_PART in kind.admin_parts:
            names = ", ".join(str(user) for user in kind.users.filter(is_active=True)) or _("nobody")
            yield _type(kind, f"{kind}: {names}")
    for user in User.objects.filter(is_superuser=True, is_active=True):
        yield _person(user, _("%(name)s is a superuser: no rule of any type holds for them.") % {"name": user})


def _empty_types() -> Iterator[Advice]:
    for kind in UserType.objects.filter(users=None):
        yield _type(kind, str(kind))


def _person(user: User, text: str) -> Advice:
    return Advice(text, reverse("admin:accounts_user_change", args=[user.pk]))


def _type(kind: UserType, text: str) -> Advice:
    return Advice(text, reverse("admin:accounts_usertype_change", args=[kind.pk]))
