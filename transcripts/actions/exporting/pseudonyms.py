"""What makes the pseudonyms of one export: the same all over it and after a crash, and no other export's."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings
from django.utils.encoding import force_bytes

from transcripts.models import Export


def secret_of(export: Export) -> bytes:
    return hmac.digest(force_bytes(settings.SECRET_KEY), f"pseudonyms {export.ref}".encode(), hashlib.sha256)
