"""The settings pages: Django admin, in the order in which a person looks for things."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin, site
from django.db.models import Model
from django.db.models.base import ModelBase
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.audited import audited
from accounts.parts import PEOPLE, Part, declare
from accounts.permissions import opens
from chatdesk.advice import advice


@dataclass(frozen=True)
class Section:
    """A heading of the index with the models below it, as `app_label.ModelName`; `key` is what a user type keeps."""

    key: str
    name: str | Promise
    hint: str | Promise
    models: tuple[str, ...]
    pages: tuple[tuple[str | Promise, str], ...] = ()  # below the models: what looks at everything together
    looks_at: tuple[str, ...] = ()  # what its pages choose from, without changing it


SECTIONS = (
    Section(
        PEOPLE,
        _("People and permissions"),
        _("Who works here, and what each user type may do."),
        ("accounts.User", "accounts.UserType", "accounts.Directory"),
    ),
    Section(
        "routing",
        _("Routing groups"),
        _("Departments, their members and hours, how chats are handed out, and what those are told who wait."),
        ("routing.Group", "routing.Hours", "chatdesk.WaitingRules"),
        looks_at=("accounts.User", "accounts.DirectoryGroup"),
    ),
    Section(
        "buttons",
        _("Chat buttons"),
        _("What web pages embed: texts, form, route, allowed sites."),
        ("chatdesk.Button",),
    ),
    Section(
        "mail",
        _("Mail"),
        _("Addresses, servers, what is masked and what mails say."),
        (
            "tickets.MailSettings",
            "tickets.ForwardingAddress",
            "tickets.MailPolicy",
            "tickets.MailTemplate",
            "tickets.SmtpAccount",
            "tickets.ImapAccount",
            "tickets.Tag",
            "transcripts.TranscriptRule",
        ),
        looks_at=("accounts.User", "routing.Group", "chatdesk.Button"),
    ),
    Section(
        "site",
        _("Site settings"),
        _("Limits that hold for the whole desk, and what is never stored."),
        ("chatdesk.SiteSettings", "chatdesk.SensitivePattern"),
    ),
    Section(
        "records",
        _("Records"),
        _("What was said: to read only. Nobody changes or deletes it here."),
        (
            "chatdesk.Conversation",
            "chatdesk.Entry",
            "chatdesk.File",
            "tickets.IncomingMail",
            "tickets.OutgoingMail",
            "tickets.Held",
        ),
    ),
    Section(
        "proof",
        _("Records and their proof"),
        _("Where signed heads of the log go, so that nobody can change what was said unseen."),
        (
            "transcripts.LogSettings",
            "transcripts.ExportRules",
            "transcripts.RedactionReason",
            "transcripts.RequestRules",
            "transcripts.LockedRules",
            "transcripts.Bucket",
        ),
    ),
    Section(
        "accountability",
        _("Accountability"),
        _("Who did what, when and from where. It can be read, and changed by nobody."),
        ("accounts.AuditEntry",),
        pages=((_("Coverage"), "coverage"), (_("Yearly review"), "review")),
    ),
    Section(
        "protection",
        _("Sign-in protection"),
        _("Failed sign-ins. Delete an attempt to let a locked-out person try again at once."),
        ("axes.AccessAttempt", "axes.AccessFailureLog", "axes.AccessLog"),
    ),
)


# User types say what people may do; Django's own groups beside them would be a second, silent way. The keys of
# people's second factors are theirs alone: an admin can take a factor away (People), and never read or plant one.
NOT_HERE = ("auth.group", "otp_totp.", "otp_static.", "otp_webauthn.", "django_otp_webauthn.")


class DeskAdminSite(AdminSite):
    site_header = _("Settings")
    site_title = _("chatdesk settings")
    index_title = _("What do you want to set up?")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        models: list[Any] = [model_or_iterable] if isinstance(model_or_iterable, ModelBase) else list(model_or_iterable)
        here = [m for m in models if not m._meta.label_lower.startswith(NOT_HERE)]
        super().register(here, audited(admin_class or ModelAdmin), **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return opens(request.user, "admin")

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        return super().index(request, {"advice": advice(), **(extra_context or {})})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The sections of the index; with `app_label`, that app alone, as Django lists it."""
        apps = super().get_app_list(request, app_label)
        return apps if app_label else _sections(apps)


def _sections(apps: list[Any]) -> list[Any]:
    models = {f"{app['app_label']}.{model['object_name']}": model for app in apps for model in app["models"]}
    named = [(section, [models.pop(name) for name in section.models if name in models]) for section in SECTIONS]
    if models:  # registered by an app that this list does not know yet: better below than nowhere
        named.append((Section("more", _("More"), "", ()), list(models.values())))
    return [_section(section, inside) for section, inside in named if inside]


def _section(section: Section, models: list[Any]) -> dict[str, Any]:
    return {
        "name": section.name,
        "hint": section.hint,
        "app_label": models[0]["model"]._meta.label_lower.replace(".", "-"),
        "app_url": models[0]["admin_url"] or "",
        "has_module_perms": True,
        "models": [*models, *(_page(name, url) for name, url in section.pages)],
    }


def _page(name: str | Promise, url: str) -> dict[str, Any]:
    return {"name": name, "object_name": url, "admin_url": reverse(url), "add_url": None, "view_only": True}


def parts() -> list[Part]:
    """Each section as a part that a user type can be given, with the models of the inlines on its pages."""
    inlines = {_label(kind): [_label(each.model) for each in page.inlines] for kind, page in site._registry.items()}
    return [_part(section, inlines) for section in SECTIONS]


def _part(section: Section, inlines: dict[str, list[str]]) -> Part:
    models = {name.lower() for name in section.models}
    inside = {label for model in models for label in inlines.get(model, [])}
    return Part(section.key, section.name, frozenset(models | inside), frozenset(map(str.lower, section.looks_at)))


def _label(model: type[Model]) -> str:
    return model._meta.label_lower


declare(parts)
