"""Running the parts of one task at once."""

import asyncio
from typing import Any, Coroutine, TypeVar

T = TypeVar("T")


async def all_of(work: "list[Coroutine[Any, Any, T]]") -> list[T]:
    """The results of all of `work`. After a failure the rest is cancelled, and has ended when the failure is raised:
    nothing may still write to a file that its task has closed."""
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        return list(await asyncio.gather(*tasks))
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise
