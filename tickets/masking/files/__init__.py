"""Files without what they tell of their makers; what can't be cleaned waits for a person."""

from tickets.masking.files.cleaning import clean_file
from tickets.masking.files.viewing import viewable

__all__ = ["clean_file", "viewable"]
