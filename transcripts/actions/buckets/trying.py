"""Trying a bucket: whether it answers, and whether it locks what is put there."""

from __future__ import annotations

from dataclasses import dataclass

from botocore.exceptions import ClientError
from django.utils.translation import gettext as _

from transcripts.actions.buckets.reaching import client_of
from transcripts.actions.buckets.trouble import Trouble, in_words, told
from transcripts.models import Bucket


@dataclass(frozen=True)
class Tried:
    """`is_reached`: it can be asked with these credentials. `locks`: Object Lock is on. `words` say it to people."""

    is_reached: bool
    locks: bool
    words: str


def try_out(bucket: Bucket) -> Tried:
    """Asks and writes nothing, so that a right to write is not proved by it."""
    try:
        with told():
            client_of(bucket).head_bucket(Bucket=bucket.bucket)
        locks = _locks(bucket)
    except Trouble as trouble:
        code = "no-bucket" if trouble.code == "404" else trouble.code
        return Tried(False, False, _("It can't be used: %(why)s.") % {"why": in_words(code)})
    if locks:
        return Tried(True, True, _("It answers, and has Object Lock: good for locked copies and for exports."))
    return Tried(True, False, _("It answers, and has no Object Lock: good for exports alone."))


def _locks(bucket: Bucket) -> bool:
    with told():
        try:
            found = client_of(bucket).get_object_lock_configuration(Bucket=bucket.bucket)
        except ClientError as error:
            if "ObjectLock" in str(error.response.get("Error", {}).get("Code", "")):
                return False
            raise
    return bool(found.get("ObjectLockConfiguration", {}).get("ObjectLockEnabled") == "Enabled")
