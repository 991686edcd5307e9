"""`objects_in.py BUCKET N` waits until the bucket has at least N objects to download, and prints how many it has."""

import sys
import time

from botocore.exceptions import ClientError

import case

# Other objects, like the marker of wlx, are not counted.
PREFIX = "download/"


def count(s3, bucket):
    try:
        return sum(page["KeyCount"] for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=PREFIX))
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchBucket":
            return -1
        raise


def main(bucket, wanted):
    s3 = case.client()
    deadline = time.monotonic() + 60
    while (found := count(s3, bucket)) < int(wanted):
        if time.monotonic() > deadline:
            sys.exit(f"{found} objects instead of {wanted}")
        time.sleep(0.01)
    print(found)


main(*sys.argv[1:])
