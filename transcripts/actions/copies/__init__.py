"""Transcripts for visitors, and for the owner's own log or CRM: one conversation, without what is the desk's own."""

from transcripts.actions.copies.making import Copy, make

__all__ = ["Copy", "make"]
