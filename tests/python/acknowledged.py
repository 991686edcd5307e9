"""Objects that a server has acknowledged.

`acknowledged.py put BUCKET` puts one object after another and prints the number of each that is acknowledged, until the server is gone.
`acknowledged.py verify BUCKET N` requires that the first N are there and complete.
"""

import sys

from botocore.exceptions import BotoCoreError

import case


def content(number):
    """Small and large contents; some take several pieces."""
    return case.random_bytes(1000 + 200_000 * (number % 3), seed=number)


def put(s3, bucket):
    s3.create_bucket(Bucket=bucket)
    number = 0
    try:
        while True:
            number += 1
            s3.put_object(Bucket=bucket, Key=f"k/{number:05}", Body=content(number))
            print(f"acknowledged {number}", flush=True)
    except BotoCoreError:
        return


def verify(s3, bucket, count):
    for number in range(1, int(count) + 1):
        body = s3.get_object(Bucket=bucket, Key=f"k/{number:05}")["Body"].read()
        case.same(body, content(number), f"object {number}")
    listed = sum(page["KeyCount"] for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket))
    # The last put may have been stored without the answer getting through.
    assert listed in (int(count), int(count) + 1), f"{listed} objects are listed, {count} were acknowledged"
    print("ok: all of them")


{"put": put, "verify": verify}[sys.argv[1]](case.client(), *sys.argv[2:])
