"""Checks what left the desk, without the desk: no database, no account, no network.

Needs Python's standard library, `cryptography`, and the folder transcripts/proof beside this one.

    python -m transcripts.verify PATH [--key KEY] [--head FILE]     exit 0 whole, 1 broken, 2 unreadable
"""
