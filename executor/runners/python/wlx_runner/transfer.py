"""One task while it runs: what has moved so far, and whether all of it did."""

import os
from time import perf_counter_ns
from typing import Optional

from . import failure as kinds
from .content import Content
from .failure import Failure
from .workload import Task


class Meter:
    """How far a repeat is. Only progress is read from it, so an update that two threads race for may be lost."""

    __slots__ = ("bytes", "tasks")

    def __init__(self) -> None:
        self.bytes = 0
        self.tasks = 0


class Transfer:
    """A task that is being run. Bytes of a RAM download are counted here and dropped.

    With `checking` they are first compared with the synthetic content of the key (the control word `verify`).
    """

    __slots__ = ("task", "start", "first_byte", "_meter", "_content", "_spans", "_mismatch")

    def __init__(self, task: Task, meter: Meter, checking: bool = False) -> None:
        self.task = task
        self.start = perf_counter_ns()
        self.first_byte: Optional[int] = None
        """When the library handed over the first bytes of a download."""
        self._meter = meter
        self._content = Content(task.key) if checking else None
        self._spans: list[tuple[int, int]] = []
        self._mismatch: Optional[int] = None

    def received(self, offset: int, data: bytes) -> None:
        """Bytes of the object that stand at `offset`. May be called from several threads."""
        if self.first_byte is None:
            self.first_byte = perf_counter_ns()
        length = len(data)
        # An append is atomic; adding up is left to the end, as a part that is sent again must not count twice.
        self._spans.append((offset, length))
        self._meter.bytes += length
        if self._content is not None and self._mismatch is None:
            self._mismatch = self._content.differs_at(offset, memoryview(data))

    def moved(self, length: int) -> None:
        """Bytes that went elsewhere than through `received`: for progress only."""
        if self.first_byte is None and not self.task.is_upload:
            self.first_byte = perf_counter_ns()
        self._meter.bytes += length

    def complete(self) -> int:
        """Bytes verified to have moved, once the library says it is done; raises `Failure` if they are not all."""
        task = self.task
        if task.is_upload:
            return task.size
        moved = self._covered() if task.path is None else _file_size(task.path)
        if moved != task.size:
            words = f"{task.operation} {task.key}: {moved} bytes moved where {task.size} are expected"
            raise Failure(kinds.INTEGRITY, words)
        if self._mismatch is not None:
            words = f"{task.operation} {task.key}: the content differs at byte {self._mismatch}"
            raise Failure(kinds.INTEGRITY, words)
        return moved

    def _covered(self) -> int:
        """Bytes of the object that arrived at least once."""
        if len(self._spans) == 1:
            return self._spans[0][1]
        covered = end = 0
        for offset, length in sorted(self._spans):
            upto = max(end, offset + length)
            covered += upto - max(end, offset)
            end = upto
        return covered


def _file_size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError as error:
        raise Failure(kinds.DISK, f"cannot look at the file {path}: {error.strerror}") from error
