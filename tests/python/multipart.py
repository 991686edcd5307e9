"""Multipart uploads, by hand and by boto3's transfer manager."""

import io
import os
import tempfile

import boto3.s3.transfer

import case
from case import MIB, random_bytes, refused, same

PART = 5 * MIB


def begin(s3, bucket, key="k", **options):
    return {"Bucket": bucket, "Key": key,
            "UploadId": s3.create_multipart_upload(Bucket=bucket, Key=key, **options)["UploadId"]}


def finish(s3, upload, parts):
    listed = [{"PartNumber": number, "ETag": etag} for number, etag in parts]
    return s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": listed})


def complete(s3):
    bucket = case.new_bucket(s3)
    body = random_bytes(2 * PART + 1234)
    upload = begin(s3, bucket, ContentType="x/y", Metadata={"m": "1"})
    pieces = {1: body[:PART], 2: body[PART:2 * PART], 3: body[2 * PART:]}
    etags = {n: s3.upload_part(**upload, PartNumber=n, Body=pieces[n])["ETag"] for n in (3, 1, 2)}
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket), "visible before it is complete"
    with refused("NoSuchKey", 404):
        s3.get_object(Bucket=bucket, Key="k")
    etag = finish(s3, upload, sorted(etags.items()))["ETag"]
    assert etag.strip('"').endswith("-3"), etag
    got = s3.get_object(Bucket=bucket, Key="k")
    same(got["Body"].read(), body)
    same((got["ETag"], got["ContentType"], got["Metadata"]), (etag, "x/y", {"m": "1"}))
    across = s3.get_object(Bucket=bucket, Key="k", Range=f"bytes={PART - 10}-{PART + 9}")
    same(across["Body"].read(), body[PART - 10:PART + 10])


def part_number_get(s3):
    bucket = case.new_bucket(s3)
    body = random_bytes(PART + 99)
    upload = begin(s3, bucket)
    parts = [(n, s3.upload_part(**upload, PartNumber=n, Body=piece)["ETag"])
             for n, piece in ((1, body[:PART]), (2, body[PART:]))]
    finish(s3, upload, parts)
    second = s3.get_object(Bucket=bucket, Key="k", PartNumber=2)
    same(second["Body"].read(), body[PART:])
    same((second["PartsCount"], second["ContentLength"]), (2, 99))


def part_is_replaced(s3):
    bucket = case.new_bucket(s3)
    upload = begin(s3, bucket)
    s3.upload_part(**upload, PartNumber=1, Body=random_bytes(100, 1))
    etag = s3.upload_part(**upload, PartNumber=1, Body=random_bytes(200, 2))["ETag"]
    finish(s3, upload, [(1, etag)])
    same(s3.get_object(Bucket=bucket, Key="k")["Body"].read(), random_bytes(200, 2))


def listings_and_abort(s3):
    bucket = case.new_bucket(s3)
    upload, other = begin(s3, bucket, "up/1"), begin(s3, bucket, "up/2")
    for number in (1, 2, 3):
        s3.upload_part(**upload, PartNumber=number, Body=b"x" * number)
    listed = s3.list_multipart_uploads(Bucket=bucket)["Uploads"]
    same(sorted((u["Key"], u["UploadId"]) for u in listed),
         sorted((u["Key"], u["UploadId"]) for u in (upload, other)))
    same([u["Key"] for u in s3.list_multipart_uploads(Bucket=bucket, Prefix="up/2")["Uploads"]], ["up/2"])
    same([(p["PartNumber"], p["Size"]) for p in s3.list_parts(**upload)["Parts"]], [(1, 1), (2, 2), (3, 3)])
    page = s3.list_parts(**upload, MaxParts=2)
    same([p["PartNumber"] for p in page["Parts"]], [1, 2])
    same(page["IsTruncated"], True)
    rest = s3.list_parts(**upload, PartNumberMarker=page["NextPartNumberMarker"])
    same([p["PartNumber"] for p in rest["Parts"]], [3])
    for gone in (upload, other):
        same(s3.abort_multipart_upload(**gone)["ResponseMetadata"]["HTTPStatusCode"], 204)
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=bucket)
    with refused("NoSuchUpload", 404):
        s3.upload_part(**upload, PartNumber=4, Body=b"late")
    with refused("NoSuchUpload", 404):
        s3.list_parts(**upload)


def faulty_completions(s3):
    bucket = case.new_bucket(s3)
    upload = begin(s3, bucket)
    small = s3.upload_part(**upload, PartNumber=1, Body=b"too small")["ETag"]
    big = s3.upload_part(**upload, PartNumber=2, Body=random_bytes(PART))["ETag"]
    with refused("EntityTooSmall", 400):
        finish(s3, upload, [(1, small), (2, big)])
    with refused("InvalidPart", 400):
        finish(s3, upload, [(2, '"0123"')])
    with refused("InvalidPart", 400):
        finish(s3, upload, [(2, big), (7, small)])
    with refused("InvalidPartOrder", 400):
        finish(s3, upload, [(2, big), (1, small)])
    with refused("NoSuchUpload", 404):
        finish(s3, {**upload, "UploadId": "absent"}, [(2, big)])
    finish(s3, upload, [(2, big)])
    same(s3.get_object(Bucket=bucket, Key="k")["Body"].read(), random_bytes(PART))


def part_copy(s3):
    bucket = case.new_bucket(s3)
    body = random_bytes(PART + 500)
    s3.put_object(Bucket=bucket, Key="source", Body=body)
    source = {"Bucket": bucket, "Key": "source"}
    upload = begin(s3, bucket, "target")
    first = s3.upload_part_copy(**upload, PartNumber=1, CopySource=source, CopySourceRange=f"bytes=100-{PART + 99}")
    second = s3.upload_part_copy(**upload, PartNumber=2, CopySource=source)
    finish(s3, upload, [(n, part["CopyPartResult"]["ETag"]) for n, part in ((1, first), (2, second))])
    same(s3.get_object(Bucket=bucket, Key="target")["Body"].read(), body[100:PART + 100] + body)


def transfer_manager(s3):
    bucket = case.new_bucket(s3)
    body = random_bytes(33 * MIB + 5)
    config = boto3.s3.transfer.TransferConfig(multipart_threshold=8 * MIB, multipart_chunksize=8 * MIB, max_concurrency=8)
    with tempfile.TemporaryDirectory() as folder:
        source, target = os.path.join(folder, "source"), os.path.join(folder, "target")
        with open(source, "wb") as file:
            file.write(body)
        s3.upload_file(source, bucket, "file", Config=config)
        assert s3.head_object(Bucket=bucket, Key="file")["ETag"].strip('"').endswith("-5")
        s3.download_file(bucket, "file", target, Config=config)
        with open(target, "rb") as file:
            same(file.read(), body)
    s3.upload_fileobj(io.BytesIO(body), bucket, "memory", Config=config)
    sink = io.BytesIO()
    s3.download_fileobj(bucket, "memory", sink, Config=config)
    same(sink.getvalue(), body)


if __name__ == "__main__":
    case.main(__name__)
