"""A visitor's e-mail address: checked as it is given, and masked for who has not asked for it."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from chatdesk.protocol import Code, Refused

DOTS = "•••"


def check_address(address: str) -> None:
    """Raises Refused `form.incomplete` for what is no address."""
    try:
        validate_email(address)
    except ValidationError as error:
        raise Refused(Code.FORM, _("This e-mail address doesn't look right.")) from error


def masked(address: str) -> str:
    """Enough to tell two apart, not to write to: `vera@example.com` as `v•••@e•••.com`.

    Empty for none. What is no address keeps its first character alone.
    """
    name, at, domain = address.rpartition("@")
    if not at:
        return f"{address[:1]}{DOTS}" if address else ""
    host, dot, suffix = domain.rpartition(".")
    return f"{name[:1]}{DOTS}@{(host or domain)[:1]}{DOTS}{dot}{suffix if host else ''}"
