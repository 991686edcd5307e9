"""The five checksums: right ones are stored and returned, wrong ones are refused, and nothing is stored with them.

The expected values come from zlib, hashlib and awscrt, not from the server or from boto3.
"""

import base64
import hashlib
import urllib.error
import urllib.request
import zlib

import awscrt.checksums
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest

import case
from case import MIB, random_bytes, refused, same

BODY = random_bytes(100_000)
PART = 5 * MIB

ALGORITHMS = {
    "CRC32": lambda data: zlib.crc32(data).to_bytes(4, "big"),
    "CRC32C": lambda data: awscrt.checksums.crc32c(data).to_bytes(4, "big"),
    "CRC64NVME": lambda data: awscrt.checksums.crc64nvme(data).to_bytes(8, "big"),
    "SHA1": lambda data: hashlib.sha1(data).digest(),
    "SHA256": lambda data: hashlib.sha256(data).digest(),
}


def of(name, data):
    return base64.b64encode(ALGORITHMS[name](data)).decode()


def wrong(name):
    return of(name, b"something else")


def put(s3, name):
    bucket = case.new_bucket(s3)
    field = f"Checksum{name}"
    answer = s3.put_object(Bucket=bucket, Key="k", Body=BODY, ChecksumAlgorithm=name)
    same(answer[field], of(name, BODY))
    got = s3.get_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")
    same(got[field], of(name, BODY))
    same(got["Body"].read(), BODY)
    head = s3.head_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")
    same((head[field], head["ChecksumType"]), (of(name, BODY), "FULL_OBJECT"))
    s3.put_object(Bucket=bucket, Key="right", Body=BODY, **{field: of(name, BODY)})
    with refused(("BadDigest", "InvalidRequest"), 400):
        s3.put_object(Bucket=bucket, Key="wrong", Body=BODY, **{field: wrong(name)})
    same([o["Key"] for o in s3.list_objects_v2(Bucket=bucket)["Contents"]], ["k", "right"])


def listed(s3, name):
    bucket = case.new_bucket(s3)
    s3.put_object(Bucket=bucket, Key="k", Body=BODY, ChecksumAlgorithm=name)
    same(s3.list_objects_v2(Bucket=bucket)["Contents"][0]["ChecksumAlgorithm"], [name])


def trailer(s3, name):
    bucket = case.new_bucket(s3)
    same(send_with_trailer(s3, bucket, "right", name, of(name, BODY)), 200)
    got = s3.get_object(Bucket=bucket, Key="right", ChecksumMode="ENABLED")
    same((got[f"Checksum{name}"], got["Body"].read()), (of(name, BODY), BODY))
    same(send_with_trailer(s3, bucket, "wrong", name, wrong(name)), 400)
    same([o["Key"] for o in s3.list_objects_v2(Bucket=bucket)["Contents"]], ["right"])


def send_with_trailer(s3, bucket, key, name, value):
    """PUTs BODY in unsigned chunks with a trailing checksum, as SDKs do over https. boto3 cannot do that over http."""
    header = f"x-amz-checksum-{name.lower()}"
    chunks = [BODY[i:i + 65536] for i in range(0, len(BODY), 65536)]
    framed = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    framed += f"0\r\n{header}:{value}\r\n\r\n".encode()
    request = AWSRequest("PUT", f"{s3.meta.endpoint_url}/{bucket}/{key}", data=framed, headers={
        "Content-Encoding": "aws-chunked",
        "Content-Length": str(len(framed)),
        "X-Amz-Decoded-Content-Length": str(len(BODY)),
        "X-Amz-Trailer": header,
        "X-Amz-Content-SHA256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
    })
    signer = S3SigV4Auth(s3._request_signer._credentials, "s3", s3.meta.region_name)
    signer.payload = lambda _: "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
    signer.add_auth(request)
    prepared = request.prepare()
    plain = urllib.request.Request(prepared.url, data=framed, method="PUT",
                                   headers={k: v if isinstance(v, str) else v.decode() for k, v in prepared.headers.items()
                                            if k.lower() != "x-amz-content-sha256"})
    plain.add_header("X-Amz-Content-SHA256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
    try:
        return urllib.request.urlopen(plain).status
    except urllib.error.HTTPError as error:
        text = error.read().decode()
        assert "BadDigest" in text or "InvalidRequest" in text, text
        return error.code


def multipart(s3, name):
    bucket = case.new_bucket(s3)
    pieces = [random_bytes(PART, 1), random_bytes(777, 2)]
    field = f"Checksum{name}"
    upload = {"Bucket": bucket, "Key": "k",
              "UploadId": s3.create_multipart_upload(Bucket=bucket, Key="k", ChecksumAlgorithm=name)["UploadId"]}
    with refused(("BadDigest", "InvalidRequest"), 400):
        s3.upload_part(**upload, PartNumber=1, Body=pieces[0], **{field: wrong(name)})
    parts = []
    for number, piece in enumerate(pieces, 1):
        answer = s3.upload_part(**upload, PartNumber=number, Body=piece, ChecksumAlgorithm=name)
        same(answer[field], of(name, piece))
        parts.append({"PartNumber": number, "ETag": answer["ETag"], field: answer[field]})
    done = s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
    if name == "CRC64NVME":
        expected, kind = of(name, b"".join(pieces)), "FULL_OBJECT"
    else:
        digests = b"".join(ALGORITHMS[name](piece) for piece in pieces)
        expected, kind = of(name, digests) + "-2", "COMPOSITE"
    same((done[field], done["ChecksumType"]), (expected, kind))
    head = s3.head_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")
    same((head[field], head["ChecksumType"]), (expected, kind))
    same(s3.get_object(Bucket=bucket, Key="k")["Body"].read(), b"".join(pieces))


def full_object(s3, name):
    """A multipart upload with a checksum of the whole object, as newer SDKs request it for the CRCs."""
    pieces = [random_bytes(PART, 1), random_bytes(777, 2)]
    field = f"Checksum{name}"
    whole = of(name, b"".join(pieces))
    bucket = case.new_bucket(s3)
    for key, claimed in (("right", whole), ("wrong", wrong(name))):
        begun = s3.create_multipart_upload(Bucket=bucket, Key=key, ChecksumAlgorithm=name, ChecksumType="FULL_OBJECT")
        upload = {"Bucket": bucket, "Key": key, "UploadId": begun["UploadId"]}
        parts = [{"PartNumber": n, **pick(s3.upload_part(**upload, PartNumber=n, Body=piece, ChecksumAlgorithm=name), field)}
                 for n, piece in enumerate(pieces, 1)]
        call = {**upload, "MultipartUpload": {"Parts": parts}, "ChecksumType": "FULL_OBJECT", field: claimed}
        if key == "right":
            same(s3.complete_multipart_upload(**call)[field], whole)
        else:
            with refused(("BadDigest", "InvalidRequest"), 400):
                s3.complete_multipart_upload(**call)
    head = s3.head_object(Bucket=bucket, Key="right", ChecksumMode="ENABLED")
    same((head[field], head["ChecksumType"]), (whole, "FULL_OBJECT"))
    with refused("404", 404):
        s3.head_object(Bucket=bucket, Key="wrong")


def pick(answer, field):
    return {"ETag": answer["ETag"], field: answer[field]}


def put_of_each(s3):
    for name in ALGORITHMS:
        put(s3, name)


def trailer_of_each(s3):
    for name in ALGORITHMS:
        trailer(s3, name)


def multipart_of_each(s3):
    for name in ALGORITHMS:
        multipart(s3, name)


def full_object_of_each_crc(s3):
    for name in ("CRC32", "CRC32C", "CRC64NVME"):
        full_object(s3, name)


def listing_names_each(s3):
    for name in ALGORITHMS:
        listed(s3, name)


if __name__ == "__main__":
    case.main(__name__)
