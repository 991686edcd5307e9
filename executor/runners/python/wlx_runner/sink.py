"""Where downloads go: file-like objects for libraries that write into one, files for those that leave it to us."""

import io
import os
from types import TracebackType
from typing import Optional

from .transfer import Transfer


class SinkFile:
    """A binary file that can be written and sought, whose bytes are counted and dropped."""

    def __init__(self, transfer: Transfer) -> None:
        self._transfer = transfer
        self._at = 0

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence == io.SEEK_SET:
            self._at = offset
        elif whence == io.SEEK_CUR:
            self._at += offset
        return self._at

    def write(self, data: bytes) -> int:
        self._transfer.received(self._at, data)
        self._at += len(data)
        return len(data)


class Destination:
    """Takes the chunks of a download at their offsets: counted and dropped, or written to the task's file.

    For libraries that only move requests and leave files to their users.
    """

    def __init__(self, transfer: Transfer) -> None:
        self._transfer = transfer
        self._descriptor: Optional[int] = None

    def __enter__(self) -> "Destination":
        path = self._transfer.task.path
        if path is not None:
            self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)
        return self

    def __exit__(
        self,
        _type: Optional[type[BaseException]],
        _error: Optional[BaseException],
        _traceback: Optional[TracebackType],
    ) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)

    def take(self, offset: int, data: bytes) -> None:
        """A chunk that stands at `offset`. May be called from several threads."""
        if self._descriptor is None:
            self._transfer.received(offset, data)
            return
        self._transfer.moved(len(data))
        view = memoryview(data)
        while view:
            written = os.pwrite(self._descriptor, view, offset)
            view = view[written:]
            offset += written
