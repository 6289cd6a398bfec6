from __future__ import annotations

from accounts.actions.pictures import KeptPictures
from accounts.models import User
from accounts.photos import square_photo

PHOTOS = KeptPictures(User, column="photo", folder="photos")


def set_photo(user: User, data: bytes) -> None:
    """Check, shrink and keep an uploaded picture as this person's photo. Raises ValidationError, see `square_photo`."""
    PHOTOS.keep(user, square_photo(data))
