"""Storage that speaks S3: moto's server, as its own process, with one bucket."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any, Self

import boto3

from tests.services.process import Process, accepts, free_port

BUCKET = "shared-files"
KEY, SECRET = "tests", "tests-secret"
REGION = "us-east-1"


class S3:
    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = Path(tempfile.mkdtemp(prefix="chatdesk-s3-"))
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)]
        self.process = Process("S3", command, self.folder / "log")

    def __enter__(self) -> Self:
        try:
            self.start()
            self.client.create_bucket(Bucket=BUCKET)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.process.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        self.process.start()
        self.process.wait_ready(lambda: accepts(self.port))

    @property
    def environment(self) -> dict[str, str]:
        """What a desk is told to keep its files here."""
        return {
            "S3_BUCKET": BUCKET,
            "S3_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_DEFAULT_REGION": REGION,
        }

    @property
    def client(self) -> Any:
        login = {"aws_access_key_id": KEY, "aws_secret_access_key": SECRET, "region_name": REGION}
        return boto3.client("s3", endpoint_url=self.url, **login)

    def keys(self) -> list[str]:
        """The names of everything in the bucket."""
        return [each["Key"] for each in self.client.list_objects_v2(Bucket=BUCKET).get("Contents", [])]

    def content(self, key: str) -> bytes:
        data: bytes = self.client.get_object(Bucket=BUCKET, Key=key)["Body"].read()
        return data
