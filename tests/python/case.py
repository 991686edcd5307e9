"""What the boto3 cases share: clients, buckets, deterministic contents, and the call of one case by its name.

A case is a function of a module in this folder. The Rust tests run `MODULE.py CASE`, and show what it prints if it fails.
"""

import contextlib
import os
import random
import sys
import uuid

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

MIB = 1024 * 1024


def client(**settings):
    """A path-style S3 client for the server that the environment names; `settings` go to its Config or constructor."""
    constructor = {name: settings.pop(name) for name in ("aws_access_key_id", "aws_secret_access_key", "endpoint_url")
                   if name in settings}
    style = settings.pop("addressing_style", "path")
    retries = settings.pop("retries", {"total_max_attempts": 1})
    config = Config(s3={"addressing_style": style}, signature_version="s3v4", retries=retries, **settings)
    return boto3.client("s3", config=config, **constructor)


def new_bucket(s3):
    """A fresh bucket."""
    name = f"case-{uuid.uuid4()}"
    s3.create_bucket(Bucket=name)
    return name


def random_bytes(size, seed=1):
    """Contents that no server can guess."""
    return random.Random(seed).randbytes(size)


def same(actual, expected, what="value"):
    """Requires equality. Does not print long bytes."""
    if actual != expected:
        if isinstance(actual, (bytes, bytearray)) and len(actual) > 100:
            actual, expected = f"{len(actual)} bytes", f"{len(expected)} other bytes"
        raise AssertionError(f"{what}: {actual!r} instead of {expected!r}")


@contextlib.contextmanager
def refused(code, status=None):
    """Requires that the block is refused with this S3 error code (and HTTP status)."""
    codes = code if isinstance(code, tuple) else (code,)
    try:
        yield
    except ClientError as error:
        actual = error.response["Error"]["Code"]
        if actual not in codes:
            raise AssertionError(f"refused with {actual} instead of {' or '.join(codes)}: {error}") from error
        if status is not None:
            same(error.response["ResponseMetadata"]["HTTPStatusCode"], status, "status")
    else:
        raise AssertionError(f"not refused, where {' or '.join(codes)} was due")


def main(module):
    """Runs the case that the command line names."""
    case = getattr(sys.modules[module], sys.argv[1])
    case(client())
    print(f"ok: {os.path.basename(sys.argv[0])} {sys.argv[1]}")
