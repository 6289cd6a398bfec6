"""After each migration the indexes of full text are made where they are missing."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models.signals import post_migrate

from transcripts.actions.indexing import ensure


def index_texts(**_facts: Any) -> None:
    ensure()


post_migrate.connect(index_texts, sender=apps.get_app_config("transcripts"), dispatch_uid="transcripts.words")
