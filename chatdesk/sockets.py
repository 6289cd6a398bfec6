"""Websocket URL patterns."""

from django.urls import path

from chatdesk.consumers.operator import OperatorSocket
from chatdesk.consumers.visitor import VisitorSocket

urlpatterns = [
    path("ws/visitor/", VisitorSocket.as_asgi()),
    path("ws/desk/", OperatorSocket.as_asgi()),
]
