"""`s3fs`: the file system of fsspec on aiobotocore, by its asynchronous methods (`_put_file`, `_get_file`,
`_pipe_file`, `_cat_file`).

It has no rule for many files: tasks in flight and the connections of its pool follow the rule of the AWS CRT, and
blocks are 8 MiB where s3fs would take 50 MiB. Within a file it moves blocks in batches of `max_concurrency` (10).

- A file below two blocks is uploaded by one PutObject. A RAM upload must be `bytes`: a block (below two blocks: the
  whole object) is copied from the ring in the timed part, as the API forces it. From disk a batch of blocks is read.
- RAM downloads send a HeadObject first, as `_cat_file` does it. Up to a block they are a `_cat_file`, held whole;
  larger ones are one `_cat_file` a block, so that no object is held as a whole. Where an object is missing, s3fs
  also lists.
- Downloads to disk: a GET, which is hung up and followed by ranges where the object is larger than a block.
- Checksums are skipped: s3fs completes multipart uploads without the checksums of their parts.
- Requests are counted by botocore's events; the second attempts that s3fs makes on its own count as requests only,
  and what aiohttp sends again over a connection that had been closed is not seen.
"""

import asyncio
from importlib.metadata import version
from typing import Any, Optional

import s3fs

from ..all_of import all_of
from ..async_botocore import abort_open
from ..botocore_side import Watch, client_values, config_values
from ..client import NONE, PART, WHOLE_OBJECT, AsyncClient, Hello
from ..content import Content, ContentReader
from ..ending import Failed
from ..plain_http import parts_of
from ..settings import Settings
from ..transfer import Transfer

FILE_CONCURRENCY = 10
"""`max_concurrency` of S3FileSystem as it comes."""


class S3Fs(AsyncClient):
    """s3fs.S3FileSystem on our event loop."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._watch = Watch()
        self._slots: Optional[asyncio.Semaphore] = None
        self._concurrency = min(settings.tuned.connections or FILE_CONCURRENCY, settings.connections)

    def hello(self) -> Hello:
        return Hello(
            client_version=f"s3fs {s3fs.__version__}, aiobotocore {version('aiobotocore')}",
            tasks_in_flight=self._settings.tuned.files_in_flight or self._settings.connections,
            connections=self._settings.connections,
            part_size=self._settings.part_size,
            checksum_placement=NONE,
            buffer_residency=self._residency(),
        )

    def requests(self) -> int:
        return self._watch.requests

    def retries(self) -> int:
        return self._watch.retries

    async def open(self) -> None:
        settings = self._settings
        self._slots = asyncio.Semaphore(settings.connections)
        values = client_values(settings)
        self._fs = s3fs.S3FileSystem(
            asynchronous=True,
            skip_instance_cache=True,
            endpoint_url=values.pop("endpoint_url", None),
            client_kwargs=values,
            config_kwargs=config_values(settings, settings.connections),
            default_block_size=settings.part_size,
            max_concurrency=self._concurrency,
        )
        self._s3: Any = await self._fs.set_session()
        credentials = await self._fs.session.get_credentials()
        if credentials is None:
            raise Failed("no credentials: the AWS chain (environment, profile, instance role) has none")
        await credentials.get_frozen_credentials()
        self._watch.attach(self._s3)

    async def run(self, transfer: Transfer) -> None:
        task, block = transfer.task, self._settings.part_size
        remote = f"{self._settings.bucket}/{task.key}"
        if task.is_upload:
            await self._upload(transfer, remote)
        elif task.path is not None:
            await self._fs._get_file(remote, task.path, chunksize=block)
            transfer.moved(task.size)
        elif task.size <= block:
            transfer.received(0, await self._fs._cat_file(remote))
        else:
            # As its own `_cat_file` does it: first the size, then the blocks.
            size = await self._fs._size(remote)
            parts = parts_of(size, block)
            await all_of([self._block(transfer, remote, *part) for part in parts])

    async def abort(self) -> int:
        return await abort_open(self._s3, self._settings.bucket, self._watch)

    async def close(self) -> None:
        await self._s3.close()

    async def _upload(self, transfer: Transfer, remote: str) -> None:
        task, block = transfer.task, self._settings.part_size
        if task.path is not None:
            await self._fs._put_file(task.path, remote, chunksize=block)
        else:
            data: Any = ContentBlocks(task.key, task.size)
            await self._fs._pipe_file(remote, data if task.size >= 2 * block else data[:], chunksize=block)
        transfer.moved(task.size)

    async def _block(self, transfer: Transfer, remote: str, begin: int, end: int) -> None:
        assert self._slots is not None, "open makes it"
        async with self._slots:
            transfer.received(begin, await self._fs._cat_file(remote, start=begin, end=end))

    def _residency(self) -> str:
        block = self._settings.part_size
        tasks: list = self._settings.workload.tasks
        return WHOLE_OBJECT if all(task.size < 2 * block for task in tasks) else PART


class ContentBlocks:
    """Content that is cut like `bytes`, a block at a time: `_pipe_file` asks for nothing else."""

    def __init__(self, key: str, size: int) -> None:
        self._content = Content(key)
        self._key = key
        self._size = size

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, part: slice) -> bytes:
        begin, end, _ = part.indices(self._size)
        return ContentReader(self._key, begin, max(0, end - begin)).read()


def make(settings: Settings) -> S3Fs:
    """The client of these settings."""
    return S3Fs(settings)
