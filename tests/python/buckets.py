"""Buckets: names, listings, lifecycle, tags and access."""

import socket
import urllib.error
import urllib.request

import case
from case import refused, same


def create_list_delete(s3):
    bucket = case.new_bucket(s3)
    assert bucket in [b["Name"] for b in s3.list_buckets()["Buckets"]]
    same(s3.head_bucket(Bucket=bucket)["ResponseMetadata"]["HTTPStatusCode"], 200)
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    with refused("BucketNotEmpty", 409):
        s3.delete_bucket(Bucket=bucket)
    s3.delete_object(Bucket=bucket, Key="k")
    s3.delete_bucket(Bucket=bucket)
    with refused("404", 404):
        s3.head_bucket(Bucket=bucket)
    with refused("NoSuchBucket", 404):
        s3.delete_bucket(Bucket=bucket)


def absent_bucket(s3):
    with refused("NoSuchBucket", 404):
        s3.put_object(Bucket="no-such-bucket", Key="k", Body=b"x")
    with refused("NoSuchBucket", 404):
        s3.get_object(Bucket="no-such-bucket", Key="k")
    with refused("NoSuchBucket", 404):
        s3.list_objects_v2(Bucket="no-such-bucket")
    with refused("NoSuchBucket", 404):
        s3.create_multipart_upload(Bucket="no-such-bucket", Key="k")


def location(s3):
    bucket = case.new_bucket(s3)
    # S3 answers with an empty LocationConstraint for us-east-1.
    same(s3.get_bucket_location(Bucket=bucket)["LocationConstraint"], None)


def list_pages(s3):
    bucket = case.new_bucket(s3)
    keys = sorted(f"p/{i:03}" for i in range(25))
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=b"12345")
    pages = list(s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, PaginationConfig={"PageSize": 7}))
    same([page["KeyCount"] for page in pages], [7, 7, 7, 4])
    same([page["IsTruncated"] for page in pages], [True, True, True, False])
    same([o["Key"] for page in pages for o in page["Contents"]], keys)
    same({o["Size"] for page in pages for o in page["Contents"]}, {5})
    after = s3.list_objects_v2(Bucket=bucket, StartAfter="p/019")
    same([o["Key"] for o in after["Contents"]], keys[20:])
    first = [page for page in s3.get_paginator("list_objects").paginate(Bucket=bucket, PaginationConfig={"PageSize": 10})]
    same([o["Key"] for page in first for o in page["Contents"]], keys)


def list_folders(s3):
    bucket = case.new_bucket(s3)
    for key in ("a/1", "a/2", "a/b/3", "c/4", "top", "a-side"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    root = s3.list_objects_v2(Bucket=bucket, Delimiter="/")
    same([p["Prefix"] for p in root["CommonPrefixes"]], ["a/", "c/"])
    same([o["Key"] for o in root["Contents"]], ["a-side", "top"])
    same(root["KeyCount"], 4)
    inner = s3.list_objects_v2(Bucket=bucket, Delimiter="/", Prefix="a/")
    same([p["Prefix"] for p in inner["CommonPrefixes"]], ["a/b/"])
    same([o["Key"] for o in inner["Contents"]], ["a/1", "a/2"])
    names = []
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Delimiter="/", PaginationConfig={"PageSize": 1}):
        names += [p["Prefix"] for p in page.get("CommonPrefixes", [])] + [o["Key"] for o in page.get("Contents", [])]
    same(names, ["a-side", "a/", "c/", "top"])
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket, Prefix="none/")


def lifecycle(s3):
    bucket = case.new_bucket(s3)
    with refused("NoSuchLifecycleConfiguration", 404):
        s3.get_bucket_lifecycle_configuration(Bucket=bucket)
    rules = [
        {"ID": "abort", "Status": "Enabled", "Filter": {"Prefix": ""},
         "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1}},
        {"ID": "expire", "Status": "Enabled", "Filter": {"Prefix": "upload/"}, "Expiration": {"Days": 1}},
    ]
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules})
    stored = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    same(sorted(rule["ID"] for rule in stored), ["abort", "expire"])
    by_id = {rule["ID"]: rule for rule in stored}
    same(by_id["abort"]["AbortIncompleteMultipartUpload"], {"DaysAfterInitiation": 1})
    same(by_id["expire"]["Expiration"], {"Days": 1})
    same(by_id["expire"]["Filter"], {"Prefix": "upload/"})
    s3.delete_bucket_lifecycle(Bucket=bucket)
    with refused("NoSuchLifecycleConfiguration", 404):
        s3.get_bucket_lifecycle_configuration(Bucket=bucket)


def tags(s3):
    bucket = case.new_bucket(s3)
    with refused("NoSuchTagSet", 404):
        s3.get_bucket_tagging(Bucket=bucket)
    tag_set = [{"Key": "made-by", "Value": "tests"}]
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": tag_set})
    same(s3.get_bucket_tagging(Bucket=bucket)["TagSet"], tag_set)


def wrong_credentials(s3):
    bucket = case.new_bucket(s3)
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    key = s3._request_signer._credentials.access_key
    stranger = case.client(aws_access_key_id="nobody", aws_secret_access_key="x")
    forger = case.client(aws_access_key_id=key, aws_secret_access_key="x")
    with refused("InvalidAccessKeyId", 403):
        stranger.get_object(Bucket=bucket, Key="k")
    with refused("SignatureDoesNotMatch", 403):
        forger.get_object(Bucket=bucket, Key="k")
    with refused("SignatureDoesNotMatch", 403):
        forger.put_object(Bucket=bucket, Key="k", Body=b"forged")
    same(s3.get_object(Bucket=bucket, Key="k")["Body"].read(), b"x")


def presigned(s3):
    bucket = case.new_bucket(s3)
    name = {"Bucket": bucket, "Key": "pre signed+key"}
    put = urllib.request.Request(s3.generate_presigned_url("put_object", name), data=b"by url", method="PUT")
    same(urllib.request.urlopen(put).status, 200)
    url = s3.generate_presigned_url("get_object", name)
    same(urllib.request.urlopen(url).read(), b"by url")
    for bad in (url[:-3] + "000", url.split("?")[0], s3.generate_presigned_url("get_object", {**name, "Key": "other"})
                .replace("other", "pre%20signed%2Bkey")):
        try:
            urllib.request.urlopen(bad)
        except urllib.error.HTTPError as error:
            same(error.code, 403, bad)
        else:
            raise AssertionError(f"not refused: {bad}")


def virtual_host(s3):
    bucket = case.new_bucket(s3)
    resolve = socket.getaddrinfo

    def loopback(host, *rest, **options):
        return resolve("127.0.0.1" if host.endswith("localhost") else host, *rest, **options)

    socket.getaddrinfo = loopback
    endpoint = s3.meta.endpoint_url.replace("127.0.0.1", "localhost")
    virtual = case.client(endpoint_url=endpoint, addressing_style="virtual")
    hosts = []
    virtual.meta.events.register("before-send.s3", lambda request, **_: hosts.append(request.url.split("/")[2]))
    virtual.put_object(Bucket=bucket, Key="a/b", Body=b"by host")
    same(virtual.get_object(Bucket=bucket, Key="a/b")["Body"].read(), b"by host")
    same([o["Key"] for o in virtual.list_objects_v2(Bucket=bucket)["Contents"]], ["a/b"])
    assert all(host.startswith(f"{bucket}.localhost:") for host in hosts) and len(hosts) == 3, hosts
    same(s3.get_object(Bucket=bucket, Key="a/b")["Body"].read(), b"by host")


if __name__ == "__main__":
    case.main(__name__)
