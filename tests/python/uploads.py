"""Open multipart uploads: `uploads.py count BUCKET` prints how many there are, `uploads.py wait BUCKET` waits for one with a part first."""

import sys
import time

import case


def open_uploads(s3, bucket):
    return s3.list_multipart_uploads(Bucket=bucket).get("Uploads", [])


def has_part(s3, bucket):
    return any(s3.list_parts(Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"]).get("Parts")
               for upload in open_uploads(s3, bucket))


def main(action, bucket):
    s3 = case.client()
    deadline = time.monotonic() + 60
    while action == "wait" and not has_part(s3, bucket):
        if time.monotonic() > deadline:
            sys.exit("no multipart upload was begun")
        time.sleep(0.02)
    print(len(open_uploads(s3, bucket)))


main(*sys.argv[1:])
