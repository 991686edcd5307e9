"""`crt-python`: the S3 client of the AWS CRT, directly (package awscrt).

As its makers have it: parts of 8 MiB, connections from the target throughput, all tasks submitted at once; the bound
is what the limit of open files allows (each task may need a file and a connection).

- Upload from RAM: the CRT asks for bytes through a file-like object and copies them into its own buffers, a part at a
  time. Upload from and download to disk are done by the CRT itself.
- Download to RAM: chunks come in order as Python `bytes` (one copy that the binding makes) and are dropped.
- No HeadObject. Checksums: all five, in a trailer; downloads are validated by the CRT.
- Requests cannot be counted: the binding does not tell of them. Cancelled uploads are aborted by the CRT.
"""

import resource
import threading
from typing import Any
from urllib.parse import quote, urlsplit

import awscrt
from awscrt.http import HttpHeaders, HttpRequest
from awscrt.s3 import (
    S3ChecksumAlgorithm,
    S3ChecksumConfig,
    S3ChecksumLocation,
    S3Request,
    S3RequestType,
)

from ..client import PART, Done, Hello, SubmittingClient
from ..content import ContentReader
from ..crt_side import checksum_placement, get_object_type, s3_client
from ..settings import Settings
from ..transfer import Transfer

MOST_TASKS = 10_000
SHARE_OF_FILES = 0.4
"""Of the limit of open files: a task may hold a file and a connection, and other things need some too."""
CANCEL_SECONDS = 10


class CrtPython(SubmittingClient):
    """awscrt's S3Client."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        url = urlsplit(settings.base_url)
        self._host, self._prefix = url.netloc, url.path
        self._tasks = settings.tuned.files_in_flight or _tasks_for_open_files()
        self._client = s3_client(settings)
        self._lock = threading.Lock()
        self._in_flight: set[S3Request] = set()

    def hello(self) -> Hello:
        return Hello(
            client_version=f"awscrt {awscrt.__version__}",
            tasks_in_flight=self._tasks,
            connections=self._settings.connections,
            part_size=self._settings.part_size,
            checksum_placement=checksum_placement(self._settings),
            buffer_residency=PART,
        )

    def start(self, transfer: Transfer, done: Done) -> None:
        arguments = self._upload(transfer) if transfer.task.is_upload else self._download(transfer)
        request: dict[str, S3Request] = {}

        def on_done(error: Any, **_: Any) -> None:
            with self._lock:
                # Absent if it was quicker than the return of make_request.
                self._in_flight.discard(request.pop("it", None))
                request["ended"] = True
            done(error)

        made = self._client.make_request(on_done=on_done, **arguments)
        with self._lock:
            if "ended" not in request:
                request["it"] = made
                self._in_flight.add(made)

    def abort(self) -> int:
        with self._lock:
            requests = list(self._in_flight)
        for request in requests:
            request.cancel()
        left = 0
        for request in requests:
            try:
                request.finished_future.exception(CANCEL_SECONDS)
            except Exception:
                left += 1
        return left

    def _upload(self, transfer: Transfer) -> dict[str, Any]:
        task = transfer.task
        headers = HttpHeaders([("Host", self._host), ("Content-Length", str(task.size))])
        headers.add("Content-Type", "application/octet-stream")
        body = None if task.path is not None else ContentReader(task.key, 0, task.size)
        checksum = self._settings.workload.checksum
        config = checksum and S3ChecksumConfig(
            algorithm=S3ChecksumAlgorithm[checksum], location=S3ChecksumLocation.TRAILER
        )
        return {
            "type": S3RequestType.PUT_OBJECT,
            "request": HttpRequest("PUT", self._path(task.key), headers, body),
            "send_filepath": task.path,
            "checksum_config": config or None,
            "on_progress": transfer.moved,
        }

    def _download(self, transfer: Transfer) -> dict[str, Any]:
        task = transfer.task
        arguments: dict[str, Any] = {
            **get_object_type(task),
            "request": HttpRequest("GET", self._path(task.key), HttpHeaders([("Host", self._host)])),
            "checksum_config": S3ChecksumConfig(validate_response=True) if self._settings.workload.checksum else None,
        }
        if task.path is not None:
            return {**arguments, "recv_filepath": task.path, "on_progress": transfer.moved}

        def on_body(chunk: bytes, offset: int, **_: Any) -> None:
            transfer.received(offset, chunk)

        return {**arguments, "on_body": on_body}

    def _path(self, key: str) -> str:
        return f"{self._prefix}/{quote(key, safe='/~')}"


def _tasks_for_open_files() -> int:
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST_TASKS if limit == resource.RLIM_INFINITY else max(1, min(MOST_TASKS, int(limit * SHARE_OF_FILES)))


def make(settings: Settings) -> CrtPython:
    """The client of these settings."""
    return CrtPython(settings)
