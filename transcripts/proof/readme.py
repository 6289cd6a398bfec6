"""What a bundle says about itself to whoever opens it first. English: it stays with the records, not with a person."""

from __future__ import annotations

README = """\
These are records of conversations, and what proves that nobody has changed them since.

To check them, on any computer with Python 3.11 or newer and its package "cryptography", and the folders
transcripts/proof and transcripts/verify of chatdesk (no database, no account, no network):

    python -m transcripts.verify PATH            PATH is this folder, or the ZIP file it came in
    python -m transcripts.verify FOLDER          a folder with all volumes of an export: also says if one is missing
    python -m transcripts.verify PATH --key KEY  also asks that KEY, which the desk told you by another way, signed it

It ends with 0 if everything is whole, with 1 if something is broken (it names the first bad record), and with 2 if
there is nothing here that it can read.

What is here
    manifest.json      what this is, who asked for what, how many there are, what was left out and why
    manifest.sig       the desk's signature (Ed25519) over manifest.json
    SHA256SUMS         the hash of every other file ("sha256sum -c SHA256SUMS" checks them); the manifest has its own
    head.json          the newest signed head of the desk's log: how many entries it had when, and the root over them
    head.tsr           if it is there: a time stamp (RFC 3161) over head.json by a third party. To check it:
                       openssl ts -verify -data head.json -in head.tsr -CAfile CERTIFICATE_OF_THE_AUTHORITY
    keys.json          the public keys, each signed by the one before it
    records/*.jsonl    one record per line
    log/proofs.jsonl   for each conversation: how many records, the hash of the last, and the way to the head
    files/             the files that were sent
    redactions.csv     if it is there: what was covered in this copy, by place, length and reason

How it holds together
    A record has a frame (canonical JSON, RFC 8785): its number, time, kind and author, and for each thing that was said
    a commitment, which is SHA-256(salt || canonical JSON of it) in base64url. Where a text or a salt is not here it was
    withheld; the frame shows that it was there. A field under "redacted" was covered for this copy: what stands there
    is what the desk shows instead. A record that is hidden as a whole has the hash of its frame alone.
    The hash of record n is SHA-256(hash of record n-1 || SHA-256(frame)); 32 zero bytes come before the first.
    When a conversation is closed, the hash of its last record goes into the desk's log, a Merkle tree as in RFC 9162.
"""
