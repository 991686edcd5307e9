"""`aioboto3`: the managed transfers of aioboto3 (`upload_fileobj`, `download_file` and their like) on asyncio.

As its makers have it: parts of 8 MiB from 8 MiB on, 10 parts of a transfer at once. It has no rule for many transfers:
tasks in flight and the connections of its pool follow the rule of the AWS CRT.

- One HeadObject for each download; objects of 0 bytes are then not asked for at all.
- Uploads: a part is copied together in memory by the library; from disk it reads through aiofiles (threads).
- Downloads: a part is held in memory before it is written or dropped.
- Checksums: those of botocore with awscrt, sent in a header or trailer; ranges of a download cannot be validated, so
  downloads above a part with a checksum are skipped.
- A download whose body breaks off fails: the library does not ask again.
- Requests and retries are counted by botocore's events; what aiohttp sends again over a connection that had been closed
  is not seen.
"""

from contextlib import AsyncExitStack
from importlib.metadata import version
from typing import Any

import aioboto3
from aiobotocore.config import AioConfig
from boto3.s3.transfer import TransferConfig

from ..async_botocore import abort_open
from ..botocore_side import (
    Watch,
    checksum_placement,
    client_values,
    config_values,
    download_arguments,
    upload_arguments,
)
from ..client import PART, AsyncClient, Hello
from ..content import ContentReader
from ..ending import Failed
from ..settings import Settings
from ..sink import SinkFile
from ..transfer import Transfer


class Aioboto3(AsyncClient):
    """aioboto3's S3 client with its transfers."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._watch = Watch()
        self._opened = AsyncExitStack()
        self._s3: Any = None
        values: dict[str, Any] = {"multipart_chunksize": settings.part_size, "multipart_threshold": settings.part_size}
        self._transfer_config = TransferConfig(**values)
        self._upload_arguments = upload_arguments(settings)
        self._download_arguments = download_arguments(settings)

    def hello(self) -> Hello:
        return Hello(
            client_version=f"aioboto3 {version('aioboto3')}, aiobotocore {version('aiobotocore')}",
            tasks_in_flight=self._settings.tuned.files_in_flight or self._settings.connections,
            connections=self._settings.connections,
            part_size=self._settings.part_size,
            checksum_placement=checksum_placement(self._settings),
            buffer_residency=PART,
        )

    def requests(self) -> int:
        return self._watch.requests

    def retries(self) -> int:
        return self._watch.retries

    async def open(self) -> None:
        session = aioboto3.Session()
        credentials = await session.get_credentials()
        if credentials is None:
            raise Failed("no credentials: the AWS chain (environment, profile, instance role) has none")
        await credentials.get_frozen_credentials()
        config = AioConfig(**config_values(self._settings, self._settings.connections))
        client = session.client("s3", config=config, **client_values(self._settings))
        self._s3 = await self._opened.enter_async_context(client)
        self._watch.attach(self._s3)

    async def run(self, transfer: Transfer) -> None:
        task, bucket = transfer.task, self._settings.bucket
        shared: dict[str, Any] = {"Config": self._transfer_config}
        if task.is_upload:
            shared.update(ExtraArgs=self._upload_arguments, Callback=transfer.moved)
            if task.path is not None:
                await self._s3.upload_file(task.path, bucket, task.key, **shared)
            else:
                await self._s3.upload_fileobj(ContentReader(task.key, 0, task.size), bucket, task.key, **shared)
            return
        shared["ExtraArgs"] = self._download_arguments
        if task.path is not None:
            shared["Callback"] = Step(transfer)
            await self._s3.download_file(bucket, task.key, task.path, **shared)
        else:
            await self._s3.download_fileobj(bucket, task.key, SinkFile(transfer), **shared)

    async def abort(self) -> int:
        return await abort_open(self._s3, self._settings.bucket, self._watch)

    async def close(self) -> None:
        await self._opened.aclose()


class Step:
    """aioboto3 tells downloads' progress as a sum; progress here is by steps."""

    def __init__(self, transfer: Transfer) -> None:
        self._transfer = transfer
        self._told = 0

    def __call__(self, total: int) -> None:
        self._transfer.moved(total - self._told)
        self._told = total


def make(settings: Settings) -> Aioboto3:
    """The client of these settings."""
    return Aioboto3(settings)
