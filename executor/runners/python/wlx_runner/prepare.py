"""What is done off the clock: files to upload are checked once, files of earlier downloads go before each repeat."""

import os

from .content import ring
from .ending import Failed
from .workload import Task


def check_files(tasks: list[Task]) -> None:
    """Refuses uploads from disk whose file is missing or of another size."""
    for task in tasks:
        if not task.is_upload or task.path is None:
            continue
        try:
            size = os.stat(task.path).st_size
        except OSError as error:
            raise Failed(
                f"cannot read the file to upload, {task.path}: {error.strerror}; make it with wlx prep files"
            ) from error
        if size != task.size:
            raise Failed(
                f"{task.path} has {size} bytes where the workload says {task.size}; remake it with wlx prep files"
            )


def make_content(tasks: list[Task]) -> None:
    """Makes the content of uploads from memory now, so that no timed repeat generates it."""
    if any(task.is_upload and task.path is None for task in tasks):
        ring()


def clear_downloads(tasks: list[Task]) -> None:
    """Removes earlier downloads and makes their folders, so that every repeat of every client creates new files."""
    folders = set()
    for task in tasks:
        if task.is_upload or task.path is None:
            continue
        folder = os.path.dirname(task.path)
        try:
            if os.path.lexists(task.path):
                os.remove(task.path)
            if folder not in folders:
                os.makedirs(folder, exist_ok=True)
                folders.add(folder)
        except OSError as error:
            raise Failed(f"cannot prepare the file {task.path}: {error.strerror}") from error
