"""One repeat: all tasks, as many at once as the client wants, on the clock from the first start to the last end.

Three loops for the three flavours of clients. In all of them a failed task lets no further one start, and those in
flight end.
"""

import asyncio
import threading
from dataclasses import dataclass, field
from time import perf_counter_ns
from typing import Any, Callable, Coroutine, Iterator, Optional, TypeVar

from .client import AsyncClient, BlockingClient, Client, SubmittingClient
from .ending import Interrupted
from .explain import explain
from .failure import Tally
from .samples import Samples
from .stop import Stop
from .transfer import Meter, Transfer
from .workload import Task

ABORT_SECONDS = 20
"""How long the aborting of open uploads may take before we give up on them."""

T = TypeVar("T")


@dataclass
class Outcome:
    """What one repeat came to so far. Shared by its tasks; every change is one operation under the interpreter's lock,
    or under `_lock`."""

    meter: Meter = field(default_factory=Meter)
    tally: Tally = field(default_factory=Tally)
    bytes: int = 0
    first_start: Optional[int] = None
    last_end: int = 0
    failed: bool = False
    checking: bool = False
    samples: Optional[Samples] = None
    """Each task that has ended, where that is recorded."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def seconds(self) -> float:
        return 0.0 if self.first_start is None else (self.last_end - self.first_start) / 1e9

    def begin(self, task: Task) -> Transfer:
        """A task starts now."""
        transfer = Transfer(task, self.meter, self.checking)
        if self.first_start is None:
            with self._lock:
                self.first_start = self.first_start or transfer.start
        return transfer

    def end(self, transfer: Transfer, error: Optional[BaseException]) -> None:
        """A task has ended now, as far as its library says."""
        moved = 0
        if error is None:
            try:
                moved = transfer.complete()
            except Exception as incomplete:
                error = incomplete
        now = perf_counter_ns()
        with self._lock:
            self.last_end = max(self.last_end, now)
            self.bytes += moved
            self.meter.tasks += 1
            failure = None
            if error is not None:
                self.failed = True
                failure = explain(error, transfer.task.operation, transfer.task.key)
                self.tally.add(failure)
            if self.samples is not None:
                kind = failure.kind if failure else None
                self.samples.add(transfer.task.index, transfer.start, now, transfer.first_byte, moved, kind)


class Engine:
    """Runs repeats of one client; made once a process."""

    def hello_ready(self) -> None:
        """Makes what the client still needs before it can say hello."""

    def run(self, tasks: list[Task], outcome: Outcome) -> None:
        raise NotImplementedError

    def abort(self) -> int:
        raise NotImplementedError

    def close(self) -> None:
        """Ends the client after the last repeat."""


class BlockingEngine(Engine):
    """A thread for each task in flight."""

    def __init__(self, client: BlockingClient) -> None:
        self._client = client

    def run(self, tasks: list[Task], outcome: Outcome) -> None:
        remaining = iter(tasks)
        gate = threading.Event()
        count = min(self._client.hello().tasks_in_flight, len(tasks))
        # Daemons: after an interrupt nobody waits for a call that hangs.
        threads = [
            threading.Thread(target=self._work, args=(gate, remaining, outcome), daemon=True) for _ in range(count)
        ]
        for thread in threads:
            thread.start()
        gate.set()
        try:
            for thread in threads:
                thread.join()
        except Interrupted:
            outcome.failed = True
            raise

    def _work(self, gate: threading.Event, remaining: Iterator[Task], outcome: Outcome) -> None:
        gate.wait()
        for task in remaining:
            if outcome.failed:
                return
            transfer = outcome.begin(task)
            error: Optional[BaseException] = None
            try:
                self._client.run(transfer)
            except Exception as failure:
                error = failure
            outcome.end(transfer, error)

    def abort(self) -> int:
        left: list[int] = []
        # In a thread of its own: a store that does not answer must not keep the process.
        thread = threading.Thread(target=lambda: left.append(self._client.abort()), daemon=True)
        thread.start()
        thread.join(ABORT_SECONDS)
        if not left:
            raise TimeoutError(f"no answer within {ABORT_SECONDS} s")
        return left[0]


class AsyncEngine(Engine):
    """One event loop for all tasks, kept for the life of the process."""

    def __init__(self, client: AsyncClient, stop: Stop) -> None:
        self._client = client
        self._stop = stop
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)

    def hello_ready(self) -> None:
        self._drive(self._client.open)

    def run(self, tasks: list[Task], outcome: Outcome) -> None:
        async def repeat() -> None:
            remaining = iter(tasks)
            count = min(self._client.hello().tasks_in_flight, len(tasks))
            await asyncio.gather(*(self._work(remaining, outcome) for _ in range(count)))

        self._drive(repeat)

    async def _work(self, remaining: Iterator[Task], outcome: Outcome) -> None:
        for task in remaining:
            if outcome.failed:
                return
            transfer = outcome.begin(task)
            error: Optional[BaseException] = None
            try:
                await self._client.run(transfer)
            except Exception as failure:
                error = failure
            outcome.end(transfer, error)

    def abort(self) -> int:
        return self._loop.run_until_complete(asyncio.wait_for(self._client.abort(), ABORT_SECONDS))

    def close(self) -> None:
        async def close() -> None:
            # Streams that a failure broke off end here, and not with a complaint when the loop is gone.
            await self._loop.shutdown_asyncgens()
            await self._client.close()

        self._drive(close)
        self._loop.close()

    def _drive(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Runs `work` to its end; a wish to stop cancels it."""
        task = self._loop.create_task(work())

        def cancel() -> None:
            self._loop.call_soon_threadsafe(task.cancel)

        self._stop.divert(cancel)
        try:
            return self._loop.run_until_complete(task)
        except asyncio.CancelledError as error:
            raise Interrupted from error
        finally:
            self._stop.divert(None)


class SubmittingEngine(Engine):
    """The library's own threads; all tasks are submitted, with a bound."""

    def __init__(self, client: SubmittingClient) -> None:
        self._client = client

    def run(self, tasks: list[Task], outcome: Outcome) -> None:
        bound = min(self._client.hello().tasks_in_flight, len(tasks))
        free = threading.Semaphore(bound)
        self._client.prepare()
        for task in tasks:
            free.acquire()
            if outcome.failed:
                free.release()
                break
            self._start(task, outcome, free)
        for _ in range(bound):
            free.acquire()
        self._client.finish()
        outcome.last_end = max(outcome.last_end, perf_counter_ns())

    def _start(self, task: Task, outcome: Outcome, free: threading.Semaphore) -> None:
        transfer = outcome.begin(task)

        def done(error: Optional[BaseException]) -> None:
            outcome.end(transfer, error)
            free.release()

        self._client.start(transfer, done)

    def abort(self) -> int:
        return self._client.abort()


def engine_for(client: Client, stop: Stop) -> Engine:
    """The loop that fits the client's flavour."""
    if isinstance(client, AsyncClient):
        return AsyncEngine(client, stop)
    if isinstance(client, SubmittingClient):
        return SubmittingEngine(client)
    assert isinstance(client, BlockingClient), "a client has one of three flavours"
    return BlockingEngine(client)
