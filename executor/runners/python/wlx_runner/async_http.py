"""An S3 client on an asynchronous HTTP library: the library itself is behind `Exchange`.

Used by `clients/aiohttp_client.py` and `clients/httpx_client.py`, so that both do the same work and differ by the
library only.
"""

import asyncio
import os
from abc import abstractmethod
from typing import AsyncIterator, Callable, Optional

from .all_of import all_of
from .client import AsyncClient, Hello
from .content import FRAME, Content
from .explain import answered
from .plain_http import Requests, hello_of, parts_of
from .settings import Settings
from .signer import (
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
from .sink import Destination
from .transfer import Transfer
from .workload import Task

Body = AsyncIterator[memoryview]
Receive = Callable[[bytes], None]
Answer = tuple[int, dict[str, str], bytes]


class AsyncHttpClient(AsyncClient):
    """Uploads and downloads in parts over an HTTP library that a subclass names."""

    version: str

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._signer = Signer(settings)
        self._requests = Requests()
        self._slots: Optional[asyncio.Semaphore] = None

    @abstractmethod
    async def exchange(
        self, method: str, url: str, headers: dict[str, str], body: object, receive: Optional[Callable[..., Receive]]
    ) -> Answer:
        """Sends one request. A good answer's body goes to what `receive(status, headers)` answers, if that is given."""

    def hello(self) -> Hello:
        return hello_of(self.settings, self.version)

    def requests(self) -> int:
        return self._requests.sent

    def retries(self) -> int:
        return self._requests.sent_again

    async def open(self) -> None:
        self._slots = asyncio.Semaphore(self.settings.connections)

    async def run(self, transfer: Transfer) -> None:
        if transfer.task.is_upload:
            await self._upload(transfer)
        else:
            await self._download(transfer)

    async def abort(self) -> int:
        left = 0
        for key, upload_id in self._requests.stop():
            url, headers = self._signer.sign(abort_call(key, upload_id))
            try:
                status, _, _ = await self.exchange("DELETE", url, headers, b"", None)
                left += status >= 300
            except Exception:
                left += 1
        return left

    async def _download(self, transfer: Transfer) -> None:
        task = transfer.task
        parts = parts_of(task.size, self.settings.part_size)
        with Destination(transfer) as destination:
            if len(parts) <= 1:
                await self._get(get_call(task.key), task.size, None, destination)
                return
            await all_of(
                [
                    self._get(get_call(task.key, begin, end), task.size, (begin, end), destination)
                    for begin, end in parts
                ]
            )

    async def _get(self, call: Call, size: int, part: Optional[tuple[int, int]], destination: Destination) -> None:
        def receive(headers: dict[str, str]) -> Receive:
            offset = 0
            if part is not None:
                check_range(call, size, *part, headers)
                offset = part[0]

            def take(chunk: bytes) -> None:
                nonlocal offset
                destination.take(offset, chunk)
                offset += len(chunk)

            return take

        await self._send(call, lambda: b"", receive)

    async def _upload(self, transfer: Transfer) -> None:
        task = transfer.task
        parts = parts_of(task.size, self.settings.part_size)
        if len(parts) <= 1:
            await self._send(put_call(task.key, task.size), lambda: _body(task, 0, task.size))
            transfer.moved(task.size)
            return
        create = create_call(task.key)
        _, _, answer = await self._send(create, lambda: b"")
        upload_id = upload_id_of(create, answer.decode())
        self._requests.opened(task.key, upload_id)
        try:
            etags = await all_of(
                [
                    self._put_part(transfer, upload_id, number, begin, end)
                    for number, (begin, end) in enumerate(parts, 1)
                ]
            )
            complete, body = complete_call(task.key, upload_id, etags)
            _, _, answer = await self._send(complete, lambda: body)
            check_completed(complete, answer.decode())
        except Exception:
            await self._abort_upload(task.key, upload_id)
            raise
        self._requests.closed(task.key, upload_id)

    async def _abort_upload(self, key: str, upload_id: str) -> None:
        try:
            await self._send(abort_call(key, upload_id), lambda: b"")
        except Exception:
            # The failure that led here is the one to tell; the bucket's lifecycle rule ends the upload.
            return
        self._requests.closed(key, upload_id)

    async def _put_part(self, transfer: Transfer, upload_id: str, number: int, begin: int, end: int) -> str:
        task = transfer.task
        call = part_call(task.key, upload_id, number, end - begin)
        _, headers, _ = await self._send(call, lambda: _body(task, begin, end))
        transfer.moved(end - begin)
        return headers.get("etag", "")

    async def _send(
        self, call: Call, body: Callable[[], object], receive: Optional[Callable[..., Receive]] = None
    ) -> Answer:
        """Sends a request until it succeeds or is not worth another attempt."""
        assert self._slots is not None, "open makes it"
        attempt = 1
        while True:
            try:
                async with self._slots:
                    self._requests.count(attempt)
                    url, headers = self._signer.sign(call)
                    answer = await self.exchange(call.method, url, headers, body(), receive)
                status, _, text = answer
                if status >= 300:
                    raise answered(call.operation, call.key, status, text.decode("utf-8", "replace"))
                return answer
            except Exception as error:
                pause = self._requests.pause_before_next(error, call, attempt)
            await asyncio.sleep(pause)
            attempt += 1


def _body(task: Task, begin: int, end: int) -> object:
    """The bytes of a part: slices of the ring or of the file, none of them held longer than it takes to send it."""
    if begin == end:
        return b""
    return _of_memory(task.key, begin, end) if task.path is None else _of_file(task.path, begin, end)


async def _of_memory(key: str, begin: int, end: int) -> Body:
    for frame in Content(key).frames(begin, end - begin):
        yield frame


async def _of_file(path: str, begin: int, end: int) -> Body:
    # Blocking reads on the event loop, as the libraries' own examples do it: the files are in the page cache or
    # close to it, and a hop to a thread costs more than such a read.
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        while begin < end:
            data = os.pread(descriptor, min(FRAME, end - begin), begin)
            if not data:
                raise OSError(0, "the file is shorter than it was", path)
            yield memoryview(data)
            begin += len(data)
    finally:
        os.close(descriptor)
