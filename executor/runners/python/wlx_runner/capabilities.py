"""What each client can do, as data, and the refusal of what it cannot.

wlx declares the same (executor/clients/src/python/declarations.rs; a test compares both). It stands here too because
other drivers start this runner by itself. Nothing is imported that a client's environment may lack.
"""

from dataclasses import dataclass

from .ending import Skip
from .settings import Settings

EVERY_CHECKSUM = ("CRC32", "CRC32C", "SHA1", "SHA256", "CRC64NVME")

NOTHING = "nothing"
UP_TO_A_PART = "up to a part"
"""Larger downloads are read in ranges; the checksum is of the whole object, and is then not looked at."""
EVERYTHING = "everything"


@dataclass(frozen=True)
class Capabilities:
    """What a client can do."""

    library: str
    """The library behind it, as reasons name it."""
    sends: tuple[str, ...] = EVERY_CHECKSUM
    """The checksums that it can send with uploads."""
    sends_limit: str = ""
    """For what it cannot send one, where it could for something else."""
    validates: str = EVERYTHING
    """Which downloads it validates."""
    directory_buckets: bool = True


def _plain_http(library: str) -> Capabilities:
    """Bytes move as they are; the signatures are those of ordinary buckets."""
    return Capabilities(library, sends=(), validates=NOTHING, directory_buckets=False)


CAPABILITIES = {
    "crt-python": Capabilities("awscrt"),
    "boto3-classic": Capabilities("boto3", validates=UP_TO_A_PART),
    "boto3-crt": Capabilities("s3transfer"),
    "aioboto3": Capabilities("aioboto3", validates=UP_TO_A_PART),
    "aiohttp": _plain_http("aiohttp"),
    "httpx": _plain_http("httpx"),
    "requests": _plain_http("requests"),
    "s3fs": Capabilities("s3fs", sends=(), sends_limit=" for multipart uploads", validates=NOTHING),
    "obstore": Capabilities("obstore", sends=("CRC64NVME", "SHA256"), validates=NOTHING, directory_buckets=False),
}


def refuse_uncovered(settings: Settings) -> None:
    """Raises `Skip` where the client cannot do the workload."""
    client, capabilities = settings.client, CAPABILITIES[settings.client]
    if settings.is_directory_bucket and not capabilities.directory_buckets:
        raise Skip(f"{client} cannot use directory buckets")
    checksum = settings.workload.checksum
    if checksum is None:
        return
    library = capabilities.library
    if not capabilities.sends:
        raise Skip(f"{client} cannot set a checksum algorithm{capabilities.sends_limit}")
    if checksum not in capabilities.sends:
        raise Skip(f"{library} cannot set the checksum algorithm {checksum}")
    largest = max((task.size for task in settings.workload.downloads), default=None)
    if largest is None or capabilities.validates == EVERYTHING:
        return
    if capabilities.validates == NOTHING:
        raise Skip(f"{library} cannot validate the checksum of a download")
    if largest > settings.part_size:
        part = settings.part_size
        raise Skip(f"{library} does not validate the {checksum} of downloads above a part of {part} bytes")
