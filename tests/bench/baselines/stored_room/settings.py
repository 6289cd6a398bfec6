"""The settings of the chat room that stores: the tutorial's, with one more app and a real database."""

from tests.bench.baselines.room.settings import *  # noqa: F403
from tests.bench.baselines.room.settings import INSTALLED_APPS as ROOM_APPS

INSTALLED_APPS = [*ROOM_APPS, "tests.bench.baselines.stored_room"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
