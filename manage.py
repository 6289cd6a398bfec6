#!/usr/bin/env python
"""Django's command line for chatdesk."""

import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - before any import that such a Python could not even read
    sys.exit("chatdesk needs Python 3.11 or newer; this is " + sys.version.split()[0] + ".")

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from environs.exceptions import EnvError


def main() -> None:
    """A mistake in the environment is one line to the person who made it; every other error keeps its traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatdesk.settings")
    try:
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, EnvError) as error:
        sys.exit(f"chatdesk can't start: {error}")


if __name__ == "__main__":
    main()
