"""Make the table of the chat room that stores: `python -m tests.bench.baselines.stored_room.prepare`."""

import os

import django
from django.core.management import call_command


def main() -> None:
    """Create the tables in the database of DATABASE_URL; raises what Django raises."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.baselines.stored_room.settings"
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)


if __name__ == "__main__":
    main()
