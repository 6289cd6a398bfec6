"""The ASGI application: pages through Django, sockets through their own consumers."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatdesk.settings")
pages = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402 - apps must be loaded first

from chatdesk.bodylimit import BodyLimit  # noqa: E402
from chatdesk.sockets import urlpatterns  # noqa: E402

application = ProtocolTypeRouter({"http": BodyLimit(pages), "websocket": URLRouter(urlpatterns)})
