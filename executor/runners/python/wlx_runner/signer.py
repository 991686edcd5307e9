"""S3 requests for clients that only speak HTTP: URLs, SigV4 by botocore, and answers. No I/O.

Users of aiohttp, httpx and requests sign with botocore and leave the payload unsigned; signing is a part of each
request and stays on the clock.
"""

import re
from dataclasses import dataclass
from typing import Any, Mapping, Optional
from urllib.parse import quote, urlencode
from xml.sax.saxutils import escape

import botocore.session
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest

from . import failure as kinds
from .botocore_side import load_credentials
from .explain import answered
from .failure import Failure
from .settings import Settings

UPLOAD_ID = re.compile(r"<UploadId>([^<]+)</UploadId>")
CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


class _UnsignedPayload(S3SigV4Auth):
    def payload(self, request: Any) -> str:
        return "UNSIGNED-PAYLOAD"


@dataclass(frozen=True)
class Call:
    """One S3 request that can be signed and sent any number of times."""

    operation: str
    method: str
    key: str
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()


class Signer:
    """Makes signed requests for one bucket."""

    def __init__(self, settings: Settings) -> None:
        self._base_url = settings.base_url
        self._region = settings.region
        self._credentials = load_credentials(botocore.session.get_session())

    def sign(self, call: Call) -> tuple[str, dict[str, str]]:
        """URL and headers of a request, with the time of now."""
        url = f"{self._base_url}/{quote(call.key, safe='/~')}"
        if call.query:
            url += "?" + urlencode(call.query, quote_via=quote, safe="~")
        request = AWSRequest(method=call.method, url=url, headers=dict(call.headers))
        _UnsignedPayload(self._credentials.get_frozen_credentials(), "s3", self._region).add_auth(request)
        return url, dict(request.headers.items())


def get_call(key: str, begin: Optional[int] = None, end: Optional[int] = None) -> Call:
    """GetObject of the whole object, or of the bytes from `begin` up to `end` (exclusive)."""
    headers = (("Range", f"bytes={begin}-{end - 1}"),) if begin is not None and end is not None else ()
    return Call("GetObject", "GET", key, headers=headers)


def put_call(key: str, length: int) -> Call:
    """PutObject."""
    return Call("PutObject", "PUT", key, headers=(("Content-Length", str(length)),))


def create_call(key: str) -> Call:
    """CreateMultipartUpload."""
    return Call("CreateMultipartUpload", "POST", key, query=(("uploads", ""),), headers=(("Content-Length", "0"),))


def part_call(key: str, upload_id: str, number: int, length: int) -> Call:
    """UploadPart."""
    query = (("partNumber", str(number)), ("uploadId", upload_id))
    return Call("UploadPart", "PUT", key, query=query, headers=(("Content-Length", str(length)),))


def complete_call(key: str, upload_id: str, etags: list[str]) -> tuple[Call, bytes]:
    """CompleteMultipartUpload and its body."""
    parts = "".join(
        f"<Part><PartNumber>{number}</PartNumber><ETag>{escape(etag)}</ETag></Part>"
        for number, etag in enumerate(etags, 1)
    )
    body = f"<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>".encode()
    headers = (("Content-Length", str(len(body))), ("Content-Type", "application/xml"))
    return Call("CompleteMultipartUpload", "POST", key, query=(("uploadId", upload_id),), headers=headers), body


def abort_call(key: str, upload_id: str) -> Call:
    """AbortMultipartUpload."""
    return Call("AbortMultipartUpload", "DELETE", key, query=(("uploadId", upload_id),))


def upload_id_of(call: Call, body: str) -> str:
    """The upload id in the answer to CreateMultipartUpload."""
    found = UPLOAD_ID.search(body)
    if found is None:
        raise Failure(kinds.SERVER, f"{call.operation} {call.key}: the answer has no upload id")
    return found.group(1)


def check_completed(call: Call, body: str) -> None:
    """CompleteMultipartUpload may answer 200 and tell of its failure in the body."""
    if "<Error>" in body:
        raise answered(call.operation, call.key, 500, body)


def check_range(call: Call, size: int, begin: int, end: int, headers: Mapping[str, str]) -> None:
    """Refuses a partial answer that is not the range asked for of an object of `size` bytes."""
    told = headers.get("Content-Range", "")
    found = CONTENT_RANGE.fullmatch(told)
    if found is None or tuple(map(int, found.groups())) != (begin, end - 1, size):
        words = f"bytes {begin}-{end - 1}/{size} expected, Content-Range is `{told}`"
        raise Failure(kinds.INTEGRITY, f"{call.operation} {call.key}: {words}")
