"""The wish to stop: SIGINT, SIGTERM, or a parent that is gone (which `control` turns into SIGTERM)."""

import signal
from types import FrameType
from typing import Callable, Optional

from .ending import Interrupted


class Stop:
    """Raises `Interrupted` in the main thread, or asks the event loop that runs there to stop."""

    def __init__(self) -> None:
        self._divert: Optional[Callable[[], None]] = None
        self._raised = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._arrived)

    def divert(self, to: Optional[Callable[[], None]]) -> None:
        """Calls `to` instead of raising, while an event loop runs that must not be left by an exception."""
        self._divert = to

    def _arrived(self, _number: int, _frame: Optional[FrameType]) -> None:
        if self._divert is not None:
            self._divert()
        elif not self._raised:
            # Once only: a second signal must not break off the aborting of open uploads.
            self._raised = True
            raise Interrupted
