"""Lines of a plain-text reply: which are new, which are quoted, which only say so, in many languages."""
