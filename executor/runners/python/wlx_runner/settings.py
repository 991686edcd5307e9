"""What a runner is asked to do: the arguments, the store that the environment names, and tuning (`WLX_TUNED`)."""

import json
import math
import os
from dataclasses import dataclass
from typing import Any, Optional
from urllib.parse import urlsplit

from .ending import Failed
from .workload import Workload, read_workload

ALIASES = {"crt": "crt-python", "boto3-python": "boto3-classic"}
USAGE = "usage: python3 -B executor/runners/python CLIENT WORKLOAD BUCKET REGION TARGET_THROUGHPUT"

DEFAULT_PART_SIZE = 8 * 1024 * 1024
PROXY_VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


@dataclass(frozen=True)
class Tuned:
    """Values that are set for all clients that can set them; None leaves a client's own rule."""

    part_size: Optional[int] = None
    connections: Optional[int] = None
    files_in_flight: Optional[int] = None


@dataclass(frozen=True)
class Settings:
    """Everything that a client is made from."""

    client: str
    bucket: str
    region: str
    target_gbps: float
    endpoint_url: Optional[str]
    ca_bundle: Optional[str]
    workload: Workload
    tuned: Tuned

    @property
    def part_size(self) -> int:
        return self.tuned.part_size or DEFAULT_PART_SIZE

    @property
    def connections(self) -> int:
        """Connections for the target by the rule of the AWS CRT: clamp(ceil(target / 0.4 Gb/s), 10, 1024)."""
        return self.tuned.connections or min(max(math.ceil(self.target_gbps / 0.4), 10), 1024)

    @property
    def base_url(self) -> str:
        """URL of the bucket, without a final slash: path style on an endpoint, virtual-host style on AWS."""
        if self.endpoint_url:
            return f"{self.endpoint_url.rstrip('/')}/{self.bucket}"
        if "." in self.bucket:
            return f"https://s3.{self.region}.amazonaws.com/{self.bucket}"
        return f"https://{self.bucket}.s3.{self.region}.amazonaws.com"

    @property
    def is_directory_bucket(self) -> bool:
        return self.bucket.endswith("--x-s3")

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")


def read_settings(arguments: list[str]) -> Settings:
    """The settings that the arguments and the environment come to."""
    if len(arguments) != 5:
        raise Failed(USAGE)
    client, workload, bucket, region, target = arguments
    try:
        target_gbps = float(target)
    except ValueError as error:
        raise Failed(f"target throughput `{target}` is not a number") from error
    if not (math.isfinite(target_gbps) and target_gbps > 0):
        raise Failed(f"target throughput `{target}` is not a positive number")
    endpoint_url = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or None
    if endpoint_url:
        _check_endpoint(endpoint_url)
    return Settings(
        client=ALIASES.get(client, client),
        bucket=bucket,
        region=region,
        target_gbps=target_gbps,
        endpoint_url=endpoint_url,
        ca_bundle=os.environ.get("AWS_CA_BUNDLE") or os.environ.get("REQUESTS_CA_BUNDLE") or None,
        workload=read_workload(workload, os.getcwd()),
        tuned=_tuned(os.environ.get("WLX_TUNED")),
    )


def _check_endpoint(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Failed(f"endpoint `{url}` is not an http:// or https:// URL")
    # A configured endpoint is talked to directly: a proxy that only some of the libraries would use is neither
    # the store that was named nor the same road for all.
    for name in PROXY_VARIABLES:
        os.environ.pop(name, None)
        os.environ.pop(name.lower(), None)


def _tuned(text: Optional[str]) -> Tuned:
    if not text:
        return Tuned()
    try:
        raw: dict[str, Any] = json.loads(text)
        values = [raw.get(name) for name in ("partSizeBytes", "connections", "filesInFlight")]
    except (ValueError, AttributeError) as error:
        raise Failed(f"WLX_TUNED is not a JSON object: {text}") from error
    if any(value is not None and (not isinstance(value, int) or value < 1) for value in values):
        raise Failed(f"WLX_TUNED has a value that is not a positive integer: {text}")
    return Tuned(*values)
