"""The client that speaks to a bucket's storage."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config

from transcripts.actions.buckets.trouble import Trouble
from transcripts.models import Bucket
from transcripts.outgoing import resolve

PATIENT = Config(connect_timeout=5, read_timeout=60, retries={"max_attempts": 2, "mode": "standard"})


def client_of(bucket: Bucket) -> Any:
    """Raises Trouble for an endpoint where a cloud keeps the secrets of its machines."""
    if bucket.endpoint:
        _check(bucket.endpoint)
    return _client(bucket.endpoint, bucket.region, bucket.access_key, bucket.secret_key)


@lru_cache(maxsize=8)
def _client(endpoint: str, region: str, access_key: str, secret_key: str) -> Any:
    """Making one takes a while, and one serves all threads. Without keys: those of the environment."""
    return boto3.client(
        "s3",
        endpoint_url=endpoint or None,
        region_name=region or "us-east-1",
        aws_access_key_id=access_key or None,
        aws_secret_access_key=secret_key or None,
        config=PATIENT,
    )


def _check(endpoint: str) -> None:
    """A storage may well be in the own network; addresses of the link alone never are one."""
    parts = urlsplit(endpoint)
    try:
        found = resolve(parts.hostname or "", parts.port or 443)
    except (OSError, ValueError, UnicodeError):
        raise Trouble("silent") from None
    if any(_is_of_the_link(address) for address in found):
        raise Trouble("forbidden-place")


def _is_of_the_link(address: str) -> bool:
    known = ip_address(address)
    inside = getattr(known, "ipv4_mapped", None) or known
    return bool(inside.is_link_local or inside.is_multicast or inside.is_unspecified)
