"""Control words on stdin (`WLX_CONTROL=stdin`): who starts us says when a repeat begins."""

import os
import queue
import signal
import sys
import threading
from typing import Optional

VARIABLE = "WLX_CONTROL"
RUN = "run"
VERIFY = "verify"


class Control:
    """Says what to do next. Without control it is always a repeat."""

    def __init__(self) -> None:
        self.is_free = os.environ.get(VARIABLE) != "stdin"
        self._words: "queue.SimpleQueue[Optional[str]]" = queue.SimpleQueue()
        if not self.is_free:
            threading.Thread(target=self._read, daemon=True).start()

    def next(self) -> Optional[str]:
        """The next word, or None where no more is wanted."""
        return RUN if self.is_free else self._words.get()

    def _read(self) -> None:
        # An unbuffered read: a buffered one would hold a lock that the interpreter wants at its end.
        pending = b""
        while True:
            chunk = os.read(sys.stdin.fileno(), 4096)
            if not chunk:
                # Whoever started us is gone; the signal takes the one path that stops everything.
                os.kill(os.getpid(), signal.SIGTERM)
                return
            pending += chunk
            *lines, pending = pending.split(b"\n")
            for line in lines:
                word = line.strip().decode("utf-8", "replace")
                if word not in (RUN, VERIFY):
                    # `end`: the session ends by itself, and stdin is of no more interest.
                    self._words.put(None)
                    return
                self._words.put(word)
