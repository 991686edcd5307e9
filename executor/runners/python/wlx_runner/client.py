"""The interface of a client: what a module in `clients/` provides.

A library fits one of three flavours, by the way its users start many tasks: calls that block (threads), coroutines
(asyncio), or calls that return at once and tell when they are done. `repeat` has a loop for each.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Callable, Optional

from .transfer import Transfer

NONE = "none"
HEADER = "header"
TRAILER = "trailer"

STREAMED = "streamed"
PART = "part"
WHOLE_OBJECT = "wholeObject"

Done = Callable[[Optional[BaseException]], None]


@dataclass(frozen=True)
class Hello:
    """What a client says of itself: effective values, not wishes."""

    client_version: str
    tasks_in_flight: int
    connections: Optional[int]
    """Requests in flight at most; None where the library does not say."""
    part_size: Optional[int]
    checksum_placement: str
    buffer_residency: str
    """The most that is held of one object, in either direction that the workload has."""


class Client(ABC):
    """What all flavours have."""

    @abstractmethod
    def hello(self) -> Hello:
        """The effective configuration."""

    def requests(self) -> Optional[int]:
        """Requests sent so far, retries included; None where the library cannot tell."""
        return None

    def retries(self) -> Optional[int]:
        """Requests that were sent again so far; None where the library cannot tell."""
        return None


class BlockingClient(Client):
    """Calls that block: each task has a thread."""

    @abstractmethod
    def run(self, transfer: Transfer) -> None:
        """Does the task; returns when the library says that it succeeded."""

    def abort(self) -> int:
        """Aborts the multipart uploads that are open; answers how many could not be."""
        return 0


class AsyncClient(Client):
    """Coroutines: all tasks share one event loop."""

    async def open(self) -> None:
        """Makes what needs a running event loop, before the first repeat."""

    @abstractmethod
    async def run(self, transfer: Transfer) -> None:
        """Does the task; returns when the library says that it succeeded."""

    async def abort(self) -> int:
        """Aborts the multipart uploads that are open; answers how many could not be."""
        return 0

    async def close(self) -> None:
        """Closes what `open` made."""


class SubmittingClient(Client):
    """Calls that return at once: the library has its own threads."""

    def prepare(self) -> None:
        """Makes what one repeat needs, before its clock starts."""

    @abstractmethod
    def start(self, transfer: Transfer, done: Done) -> None:
        """Starts the task. `done` is called exactly once, from any thread, with the error if there was one."""

    def finish(self) -> None:
        """Waits until everything of the repeat has really ended; on the clock."""

    def abort(self) -> int:
        """Cancels what is in flight; answers how many uploads could not be aborted."""
        return 0
