"""The life of a runner process: read, connect, repeat, report, and end with the protocol's exit codes."""

import resource
import sys
import threading
import time
import traceback
from typing import Any, Optional

from .client import Client
from .clients import make_client
from .control import RUN, VERIFY, Control
from .ending import Failed, Interrupted, Skip
from .events import PROTOCOL_VERSION, Events
from .prepare import check_files, clear_downloads, make_content
from .repeat import Engine, Outcome, engine_for
from .samples import Samples, wanted
from .settings import Settings, read_settings
from .stop import Stop
from .verify import verify

OK = 0
SKIPPED = 123
INTERRUPTED = 130
FAILED = 255

PROGRESS_SECONDS = 0.1


def main(arguments: list[str]) -> int:
    """Runs the workload in the working directory; answers the exit code."""
    stop = Stop()
    try:
        _session(arguments, stop)
    except Skip as skip:
        _say(f"Skipping benchmark - {skip}")
        return SKIPPED
    except Failed as failed:
        _say(f"FAIL - {failed}")
        return FAILED
    except Interrupted:
        return INTERRUPTED
    except Exception as error:
        # A library's constructor, or our own mistake: the trace helps, the last line is what is shown.
        traceback.print_exc()
        _say(f"FAIL - {type(error).__name__}: {error}")
        return FAILED
    return OK


def _session(arguments: list[str], stop: Stop) -> None:
    settings = read_settings(arguments)
    tasks = settings.workload.tasks
    check_files(tasks)
    make_content(tasks)
    client = make_client(settings)
    engine = engine_for(client, stop)
    engine.hello_ready()
    try:
        events = Events()
    except OSError as error:
        raise Failed(f"cannot open the events file: {error}") from error
    runner = Runner(settings, client, engine, events)
    try:
        runner.say_hello()
        runner.repeats()
    except Interrupted:
        runner.abort()
        raise
    except Failed:
        engine.close()
        raise
    finally:
        events.finish()
    engine.close()


class Runner:
    """A client that is ready, and who is told of its repeats."""

    def __init__(self, settings: Settings, client: Client, engine: Engine, events: Events) -> None:
        self._settings = settings
        self._client = client
        self._engine = engine
        self._events = events
        self._control = Control()

    def say_hello(self) -> None:
        """The first event: who we are and what is in effect."""
        hello = self._client.hello()
        self._events.send(
            "hello",
            protocolVersion=PROTOCOL_VERSION,
            client=self._settings.client,
            clientVersion=hello.client_version,
            tasksInFlight=hello.tasks_in_flight,
            connections=hello.connections,
            partSizeBytes=hello.part_size,
            checksumPlacement=hello.checksum_placement,
            bufferResidency=hello.buffer_residency,
            processStartTimed=False,
            verifiesContent=True,
        )

    def repeats(self) -> None:
        """Repeats until the count or the time is up, or until who controls us has enough."""
        workload = self._settings.workload
        began = time.monotonic()
        number = 0
        while True:
            word = self._control.next()
            if word == VERIFY:
                self._verify()
                continue
            if word != RUN:
                return
            number += 1
            self._one(number)
            is_over = number >= workload.max_repeat_count or time.monotonic() - began >= workload.max_repeat_secs
            if self._control.is_free and is_over:
                return

    def abort(self) -> None:
        """Aborts what an interrupted repeat left open."""
        try:
            left_open = self._engine.abort()
        except Exception as error:
            _say(f"warning: open multipart uploads could not be aborted: {error}")
            return
        if left_open:
            _say(
                f"warning: {left_open} multipart uploads could not be aborted; "
                "the bucket's lifecycle rule ends them after a day"
            )

    def _one(self, number: int) -> None:
        """One repeat, its preparation untimed."""
        tasks = self._settings.workload.tasks
        clear_downloads(tasks)
        outcome = Outcome(samples=Samples() if self._events.wanted and wanted() else None)
        requests, retries = self._client.requests(), self._client.retries()
        ended = threading.Event()
        progress = self._send_progress(number, outcome, ended)
        before = _used()
        try:
            self._engine.run(tasks, outcome)
        finally:
            after = _used()
            ended.set()
            if progress is not None:
                progress.join()
        self._send_what_was_recorded(number, outcome)
        self._events.send(
            "repeat",
            repeat=number,
            startedAt=_wall_time_of(outcome.first_start),
            seconds=outcome.seconds,
            bytes=outcome.bytes,
            requests=_since(requests, self._client.requests()),
            retries=_since(retries, self._client.retries()),
            errors=outcome.tally.entries(),
            **_used_between(before, after),
        )
        reason = outcome.tally.reason()
        if reason is not None:
            raise Failed(reason)
        gbps = outcome.bytes * 8 / 1e9 / outcome.seconds if outcome.seconds > 0 else 0.0
        print(f"Run:{number} Secs:{outcome.seconds:.6f} Gb/s:{gbps:.6f}", flush=True)

    def _send_progress(self, number: int, outcome: Outcome, ended: threading.Event) -> Optional[threading.Thread]:
        """Tells how far the repeat is until it has ended."""
        if not self._events.wanted:
            return None

        def tell() -> None:
            while not ended.wait(PROGRESS_SECONDS):
                meter = outcome.meter
                elapsed = None if outcome.first_start is None else time.perf_counter_ns() - outcome.first_start
                self._events.send(
                    "progress", repeat=number, elapsedNs=elapsed, bytes=meter.bytes, tasks=meter.tasks
                )

        thread = threading.Thread(target=tell, daemon=True)
        thread.start()
        return thread

    def _send_what_was_recorded(self, number: int, outcome: Outcome) -> None:
        meter, base = outcome.meter, outcome.first_start
        if base is None:
            return
        elapsed = outcome.last_end - base
        self._events.send("progress", repeat=number, elapsedNs=elapsed, bytes=meter.bytes, tasks=meter.tasks)
        if outcome.samples is not None:
            self._events.send_lines(outcome.samples.lines(number, base))

    def _verify(self) -> None:
        outcome = verify(self._engine, self._settings.workload.tasks)
        self._events.send("verified", tasks=outcome.meter.tasks, bytes=outcome.bytes, errors=outcome.tally.entries())


def _wall_time_of(start: Optional[int]) -> Optional[dict]:
    """The wall clock at a moment of the monotonic one. How far it is off is not known here."""
    if start is None:
        return None
    return {"unixNs": time.time_ns() - (time.perf_counter_ns() - start)}


def _since(before: Optional[int], after: Optional[int]) -> Optional[int]:
    return None if before is None or after is None else after - before


RUSAGE_BLOCK = 512
"""Linux counts storage in these, whatever the device (getrusage(2))."""


def _used() -> list[float]:
    """What this process and its children have used: CPU seconds in user mode and in the kernel, context switches that
    they wanted and did not want, blocks read and written."""
    all_of = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    names = ("ru_utime", "ru_stime", "ru_nvcsw", "ru_nivcsw", "ru_inblock", "ru_oublock")
    return [sum(getattr(usage, name) for usage in all_of) for name in names]


def _used_between(before: list[float], after: list[float]) -> dict[str, Any]:
    user, system, voluntary, involuntary, read, written = (now - then for now, then in zip(after, before))
    return {
        "cpuUserSeconds": user,
        "cpuSystemSeconds": system,
        "contextSwitches": {"voluntary": voluntary, "involuntary": involuntary},
        "diskReadBytes": read * RUSAGE_BLOCK,
        "diskWriteBytes": written * RUSAGE_BLOCK,
    }


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
