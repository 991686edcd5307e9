"""The compiled workload (`NAME.run.json`): an explicit list of tasks, version 2 or 3.

Version 3 differs by the checksum CRC64NVME only. A version that is not known is skipped, a field that is not known is
an error: work that is not understood must not be measured.
"""

import json
import os
from dataclasses import dataclass
from typing import Any, Optional

from .ending import Failed, Skip

UPLOAD = "upload"
DOWNLOAD = "download"

CHECKSUMS_OF_VERSION = {
    2: ("CRC32", "CRC32C", "SHA1", "SHA256"),
    3: ("CRC32", "CRC32C", "SHA1", "SHA256", "CRC64NVME"),
}
FIELDS = {"version", "comment", "filesOnDisk", "checksum", "maxRepeatCount", "maxRepeatSecs", "tasks"}


@dataclass(frozen=True)
class Task:
    """One upload or download of one object."""

    index: int
    """Its place in the workload, from 0."""
    action: str
    key: str
    size: int
    path: Optional[str]
    """The file, or None where the data never touches the disk."""

    @property
    def is_upload(self) -> bool:
        return self.action == UPLOAD

    @property
    def operation(self) -> str:
        """Name in the S3 API, for messages."""
        return "PutObject" if self.is_upload else "GetObject"


@dataclass(frozen=True)
class Workload:
    """What one repeat does, and how many repeats there are where nobody controls us."""

    checksum: Optional[str]
    files_on_disk: bool
    max_repeat_count: int
    max_repeat_secs: int
    tasks: list[Task]

    @property
    def uploads(self) -> list[Task]:
        return [task for task in self.tasks if task.is_upload]

    @property
    def downloads(self) -> list[Task]:
        return [task for task in self.tasks if not task.is_upload]


def read_workload(path: str, folder: str) -> Workload:
    """The workload at `path`, with its files below `folder`."""
    try:
        with open(path, encoding="utf-8") as file:
            raw = json.load(file)
    except OSError as error:
        raise Failed(f"cannot read the workload {path}: {error.strerror}") from error
    except ValueError as error:
        raise Failed(f"{path} is not a workload: {error}") from error
    version = raw.get("version") if isinstance(raw, dict) else None
    if version is None:
        raise Failed(f"{path} is not a workload: it has no version")
    if version not in CHECKSUMS_OF_VERSION:
        raise Skip(f"workload version {version} is not known to this release, which reads versions 2 and 3")
    try:
        return _parse(raw, folder)
    except (KeyError, TypeError, ValueError) as error:
        words = f"field {error} is missing" if isinstance(error, KeyError) else str(error)
        raise Failed(f"{path} is not a workload: {words}") from error


def _parse(raw: Any, folder: str) -> Workload:
    unknown = set(raw) - FIELDS
    if unknown:
        raise ValueError(f"unknown field {min(unknown)}")
    checksum = raw["checksum"]
    if checksum is not None and checksum not in CHECKSUMS_OF_VERSION[raw["version"]]:
        raise ValueError(f"version {raw['version']} has no checksum {checksum}")
    if not raw["tasks"]:
        raise ValueError("the workload has no tasks")
    files_on_disk = _typed(raw["filesOnDisk"], bool)
    return Workload(
        checksum=checksum,
        files_on_disk=files_on_disk,
        max_repeat_count=_at_least(raw["maxRepeatCount"], 1),
        max_repeat_secs=_at_least(raw["maxRepeatSecs"], 1),
        tasks=[_task(index, task, folder if files_on_disk else None) for index, task in enumerate(raw["tasks"])],
    )


def _task(index: int, raw: Any, folder: Optional[str]) -> Task:
    if set(raw) - {"action", "key", "size"}:
        raise ValueError(f"unknown field in a task: {raw}")
    if raw["action"] not in (UPLOAD, DOWNLOAD):
        raise ValueError(f"unknown action {raw['action']}")
    key = _typed(raw["key"], str)
    segments = key.split("/")
    if not key or key.startswith("/") or (folder and ("" in segments or "." in segments or ".." in segments)):
        raise ValueError(f"key `{key}` is not a path below the files directory")
    path = os.path.join(folder, key) if folder else None
    return Task(index=index, action=raw["action"], key=key, size=_at_least(raw["size"], 0), path=path)


def _typed(value: Any, kind: type) -> Any:
    if not isinstance(value, kind):
        raise ValueError(f"{value!r} is not of type {kind.__name__}")
    return value


def _at_least(value: Any, least: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise ValueError(f"{value!r} is not an integer of at least {least}")
    return value
