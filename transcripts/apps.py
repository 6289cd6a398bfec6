from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TranscriptsConfig(AppConfig):
    name = "transcripts"
    verbose_name = _("Transcripts")

    def ready(self) -> None:
        import_module("transcripts.receivers")
        import_module("transcripts.oversight")
        import_module("transcripts.search_receivers")
        import_module("transcripts.retained")
        import_module("transcripts.retention_slots")
        import_module("transcripts.export_slots")
        import_module("transcripts.redaction_receivers")
        import_module("transcripts.redaction_slots")
        import_module("transcripts.hold_receivers")
        import_module("transcripts.hold_slots")
        import_module("transcripts.locked_slots")
        import_module("transcripts.request_receivers")
        import_module("transcripts.request_slots")
