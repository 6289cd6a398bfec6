"""Finds what must not be in the bytes that left. Reads mail by its own means: nothing of the product is used here."""

from tests.mail.oracle.search import Hit, search, search_text
from tests.mail.oracle.secrets import Secret, address, domain, ip, phone, words

__all__ = ["Hit", "Secret", "address", "domain", "ip", "phone", "search", "search_text", "words"]
