"""What all clients on botocore share: configuration, counting of requests, and knowing which uploads are open."""

import threading
from typing import Any, Optional

from . import client as words
from .ending import Failed
from .settings import Settings


def config_values(settings: Settings, connections: Optional[int]) -> dict[str, Any]:
    """Values for a botocore `Config`: no checksum and no hash of the payload but where one is asked for.

    Over plain http, or without a checksum, botocore would hash every payload with SHA-256 to sign it: work that no
    workload asks for, and that the other clients do not do.
    """
    s3: dict[str, Any] = {"payload_signing_enabled": False}
    if settings.endpoint_url:
        s3["addressing_style"] = "path"
    values: dict[str, Any] = {
        "s3": s3,
        "request_checksum_calculation": "when_required",
        "response_checksum_validation": "when_required",
    }
    if connections is not None:
        values["max_pool_connections"] = connections
    return values


def client_values(settings: Settings) -> dict[str, Any]:
    """Arguments of `create_client` beside `config`."""
    values: dict[str, Any] = {"region_name": settings.region}
    if settings.endpoint_url:
        values["endpoint_url"] = settings.endpoint_url
    return values


def load_credentials(session: Any) -> Any:
    """The credentials of the AWS chain, looked up now and not by the first timed request; refreshed by botocore."""
    credentials = session.get_credentials()
    if credentials is None:
        raise Failed("no credentials: the AWS chain (environment, profile, instance role) has none")
    credentials.get_frozen_credentials()
    return credentials


def upload_arguments(settings: Settings) -> dict[str, str]:
    """Extra arguments of an upload: the workload's checksum algorithm."""
    checksum = settings.workload.checksum
    return {"ChecksumAlgorithm": checksum} if checksum else {}


def download_arguments(settings: Settings) -> dict[str, str]:
    """Extra arguments of a download: validate what checksum there is."""
    return {"ChecksumMode": "ENABLED"} if settings.workload.checksum else {}


def checksum_placement(settings: Settings) -> str:
    """botocore puts the checksum of a streamed payload into a trailer over https, into a header otherwise."""
    if settings.workload.checksum is None:
        return words.NONE
    return words.TRAILER if settings.is_https else words.HEADER


class Watch:
    """Counts the requests of botocore clients and keeps the uploads that are open."""

    def __init__(self) -> None:
        self.requests = 0
        self.retries = 0
        self._lock = threading.Lock()
        self._open: set[tuple[str, str]] = set()

    def attach(self, client: Any) -> None:
        """Listens to `client` (also an asynchronous one: handlers may be plain functions)."""
        events = client.meta.events
        events.register("before-send.s3", self._sent)
        events.register("after-call.s3.CreateMultipartUpload", self._created)
        events.register("before-call.s3.CompleteMultipartUpload", self._remember)
        events.register("before-call.s3.AbortMultipartUpload", self._remember)
        events.register("after-call.s3.CompleteMultipartUpload", self._ended)
        events.register("after-call.s3.AbortMultipartUpload", self._ended)

    def open_uploads(self) -> set[tuple[str, str]]:
        """Key and upload id of the uploads that are neither complete nor aborted."""
        with self._lock:
            return set(self._open)

    def _sent(self, request: Any, **_: Any) -> None:
        attempt = request.headers.get("amz-sdk-request", "")
        text = attempt.decode() if isinstance(attempt, bytes) else str(attempt)
        with self._lock:
            self.requests += 1
            if text and not text.startswith("attempt=1"):
                self.retries += 1

    def _created(self, parsed: dict[str, Any], **_: Any) -> None:
        if "UploadId" in parsed:
            with self._lock:
                self._open.add((parsed["Key"], parsed["UploadId"]))

    def _remember(self, params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        context["wlx_upload_id"] = params.get("query_string", {}).get("uploadId")

    def _ended(self, http_response: Any, context: dict[str, Any], **_: Any) -> None:
        upload_id = context.get("wlx_upload_id")
        if upload_id is not None and http_response.status_code < 300:
            with self._lock:
                self._open = {upload for upload in self._open if upload[1] != upload_id}
