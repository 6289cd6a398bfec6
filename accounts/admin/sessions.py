from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.actions.sign_ins import end_sign_ins
from accounts.browsers import browser_name
from accounts.models import User


class SessionsOfPeople(admin.ModelAdmin):  # type: ignore[type-arg]
    """What an admin sees and does about where somebody is signed in."""

    @admin.display(description=gettext_lazy("sessions"))
    def shown_sessions(self, user: User) -> str:
        rows = [
            (browser_name(one.user_agent), one.address or "?", f"{one.started_at:%Y-%m-%d %H:%M}")
            for one in user.sign_ins.all()
        ]
        words = _("{} from {} since {} UTC")
        return format_html_join("", f"{words}<br>", rows) if rows else _("not signed in anywhere")

    @admin.action(description=gettext_lazy("End all sessions"), permissions=["change"])
    def end_sessions(self, request: HttpRequest, users: QuerySet[User]) -> None:
        """The own one goes on: it is ended by signing out."""
        own = request.session.session_key
        count = sum(end_sign_ins(user, but=own, reason="by an admin") for user in users)
        words = ngettext("%d session is ended.", "%d sessions are ended.", count) % count
        self.message_user(request, words, messages.SUCCESS if count else messages.WARNING)
