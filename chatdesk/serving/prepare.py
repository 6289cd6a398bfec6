"""Everything between a checkout and a desk that can serve: tables, static files, and the demo cast if wanted."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError
from django.utils.translation import gettext as _

from chatdesk.demo import DemoPerson, seed
from chatdesk.serving.collected import collect_if_changed
from chatdesk.serving.preflight import NotReady, check_folder, check_python
from chatdesk.usual import make_usual_types


def look_before() -> None:
    """Raises NotReady."""
    check_python()
    check_folder(Path(settings.VAR))


def prepare(demo: bool, password: str | None = None) -> list[DemoPerson]:
    """Migrate, collect static files, make the demo cast. The people made or kept, none without `demo`.

    Safe to repeat. Raises NotReady when the database or the folder for static files can't be used.
    """
    prepare_database()
    prepare_static()
    return seed(password) if demo else []


def prepare_database() -> None:
    """Raises NotReady."""
    try:
        call_command("migrate", interactive=False, verbosity=0)
        make_usual_types()
    except DatabaseError as error:
        raise NotReady(_("The database can't be used: %(reason)s") % {"reason": one_line(error)}) from error


def prepare_static() -> None:
    """Raises NotReady."""
    try:
        collect_if_changed()
    except OSError as error:
        raise NotReady(_("The static files can't be collected: %(reason)s") % {"reason": one_line(error)}) from error


def one_line(error: Exception) -> str:
    return " ".join(str(error).split())
