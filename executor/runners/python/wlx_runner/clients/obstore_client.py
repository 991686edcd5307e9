"""`obstore`: the Rust crate object_store behind a Python API, on asyncio.

It has no rule for many objects: tasks in flight follow the rule of the AWS CRT, parts are 8 MiB (its default is 5 MiB).
An upload has 12 parts at once as it comes, fewer where all uploads together would have more requests in flight than
the rule says. Large downloads are ranges of 8 MiB in parallel, as its users do it.

- Upload from RAM: a part or less is a `memoryview` of the ring, larger objects an iterator of such slices; obstore
  copies slices into its part buffers. Upload from disk: obstore reads the file itself.
- Downloads: up to a part the chunks of the stream, beyond that a range at a time in memory.
- No HeadObject. Requests and retries cannot be counted. A cancelled upload is not aborted: the API has no call for it.
- Checksums: SHA256 and CRC64NVME on upload, nothing is validated on download; all else is skipped.
"""

import asyncio
from datetime import datetime, timedelta, timezone
from typing import Any, Optional
from urllib.parse import urlsplit

import botocore.session
import obstore
from obstore.store import S3Store

from ..all_of import all_of
from ..botocore_side import load_credentials
from ..client import HEADER, NONE, PART, AsyncClient, Hello
from ..content import FRAME, RING_LEN, Content
from ..failure import INTEGRITY, Failure
from ..plain_http import parts_of
from ..settings import Settings
from ..sink import Destination
from ..transfer import Transfer
from ..workload import Task

UPLOAD_CONCURRENCY = 12
"""`max_concurrency` of `put` as it comes."""
CREDENTIALS_LIVE = timedelta(minutes=5)
"""How long obstore keeps what botocore gives it; botocore refreshes in time."""


class Obstore(AsyncClient):
    """obstore.store.S3Store."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._store = _store(settings)
        self._slots: Optional[asyncio.Semaphore] = None
        self._tasks = settings.tuned.files_in_flight or settings.connections
        workload = settings.workload
        is_mixed = bool(workload.uploads) and bool(workload.downloads)
        # obstore bounds the parts of one upload only; what is left is divided beforehand.
        self._each_way = max(1, settings.connections // (2 if is_mixed else 1))
        uploads = max(1, min(self._tasks, len(workload.uploads)))
        self._upload_values: dict[str, Any] = {
            "chunk_size": settings.part_size,
            "max_concurrency": max(1, min(UPLOAD_CONCURRENCY, self._each_way // uploads)),
        }
        self._uploads_in_parts = 0

    def hello(self) -> Hello:
        return Hello(
            client_version=f"obstore {obstore.__version__}",
            tasks_in_flight=self._tasks,
            connections=self._settings.connections,
            part_size=self._settings.part_size,
            checksum_placement=NONE if self._settings.workload.checksum is None else HEADER,
            buffer_residency=PART,
        )

    async def open(self) -> None:
        self._slots = asyncio.Semaphore(self._each_way)

    async def run(self, transfer: Transfer) -> None:
        if transfer.task.is_upload:
            await self._upload(transfer)
            return
        task = transfer.task
        parts = parts_of(task.size, self._settings.part_size)
        with Destination(transfer) as destination:
            if len(parts) <= 1:
                await self._whole(task.key, destination)
            else:
                await all_of([self._range(task, destination, *part) for part in parts])

    async def abort(self) -> int:
        return self._uploads_in_parts

    async def _upload(self, transfer: Transfer) -> None:
        task = transfer.task
        in_parts = task.size > self._settings.part_size
        self._uploads_in_parts += in_parts
        if task.path is not None:
            # The context closes the file even where the upload is cancelled.
            with open(task.path, "rb") as file:
                await self._put(task.key, file)
        elif in_parts or task.size > RING_LEN:
            await self._put(task.key, Content(task.key).frames(0, task.size))
        else:
            await self._put(task.key, Content(task.key).slice(0, task.size))
        self._uploads_in_parts -= in_parts
        transfer.moved(task.size)

    async def _put(self, key: str, source: Any) -> None:
        await obstore.put_async(self._store, key, source, **self._upload_values)

    async def _whole(self, key: str, destination: Destination) -> None:
        assert self._slots is not None, "open makes it"
        async with self._slots:
            result = await obstore.get_async(self._store, key)
            offset = 0
            async for chunk in result.stream(min_chunk_size=FRAME):
                data = memoryview(chunk)
                destination.take(offset, data)  # type: ignore[arg-type]
                offset += len(data)

    async def _range(self, task: Task, destination: Destination, begin: int, end: int) -> None:
        assert self._slots is not None, "open makes it"
        async with self._slots:
            result = await obstore.get_async(self._store, task.key, options={"range": (begin, end)})
            size = result.meta["size"]
            if size != task.size:
                words = f"GetObject {task.key}: the object has {size} bytes where {task.size} are expected"
                raise Failure(INTEGRITY, words)
            destination.take(begin, memoryview(await result.bytes_async()))  # type: ignore[arg-type]


def _store(settings: Settings) -> S3Store:
    values: dict[str, Any] = {"region": settings.region, "unsigned_payload": True}
    client: Any = {}
    if settings.endpoint_url:
        values.update(endpoint=settings.endpoint_url, virtual_hosted_style_request=False)
        client["allow_http"] = urlsplit(settings.endpoint_url).scheme == "http"
    else:
        values["virtual_hosted_style_request"] = "." not in settings.bucket
    if settings.workload.checksum:
        values["checksum_algorithm"] = settings.workload.checksum
    if settings.ca_bundle and settings.is_https:
        with open(settings.ca_bundle, "rb") as file:
            client["root_certificate"] = file.read()
    credentials = load_credentials(botocore.session.get_session())

    def provide() -> Any:
        frozen = credentials.get_frozen_credentials()
        return {
            "access_key_id": frozen.access_key,
            "secret_access_key": frozen.secret_key,
            "token": frozen.token,
            "expires_at": datetime.now(timezone.utc) + CREDENTIALS_LIVE,
        }

    return S3Store(settings.bucket, client_options=client, credential_provider=provide, **values)


def make(settings: Settings) -> Obstore:
    """The client of these settings."""
    return Obstore(settings)
