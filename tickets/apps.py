from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TicketsConfig(AppConfig):
    name = "tickets"
    verbose_name = _("Tickets")

    def ready(self) -> None:
        import_module("tickets.companions")
        import_module("tickets.oversight")
        import_module("tickets.receivers")
        import_module("tickets.retained")
        import_module("tickets.searching")
        import_module("tickets.slots")
        import_module("tickets.webhook_receivers")
