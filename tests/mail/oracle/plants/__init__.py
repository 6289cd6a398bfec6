"""Mails with one leak each, by carrier: what the oracle must find, built without anything of the product."""
