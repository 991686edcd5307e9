"""The control word `verify`: downloads of RAM workloads are compared with their synthetic content, off the clock.

The same client downloads distinct keys once more, evenly spread over the tasks and at most about 1 GiB, and every
chunk is compared where a repeat would drop it. Files on disk are compared by who started us.
"""

from .repeat import Engine, Outcome
from .workload import Task

MOST_BYTES = 1 << 30


def sample(tasks: list[Task]) -> list[Task]:
    """Distinct RAM downloads of at most `MOST_BYTES`, but at least one, evenly spread."""
    distinct = list({task.key: task for task in tasks if not task.is_upload and task.path is None}.values())
    total = sum(task.size for task in distinct)
    if total <= MOST_BYTES:
        return distinct
    count = max(1, len(distinct) * MOST_BYTES // total)
    chosen: list[Task] = []
    left = MOST_BYTES
    for number in range(count):
        task = distinct[number * len(distinct) // count]
        if chosen and task.size > left:
            continue
        chosen.append(task)
        left -= task.size
    return chosen


def verify(engine: Engine, tasks: list[Task]) -> Outcome:
    """Downloads and compares a sample; differences and failures are in the outcome's tally."""
    outcome = Outcome(checking=True)
    chosen = sample(tasks)
    if chosen:
        engine.run(chosen, outcome)
    return outcome
