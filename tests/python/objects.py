"""Objects: put, get, ranges, conditions, metadata, copy, delete."""

import datetime

import case
from case import random_bytes, refused, same


def put_get_head(s3):
    bucket = case.new_bucket(s3)
    for size in (0, 1, 65536, 3 * case.MIB + 7):
        body = random_bytes(size)
        put = s3.put_object(Bucket=bucket, Key="some/key", Body=body)
        got = s3.get_object(Bucket=bucket, Key="some/key")
        same(got["Body"].read(), body, f"body of {size} bytes")
        head = s3.head_object(Bucket=bucket, Key="some/key")
        for answer in (got, head):
            same(answer["ContentLength"], size)
            same(answer["ETag"], put["ETag"])
            age = datetime.datetime.now(datetime.timezone.utc) - answer["LastModified"]
            assert datetime.timedelta(seconds=-2) < age < datetime.timedelta(seconds=60), age


def overwritten_object_is_the_new_one(s3):
    bucket = case.new_bucket(s3)
    first = s3.put_object(Bucket=bucket, Key="k", Body=random_bytes(9000, 1))
    second = s3.put_object(Bucket=bucket, Key="k", Body=random_bytes(100, 2))
    assert first["ETag"] != second["ETag"]
    same(s3.get_object(Bucket=bucket, Key="k")["Body"].read(), random_bytes(100, 2))
    same([o["Size"] for o in s3.list_objects_v2(Bucket=bucket)["Contents"]], [100])


def ranges(s3):
    bucket = case.new_bucket(s3)
    body = random_bytes(100_000)
    s3.put_object(Bucket=bucket, Key="k", Body=body)
    expected = {
        "bytes=0-0": (0, 1),
        "bytes=10-99": (10, 100),
        "bytes=99999-99999": (99_999, 100_000),
        "bytes=50000-": (50_000, 100_000),
        "bytes=-17": (99_983, 100_000),
        "bytes=-200000": (0, 100_000),
        "bytes=99990-100500": (99_990, 100_000),
    }
    for header, (start, end) in expected.items():
        got = s3.get_object(Bucket=bucket, Key="k", Range=header)
        same(got["ResponseMetadata"]["HTTPStatusCode"], 206, header)
        same(got["ContentRange"], f"bytes {start}-{end - 1}/100000", header)
        same(got["ContentLength"], end - start, header)
        same(got["Body"].read(), body[start:end], header)
    with refused("InvalidRange", 416):
        s3.get_object(Bucket=bucket, Key="k", Range="bytes=100000-")


def metadata_is_kept(s3):
    bucket = case.new_bucket(s3)
    s3.put_object(Bucket=bucket, Key="k", Body=b"x", ContentType="image/jpeg", CacheControl="no-store",
                  ContentDisposition='attachment; filename="a.jpg"', ContentLanguage="de",
                  Metadata={"origin": "tests", "two-words": "some thing"})
    for answer in (s3.head_object(Bucket=bucket, Key="k"), s3.get_object(Bucket=bucket, Key="k")):
        same(answer["ContentType"], "image/jpeg")
        same(answer["CacheControl"], "no-store")
        same(answer["ContentDisposition"], 'attachment; filename="a.jpg"')
        same(answer["ContentLanguage"], "de")
        same(answer["Metadata"], {"origin": "tests", "two-words": "some thing"})


def unusual_keys(s3):
    bucket = case.new_bucket(s3)
    keys = ["with space", "plus+sign", "per%20cent", "schlüssel/日本/😀", "a&b=c?d#e", "~tilde*(star)'quote",
            "dot.", "k" * 1024]
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
    for key in keys:
        same(s3.get_object(Bucket=bucket, Key=key)["Body"].read(), key.encode(), key)
    listed = [o["Key"] for o in s3.list_objects_v2(Bucket=bucket)["Contents"]]
    same(listed, sorted(keys, key=str.encode))


def slashes_in_keys_are_kept(s3):
    bucket = case.new_bucket(s3)
    keys = ["a//b", "a/b", "folder/", "/leading"]
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
    for key in keys:
        same(s3.get_object(Bucket=bucket, Key=key)["Body"].read(), key.encode(), key)
    same([o["Key"] for o in s3.list_objects_v2(Bucket=bucket)["Contents"]], sorted(keys))


def too_long_key_is_refused(s3):
    bucket = case.new_bucket(s3)
    with refused("KeyTooLongError", 400):
        s3.put_object(Bucket=bucket, Key="k" * 1025, Body=b"x")


def delete(s3):
    bucket = case.new_bucket(s3)
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    for _ in range(2):
        same(s3.delete_object(Bucket=bucket, Key="k")["ResponseMetadata"]["HTTPStatusCode"], 204)
    with refused("NoSuchKey", 404):
        s3.get_object(Bucket=bucket, Key="k")
    with refused("404", 404):
        s3.head_object(Bucket=bucket, Key="k")


def delete_many(s3):
    bucket = case.new_bucket(s3)
    keys = [f"k/{i:04}" for i in range(60)]
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    wanted = [{"Key": key} for key in keys[:50] + ["absent & <odd>"]]
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": wanted})
    same(sorted(d["Key"] for d in answer["Deleted"]), sorted(w["Key"] for w in wanted))
    assert "Errors" not in answer, answer
    quiet = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": keys[50]}], "Quiet": True})
    assert "Deleted" not in quiet, quiet
    same([o["Key"] for o in s3.list_objects_v2(Bucket=bucket)["Contents"]], keys[51:])


def copy(s3):
    bucket, other = case.new_bucket(s3), case.new_bucket(s3)
    body = random_bytes(200_000)
    s3.put_object(Bucket=bucket, Key="from here", Body=body, ContentType="a/b", Metadata={"m": "1"})
    source = {"Bucket": bucket, "Key": "from here"}
    s3.copy_object(Bucket=other, Key="kept", CopySource=source)
    s3.copy_object(Bucket=other, Key="replaced", CopySource=source, MetadataDirective="REPLACE", ContentType="c/d",
                   Metadata={"n": "2"})
    s3.delete_object(Bucket=bucket, Key="from here")
    kept, replaced = (s3.get_object(Bucket=other, Key=key) for key in ("kept", "replaced"))
    same(kept["Body"].read(), body)
    same((kept["ContentType"], kept["Metadata"]), ("a/b", {"m": "1"}))
    same(replaced["Body"].read(), body)
    same((replaced["ContentType"], replaced["Metadata"]), ("c/d", {"n": "2"}))
    with refused("NoSuchKey", 404):
        s3.copy_object(Bucket=other, Key="x", CopySource={"Bucket": bucket, "Key": "absent"})


def conditional_get(s3):
    bucket = case.new_bucket(s3)
    etag = s3.put_object(Bucket=bucket, Key="k", Body=b"body")["ETag"]
    name = {"Bucket": bucket, "Key": "k"}
    hour = datetime.timedelta(hours=1)
    now = s3.head_object(**name)["LastModified"]
    same(s3.get_object(**name, IfMatch=etag)["Body"].read(), b"body")
    same(s3.get_object(**name, IfNoneMatch='"other"')["Body"].read(), b"body")
    same(s3.get_object(**name, IfModifiedSince=now - hour)["Body"].read(), b"body")
    same(s3.get_object(**name, IfUnmodifiedSince=now + hour)["Body"].read(), b"body")
    with refused("PreconditionFailed", 412):
        s3.get_object(**name, IfMatch='"other"')
    with refused("PreconditionFailed", 412):
        s3.get_object(**name, IfUnmodifiedSince=now - hour)
    with refused("304", 304):
        s3.get_object(**name, IfNoneMatch=etag)
    with refused("304", 304):
        s3.get_object(**name, IfModifiedSince=now + datetime.timedelta(seconds=1))


def conditional_put(s3):
    bucket = case.new_bucket(s3)
    name = {"Bucket": bucket, "Key": "k"}
    etag = s3.put_object(**name, Body=b"first", IfNoneMatch="*")["ETag"]
    with refused("PreconditionFailed", 412):
        s3.put_object(**name, Body=b"second", IfNoneMatch="*")
    with refused("PreconditionFailed", 412):
        s3.put_object(**name, Body=b"second", IfMatch='"other"')
    same(s3.get_object(**name)["Body"].read(), b"first")
    s3.put_object(**name, Body=b"third", IfMatch=etag)
    same(s3.get_object(**name)["Body"].read(), b"third")


def content_md5(s3):
    bucket = case.new_bucket(s3)
    plain = case.client(request_checksum_calculation="when_required")
    right, wrong = "XUFAKrxLKna5cZ2REBfFkg==", "XUFAKrxLKna5cZ2REBfFkA=="
    plain.put_object(Bucket=bucket, Key="right", Body=b"hello", ContentMD5=right)
    with refused("BadDigest", 400):
        plain.put_object(Bucket=bucket, Key="wrong", Body=b"hello", ContentMD5=wrong)
    same([o["Key"] for o in s3.list_objects_v2(Bucket=bucket)["Contents"]], ["right"])


if __name__ == "__main__":
    case.main(__name__)
