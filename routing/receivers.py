"""What routing hears from further left."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from accounts.signals import directory_person
from routing.actions.directory import follow_directory


@receiver(directory_person)
def on_directory_person(user_id: int, groups: list[int], **_facts: Any) -> None:
    follow_directory(user_id, groups)
