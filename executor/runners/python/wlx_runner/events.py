"""The events file (`WLX_EVENTS`): JSON lines, written by a thread of its own: a slow reader holds up no request."""

import json
import os
import queue
import threading
from typing import Any, Iterable, Optional

VARIABLE = "WLX_EVENTS"
PROTOCOL_VERSION = 1


class Events:
    """Where events go; nowhere if nobody asked for them."""

    def __init__(self) -> None:
        path = os.environ.get(VARIABLE)
        self._queue: "queue.SimpleQueue[Optional[Iterable[bytes]]]" = queue.SimpleQueue()
        self._thread: Optional[threading.Thread] = None
        if path:
            descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)
            self._thread = threading.Thread(target=self._write, args=(descriptor,), daemon=True)
            self._thread.start()

    @property
    def wanted(self) -> bool:
        return self._thread is not None

    def send(self, event: str, **fields: Any) -> None:
        """Sends one event; fields that are None are left out."""
        if self._thread is not None:
            known = {name: value for name, value in fields.items() if value is not None}
            self._queue.put([json.dumps({"event": event, **known}, separators=(",", ":")).encode() + b"\n"])

    def send_lines(self, lines: Iterable[bytes]) -> None:
        """Sends events that are made while they are written."""
        if self._thread is not None:
            self._queue.put(lines)

    def finish(self) -> None:
        """Waits until everything is written."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._thread = None

    def _write(self, descriptor: int) -> None:
        while True:
            lines = self._queue.get()
            if lines is None:
                return
            try:
                for line in lines:
                    while line:
                        line = line[os.write(descriptor, line) :]
            except OSError:
                # A reader that is gone is no reason to stop measuring: the run lines still tell.
                return
