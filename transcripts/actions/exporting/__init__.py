"""The export job: fix the set, ask for approval where it is large, write volumes, deliver them once."""

from transcripts.actions.exporting.watermark import exported_through, not_exported

__all__ = ["exported_through", "not_exported"]
