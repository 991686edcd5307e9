"""`boto3-crt`: boto3's transfer manager on the AWS CRT (`s3transfer.crt`).

boto3's own switch (`preferred_transfer_client="crt"`) leaves a configured endpoint and its scheme aside, so the parts
that it is made of are put together here: botocore serialises each request, the CRT's client (the one that `crt-python`
has) sends it. As its makers have it: parts of 8 MiB, connections from the target throughput, 128 transfers at once
(fixed in s3transfer).

- s3transfer asks the CRT for a CRC32 on every upload and validates every download. A thin wrapper around the CRT client
  asks for exactly what the workload asks for instead: nothing, or its algorithm.
- Upload from RAM: the CRT copies from a file-like object, a part at a time. Downloads to RAM come as `bytes`, in order.
- Downloads to disk are written to a temporary file and renamed; the clock stops when the manager has shut down.
- No HeadObject, requests cannot be counted, cancelled uploads are aborted by the CRT.
"""

from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any, Optional

import awscrt
import boto3
import botocore.session
import s3transfer
from awscrt.s3 import S3ChecksumAlgorithm, S3ChecksumConfig, S3ChecksumLocation, S3RequestType
from botocore.config import Config
from s3transfer.crt import (
    BotocoreCRTRequestSerializer,
    CRTTransferFuture,
    CRTTransferManager,
)
from s3transfer.subscribers import BaseSubscriber

from ..botocore_side import client_values, config_values
from ..client import PART, Done, Hello, SubmittingClient
from ..content import ContentReader
from ..crt_side import checksum_placement, get_object_type, s3_client
from ..settings import Settings
from ..sink import SinkFile
from ..transfer import Transfer

TRANSFERS = 128
"""The semaphore of CRTTransferManager."""
CANCEL_SECONDS = 10


class Boto3Crt(SubmittingClient):
    """s3transfer's CRTTransferManager; a new one for each repeat, as it remembers every transfer that it made."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        session = botocore.session.get_session()
        self._crt = AsAsked(s3_client(settings), settings)
        config = Config(**config_values(settings, None))
        self._serializer = BotocoreCRTRequestSerializer(session, {**client_values(settings), "config": config})
        self._manager: Optional[CRTTransferManager] = None
        self._futures: list[CRTTransferFuture] = []

    def hello(self) -> Hello:
        return Hello(
            client_version=f"boto3 {boto3.__version__}, s3transfer {s3transfer.__version__}, "
            f"awscrt {awscrt.__version__}",
            tasks_in_flight=min(self._settings.tuned.files_in_flight or TRANSFERS, TRANSFERS),
            connections=self._settings.connections,
            part_size=self._settings.part_size,
            checksum_placement=checksum_placement(self._settings),
            buffer_residency=PART,
        )

    def prepare(self) -> None:
        self._manager = CRTTransferManager(self._crt, self._serializer)
        self._futures = []

    def start(self, transfer: Transfer, done: Done) -> None:
        assert self._manager is not None, "prepare makes the manager"
        task, bucket = transfer.task, self._settings.bucket
        told = [Told(transfer, done)]
        if task.is_upload:
            body = task.path if task.path is not None else ContentReader(task.key, 0, task.size)
            future = self._manager.upload(body, bucket, task.key, subscribers=told)
        else:
            self._crt.download_type = get_object_type(task)
            sink = task.path if task.path is not None else SinkFile(transfer)
            future = self._manager.download(bucket, task.key, sink, subscribers=told)
        self._futures.append(future)

    def finish(self) -> None:
        assert self._manager is not None, "prepare makes the manager"
        self._manager.shutdown()

    def abort(self) -> int:
        for future in self._futures:
            if not future.done():
                future.cancel()
        with ThreadPoolExecutor(1) as waiting:
            _, late = wait([waiting.submit(self.finish)], CANCEL_SECONDS)
        return len(late)


class Told(BaseSubscriber):
    """Passes on that a transfer is done, after a downloaded file has its name."""

    def __init__(self, transfer: Transfer, done: Done) -> None:
        self._transfer = transfer
        self._done = done

    def on_progress(self, future: Any, bytes_transferred: int, **_: Any) -> None:
        task = self._transfer.task
        if task.is_upload or task.path is not None:
            self._transfer.moved(bytes_transferred)

    def on_done(self, future: Any, error: Any = None, **_: Any) -> None:
        self._done(error)


class AsAsked:
    """The CRT client for s3transfer, with the workload's checksum in place of s3transfer's own choice."""

    download_type: dict[str, Any]
    """Of the download that is started next; s3transfer makes its request in the same call."""

    def __init__(self, crt: Any, settings: Settings) -> None:
        self._crt = crt
        checksum = settings.workload.checksum
        self._upload: Optional[S3ChecksumConfig] = None
        self._download: Optional[S3ChecksumConfig] = None
        if checksum is not None:
            self._upload = S3ChecksumConfig(
                algorithm=S3ChecksumAlgorithm[checksum], location=S3ChecksumLocation.TRAILER
            )
            self._download = S3ChecksumConfig(validate_response=True)

    def make_request(self, **arguments: Any) -> Any:
        is_upload = arguments["type"] == S3RequestType.PUT_OBJECT
        arguments["checksum_config"] = self._upload if is_upload else self._download
        if not is_upload:
            arguments.update(self.download_type)
        return self._crt.make_request(**arguments)


def make(settings: Settings) -> Boto3Crt:
    """The client of these settings."""
    return Boto3Crt(settings)
