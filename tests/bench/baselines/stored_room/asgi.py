"""The ASGI application of the chat room that stores."""

import os

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application
from django.urls import path

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.baselines.stored_room.settings"
django_application = get_asgi_application()

from tests.bench.baselines.stored_room.consumers import StoredRoomConsumer  # noqa: E402 - Django is set up first

rooms = URLRouter([path("ws/chat/<str:room>/", StoredRoomConsumer.as_asgi())])
application = ProtocolTypeRouter(
    {"http": django_application, "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(rooms))}
)
