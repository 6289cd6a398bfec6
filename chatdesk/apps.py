from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChatdeskConfig(AppConfig):
    name = "chatdesk"
    verbose_name = _("Live chat")

    def ready(self) -> None:
        import_module("chatdesk.receivers")
