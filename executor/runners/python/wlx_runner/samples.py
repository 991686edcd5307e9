"""What is kept of each task while a repeat goes on: a few numbers in arrays, made into events when it is over."""

import json
import os
from array import array
from typing import Iterator, Optional

VARIABLE = "WLX_TASKS"
OFF = "off"
UNKNOWN = -1


def wanted() -> bool:
    """Whether whoever started us wants tasks recorded."""
    return os.environ.get(VARIABLE) != OFF


class Samples:
    """The tasks of a repeat that have ended. Whoever adds one holds a lock."""

    __slots__ = ("_numbers", "_kinds")

    def __init__(self) -> None:
        self._numbers = array("q")
        self._kinds: dict[int, str] = {}

    def add(
        self, task: int, start: int, end: int, first_byte: Optional[int], moved: int, kind: Optional[str]
    ) -> None:
        """A task, with times of `perf_counter_ns`."""
        first = UNKNOWN if first_byte is None else first_byte
        self._numbers.extend((task, start, end, first, moved))
        if kind is not None:
            self._kinds[task] = kind

    def lines(self, repeat: int, base: int) -> Iterator[bytes]:
        """Their events, with times since `base`."""
        numbers = iter(self._numbers)
        for task, start, end, first, moved in zip(numbers, numbers, numbers, numbers, numbers):
            event = {
                "event": "task",
                "repeat": repeat,
                "task": task,
                "startNs": start - base,
                "endNs": end - base,
                "bytes": moved,
            }
            if first != UNKNOWN:
                event["firstByteNs"] = first - base
            if task in self._kinds:
                event["error"] = self._kinds[task]
            yield json.dumps(event, separators=(",", ":")).encode() + b"\n"
