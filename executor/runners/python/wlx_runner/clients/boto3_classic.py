"""`boto3-classic`: boto3's own transfer manager (threads), as `upload_file`, `download_file` and their `fileobj` forms
use it.

As its makers have it: parts of 8 MiB from 8 MiB on, 10 threads a transfer, a connection pool of 10, and no attention
to the target throughput. Tasks run on as many threads as `concurrent.futures` takes by default.

- Upload from RAM: the library reads a file-like object; a part is copied into memory by it.
- Download: no HeadObject; the first GET asks for the first 8 MiB and tells the size, the other ranges follow in
  parallel. RAM downloads go to a sink that can seek, as the library can hang with one that cannot.
- Checksums: all that botocore with awscrt knows; ranges of a download cannot be validated, only whole GETs, so
  downloads above a part with a checksum are skipped.
- Requests are counted by botocore's events. A GET that s3transfer sends again after a broken body counts as a request,
  not as a retry: botocore does not tell it from a first one.
"""

import os
from typing import Any

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config

from ..botocore_side import (
    Watch,
    checksum_placement,
    client_values,
    config_values,
    download_arguments,
    load_credentials,
    upload_arguments,
)
from ..client import PART, BlockingClient, Hello
from ..content import ContentReader
from ..settings import Settings
from ..sink import SinkFile
from ..transfer import Transfer


class Boto3Classic(BlockingClient):
    """boto3 with its own transfer manager."""

    def __init__(self, settings: Settings) -> None:
        tuned = settings.tuned
        self._settings = settings
        self._tasks = tuned.files_in_flight or min(32, (os.cpu_count() or 1) + 4)
        if tuned.connections:
            self._tasks = min(self._tasks, tuned.connections)
        self._transfer_config = _transfer_config(settings, self._tasks)
        config = Config(**config_values(settings, tuned.connections))
        session = boto3.Session()
        load_credentials(session)
        self._s3: Any = session.client("s3", config=config, **client_values(settings))
        self._watch = Watch()
        self._watch.attach(self._s3)
        self._upload_arguments = upload_arguments(settings)
        self._download_arguments = download_arguments(settings)

    def hello(self) -> Hello:
        return Hello(
            client_version=f"boto3 {boto3.__version__}",
            tasks_in_flight=self._tasks,
            connections=self._tasks * self._transfer_config.max_concurrency,
            part_size=self._transfer_config.multipart_chunksize,
            checksum_placement=checksum_placement(self._settings),
            buffer_residency=PART,
        )

    def requests(self) -> int:
        return self._watch.requests

    def retries(self) -> int:
        return self._watch.retries

    def run(self, transfer: Transfer) -> None:
        task, bucket = transfer.task, self._settings.bucket
        shared = {"Callback": transfer.moved, "Config": self._transfer_config}
        if task.is_upload:
            shared["ExtraArgs"] = self._upload_arguments
            if task.path is not None:
                self._s3.upload_file(task.path, bucket, task.key, **shared)
            else:
                self._s3.upload_fileobj(ContentReader(task.key, 0, task.size), bucket, task.key, **shared)
            return
        shared["ExtraArgs"] = self._download_arguments
        if task.path is not None:
            self._s3.download_file(bucket, task.key, task.path, **shared)
        else:
            del shared["Callback"]
            self._s3.download_fileobj(bucket, task.key, SinkFile(transfer), **shared)

    def abort(self) -> int:
        # Twice: a transfer in flight may just have opened one.
        for _ in range(2):
            for key, upload_id in self._watch.open_uploads():
                try:
                    self._s3.abort_multipart_upload(Bucket=self._settings.bucket, Key=key, UploadId=upload_id)
                except Exception:
                    # It stays open, and is counted as such.
                    continue
        return len(self._watch.open_uploads())


def _transfer_config(settings: Settings, tasks: int) -> TransferConfig:
    values: dict = {"preferred_transfer_client": "classic"}
    if settings.tuned.part_size:
        values.update(multipart_chunksize=settings.tuned.part_size, multipart_threshold=settings.tuned.part_size)
    if settings.tuned.connections:
        # Each transfer has threads of its own: the connections are divided among those in flight.
        values["max_concurrency"] = max(1, settings.tuned.connections // tasks)
    return TransferConfig(**values)


def make(settings: Settings) -> Boto3Classic:
    """The client of these settings."""
    return Boto3Classic(settings)
