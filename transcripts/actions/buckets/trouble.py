"""What goes wrong with a bucket, as a code that is stored and a sentence that is shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Promise] = {
    "silent": _("the storage does not answer"),
    "refused": _("the storage refuses these credentials"),
    "no-bucket": _("there is no such bucket"),
    "no-lock": _("the bucket has no Object Lock, which can be switched on only when it is made"),
    "forbidden-place": _("this address is one that no storage has"),
    "taken": _("something else of that name is there already, and nothing is written over"),
    "not-as-sent": _("what arrived is not what was sent"),
    "changed": _("what lies here is not what was recorded"),
    "no-key": _("the conversation's key can't be opened with this desk's SECRET_KEY"),
    "moved": _("the bucket was changed after this was asked for"),
    "removed": _("the volume's time was over before it arrived"),
    "locked": _("the storage still locks it"),
    "gone": _("it is not where it was put"),
    "log": _("the log is not the one that was signed, so nothing can be proved"),
}
CODES = {
    "AccessDenied": "refused",
    "InvalidAccessKeyId": "refused",
    "SignatureDoesNotMatch": "refused",
    "InvalidClientTokenId": "refused",
    "401": "refused",
    "403": "refused",
    "NoSuchBucket": "no-bucket",
    "PreconditionFailed": "taken",
    "412": "taken",
    "BadDigest": "not-as-sent",
    "XAmzContentChecksumMismatch": "not-as-sent",
}


class Trouble(Exception):
    """`code`: one of WORDS, or what the storage called it. It holds no address and no key."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code[:80]


def in_words(code: str) -> str:
    return str(WORDS.get(code, code))


@contextmanager
def told() -> Iterator[None]:
    """Whatever the storage's client raises inside becomes a Trouble."""
    try:
        yield
    except ClientError as error:
        raise Trouble(_code(error.response)) from error
    except Boto3Error as error:  # an upload wraps what it was told
        cause = error.__context__
        raise Trouble(_code(cause.response) if isinstance(cause, ClientError) else "silent") from error
    except (BotoCoreError, OSError) as error:
        raise Trouble("silent") from error
    except ValueError as error:  # an endpoint or a name that the client can't even ask
        raise Trouble("no-bucket") from error


def _code(response: Any) -> str:
    found = response.get("Error", {})
    code, message = str(found.get("Code", "")), str(found.get("Message", ""))
    if code in ("InvalidRequest", "ObjectLockConfigurationNotFoundError") and "ock" in message:
        return "no-lock"
    return CODES.get(code, code or "silent")
