"""The way to what needs the optional extra `ldap`: loaded when it is used, and told plainly when it is missing."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from django.conf import settings
from django.utils.translation import gettext as _


class ExtraMissing(Exception):
    """A directory is set up, and the packages to talk to it are not installed."""


def missing_text() -> str:
    return _("Directories need packages that are not installed here: pip install -r requirements/ldap.txt")


def extra(name: str) -> ModuleType:
    """The module `accounts.directory.<name>`. Raises ExtraMissing."""
    if not settings.DIRECTORIES:
        raise ExtraMissing(missing_text())
    return import_module(f"accounts.directory.{name}")


def sync_directories() -> int:
    """See accounts.directory.sync; without the extra, nobody is looked up, and `manage.py check` says why."""
    return int(extra("sync").sync_all()) if settings.DIRECTORIES else 0
