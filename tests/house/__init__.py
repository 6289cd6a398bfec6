"""The house's own measure: the fences, and the one command that checks everything a test does not."""
