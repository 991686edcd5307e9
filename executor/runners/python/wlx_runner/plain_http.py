"""What the clients on plain HTTP libraries share: cutting into parts, retrying, counting, open uploads. No I/O.

Their users do by hand what an S3 library does: objects above a part size are moved in parts of 8 MiB in parallel,
with as many requests in flight as the target throughput asks for, and failed requests are sent again a few times.
"""

import random
import threading

from . import client as words
from .client import Hello
from .ending import Busy
from .explain import explain
from .failure import CONNECTION, SERVER, THROTTLED, TIMEOUT
from .settings import Settings
from .signer import Call

MOST_PARTS = 10_000
"""Of one multipart upload, by S3's limits."""
ATTEMPTS = 5
"""Of one request, the first included: what botocore does in its legacy mode."""
BACK_OFF_SECONDS = 0.1
"""Before the second attempt at most; doubled for each further one, and drawn at random below that."""
MOST_BACK_OFF_SECONDS = 5.0
RETRIED = {CONNECTION, SERVER, THROTTLED, TIMEOUT}
CHUNK = 256 * 1024
"""Bytes of a response that are taken at once."""


def parts_of(size: int, part_size: int) -> list[tuple[int, int]]:
    """Begin and end (exclusive) of the parts of an object; larger ones where there would be too many."""
    part_size = max(part_size, -(-size // MOST_PARTS))
    return [(begin, min(begin + part_size, size)) for begin in range(0, size, part_size)]


class Requests:
    """Counts requests, decides on retries and keeps the uploads that are open. Safe for threads."""

    def __init__(self) -> None:
        self.sent = 0
        self.sent_again = 0
        self._lock = threading.Lock()
        self._open: set[tuple[str, str]] = set()
        self._stopping = False

    def count(self, attempt: int) -> None:
        """A request is about to be sent; `attempt` counts from 1."""
        if self._stopping:
            raise Busy("the session is being stopped")
        with self._lock:
            self.sent += 1
            if attempt > 1:
                self.sent_again += 1

    def pause_before_next(self, error: Exception, call: Call, attempt: int) -> float:
        """Seconds to wait before the next attempt; raises the failure where there is none."""
        if isinstance(error, Busy):
            raise error
        failure = explain(error, call.operation, call.key)
        if failure.kind not in RETRIED or attempt >= ATTEMPTS:
            raise failure from error
        return random.random() * min(BACK_OFF_SECONDS * 2 ** (attempt - 1), MOST_BACK_OFF_SECONDS)

    def opened(self, key: str, upload_id: str) -> None:
        with self._lock:
            self._open.add((key, upload_id))

    def closed(self, key: str, upload_id: str) -> None:
        with self._lock:
            self._open.discard((key, upload_id))

    def stop(self) -> list[tuple[str, str]]:
        """From now on no request is counted in but those that abort; answers the open uploads."""
        self._stopping = True
        with self._lock:
            return list(self._open)


def hello_of(settings: Settings, version: str, residency: str = words.STREAMED) -> Hello:
    """What all of these clients say: tasks and requests in flight are bounded by the same number."""
    return Hello(
        client_version=version,
        tasks_in_flight=settings.tuned.files_in_flight or settings.connections,
        connections=settings.connections,
        part_size=settings.part_size,
        checksum_placement=words.NONE,
        buffer_residency=residency,
    )
