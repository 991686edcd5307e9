"""`requests`: S3 by hand over requests.Session, signed by botocore, on threads.

Parts of 8 MiB, multipart upload and ranged GETs in parallel, requests in flight by the rule of the AWS CRT: that many
task threads, that many part threads, and a semaphore that bounds both together; one session whose pool is as large.
No HeadObject, no checksums (skipped).

- Upload from RAM: slices of the ring go to the socket without a copy; from disk: blocks of 256 KiB.
- Downloads are dropped or written as chunks arrive (256 KiB). Requests and retries (ours) are counted.
"""

import os
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, Callable, Iterator, Optional

import requests
from requests import Response
from requests.adapters import HTTPAdapter

from ..client import BlockingClient, Hello
from ..content import FRAME, Content
from ..explain import answered
from ..plain_http import CHUNK, Requests, hello_of, parts_of
from ..settings import Settings
from ..signer import (
    Call,
    Signer,
    abort_call,
    check_completed,
    check_range,
    complete_call,
    create_call,
    get_call,
    part_call,
    put_call,
    upload_id_of,
)
from ..sink import Destination
from ..transfer import Transfer
from ..workload import Task

TIMEOUTS = (10, 60)
"""Seconds to connect and between two reads."""


class RequestsClient(BlockingClient):
    """requests, with a pool of threads for the parts."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._signer = Signer(settings)
        self._requests = Requests()
        self._slots = threading.BoundedSemaphore(settings.connections)
        self._parts = ThreadPoolExecutor(settings.connections)
        self._session = requests.Session()
        # Proxies and .netrc of the environment would change where requests go and how they are signed.
        self._session.trust_env = False
        self._session.verify = settings.ca_bundle or True
        self._session.headers["Accept-Encoding"] = "identity"
        adapter = HTTPAdapter(pool_connections=1, pool_maxsize=settings.connections)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    def hello(self) -> Hello:
        return hello_of(self._settings, f"requests {requests.__version__}")

    def requests(self) -> int:
        return self._requests.sent

    def retries(self) -> int:
        return self._requests.sent_again

    def run(self, transfer: Transfer) -> None:
        if transfer.task.is_upload:
            self._upload(transfer)
        else:
            self._download(transfer)

    def abort(self) -> int:
        left = 0
        for key, upload_id in self._requests.stop():
            url, headers = self._signer.sign(abort_call(key, upload_id))
            try:
                left += self._session.delete(url, headers=headers, timeout=TIMEOUTS).status_code >= 300
            except requests.RequestException:
                left += 1
        return left

    def _download(self, transfer: Transfer) -> None:
        task = transfer.task
        parts = parts_of(task.size, self._settings.part_size)
        with Destination(transfer) as destination:
            if len(parts) <= 1:
                self._get(get_call(task.key), task.size, None, destination)
            else:
                self._all(
                    self._parts.submit(self._get, get_call(task.key, *part), task.size, part, destination)
                    for part in parts
                )

    def _get(self, call: Call, size: int, part: Optional[tuple[int, int]], destination: Destination) -> None:
        def take(response: Response) -> None:
            offset = 0
            if part is not None:
                check_range(call, size, *part, response.headers)
                offset = part[0]
            for chunk in response.iter_content(CHUNK):
                destination.take(offset, chunk)
                offset += len(chunk)

        self._send(call, lambda: b"", take)

    def _upload(self, transfer: Transfer) -> None:
        task = transfer.task
        parts = parts_of(task.size, self._settings.part_size)
        if len(parts) <= 1:
            self._send(put_call(task.key, task.size), lambda: _body(task, 0, task.size))
            transfer.moved(task.size)
            return
        create = create_call(task.key)
        upload_id = upload_id_of(create, self._send(create, lambda: b"").text)
        self._requests.opened(task.key, upload_id)
        try:
            etags = self._all(
                self._parts.submit(self._put_part, transfer, upload_id, number, *part)
                for number, part in enumerate(parts, 1)
            )
            complete, body = complete_call(task.key, upload_id, etags)
            check_completed(complete, self._send(complete, lambda: body).text)
        except Exception:
            self._abort_upload(task.key, upload_id)
            raise
        self._requests.closed(task.key, upload_id)

    def _put_part(self, transfer: Transfer, upload_id: str, number: int, begin: int, end: int) -> str:
        task = transfer.task
        call = part_call(task.key, upload_id, number, end - begin)
        response = self._send(call, lambda: _body(task, begin, end))
        transfer.moved(end - begin)
        return response.headers.get("ETag", "")

    def _abort_upload(self, key: str, upload_id: str) -> None:
        try:
            self._send(abort_call(key, upload_id), lambda: b"")
        except Exception:
            # The failure that led here is the one to tell; the bucket's lifecycle rule ends the upload.
            return
        self._requests.closed(key, upload_id)

    def _all(self, parts: "Iterator[Future[Any]]") -> list[Any]:
        """Waits for all parts; after a failure those that have not begun are cancelled."""
        futures = list(parts)
        try:
            return [future.result() for future in futures]
        except BaseException:
            for future in futures:
                future.cancel()
            wait(futures)
            raise

    def _send(self, call: Call, body: Callable[[], Any], take: Optional[Callable[[Response], None]] = None) -> Response:
        """Sends a request until it succeeds or is not worth another attempt."""
        attempt = 1
        while True:
            try:
                with self._slots:
                    self._requests.count(attempt)
                    return self._exchange(call, body(), take)
            except Exception as error:
                pause = self._requests.pause_before_next(error, call, attempt)
            time.sleep(pause)
            attempt += 1

    def _exchange(self, call: Call, body: Any, take: Optional[Callable[[Response], None]]) -> Response:
        url, headers = self._signer.sign(call)
        request = self._session.request(
            call.method, url, headers=headers, data=body, stream=take is not None, timeout=TIMEOUTS
        )
        with request as response:
            if response.status_code >= 300:
                raise answered(call.operation, call.key, response.status_code, response.text)
            if take is not None:
                take(response)
            return response


class _Frames:
    """The bytes of a part as requests wants them, with a length and an iterator: then it sends them as they are."""

    def __init__(self, length: int, frames: Callable[[], Iterator[Any]]) -> None:
        self._length = length
        self._frames = frames

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[Any]:
        return self._frames()


def _body(task: Task, begin: int, end: int) -> Any:
    if begin == end:
        return b""
    if task.path is None:
        content = Content(task.key)
        return _Frames(end - begin, lambda: content.frames(begin, end - begin))
    path = task.path
    return _Frames(end - begin, lambda: _of_file(path, begin, end))


def _of_file(path: str, begin: int, end: int) -> Iterator[bytes]:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        while begin < end:
            data = os.pread(descriptor, min(FRAME, end - begin), begin)
            if not data:
                raise OSError(0, "the file is shorter than it was", path)
            yield data
            begin += len(data)
    finally:
        os.close(descriptor)


def make(settings: Settings) -> RequestsClient:
    """The client of these settings."""
    return RequestsClient(settings)
