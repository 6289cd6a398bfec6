from __future__ import annotations

from accounts.actions.pictures import KeptPictures
from chatdesk.models import Button

LOGOS = KeptPictures(Button, column="logo", folder="logos")
