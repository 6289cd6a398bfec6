"""A visitor's address as the desk shows it to who has not asked for it: enough to tell two apart, not to write to."""

DOTS = "•••"


def masked(address: str) -> str:
    """`vera@example.com` as `v•••@e•••.com`; empty for none. What is no address keeps its first character alone."""
    name, at, domain = address.rpartition("@")
    if not at:
        return f"{address[:1]}{DOTS}" if address else ""
    host, dot, suffix = domain.rpartition(".")
    return f"{name[:1]}{DOTS}@{(host or domain)[:1]}{DOTS}{dot}{suffix if host else ''}"
