"""Time stamps by a third party (RFC 3161): that a head was there at a time is then not for this desk to say."""

from __future__ import annotations

import hashlib

from cryptography.x509 import load_pem_x509_certificates
from rfc3161_client import (
    HashAlgorithm,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)
from rfc3161_client import TimestampRequestBuilder as RequestBuilder
from rfc3161_client.tsp import PKIStatus

from transcripts import outgoing
from transcripts.outgoing import Refused

QUERY = "application/timestamp-query"
GRANTED = (PKIStatus.GRANTED, PKIStatus.GRANTED_WITH_MODS)


def stamp(message: bytes, url: str, certificate: str) -> bytes:
    """The service's answer, over SHA-256 of the message, checked against its certificate (PEM) if there is one.

    Raises Refused, with a sentence, when there is no good answer.
    """
    query = (
        RequestBuilder()
        .data(message)
        .hash_algorithm(HashAlgorithm.SHA256)
        .nonce(nonce=True)
        .cert_request(cert_request=True)
        .build()
    )
    answer = outgoing.post(url, query.as_bytes(), QUERY)
    try:
        found = decode_timestamp_response(answer)
    except ValueError as error:
        raise Refused("its answer is no time stamp") from error
    if PKIStatus(found.status) not in GRANTED or found.tst_info.nonce != query.nonce:
        raise Refused("it granted no time stamp for this")
    if found.tst_info.message_imprint.message != hashlib.sha256(message).digest():
        raise Refused("its time stamp is over something else")
    if certificate:
        _check(found, message, certificate)
    return answer


def _check(found: TimeStampResponse, message: bytes, certificate: str) -> None:
    """The time stamp was made by the holder of one of these certificates, or below one of them."""
    try:
        roots = load_pem_x509_certificates(certificate.encode())
        VerifierBuilder(roots=roots).build().verify(found, hashlib.sha256(message).digest())
    except (ValueError, VerificationError) as error:
        raise Refused("its time stamp is not signed by the certificate that is set") from error
