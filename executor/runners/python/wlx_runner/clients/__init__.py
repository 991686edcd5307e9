"""The clients by id. A module is imported only if its client is run: an environment has some of the libraries."""

import importlib
import sys

from ..capabilities import refuse_uncovered
from ..client import Client
from ..ending import Failed
from ..settings import Settings

MODULES = {
    "crt-python": "crt_python",
    "boto3-classic": "boto3_classic",
    "boto3-crt": "boto3_crt",
    "aioboto3": "aioboto3_client",
    "aiohttp": "aiohttp_client",
    "httpx": "httpx_client",
    "requests": "requests_client",
    "s3fs": "s3fs_client",
    "obstore": "obstore_client",
}


def make_client(settings: Settings) -> Client:
    """The client that the settings name; raises `Skip` where it cannot do the workload."""
    name = MODULES.get(settings.client)
    if name is None:
        raise Failed(f"unknown client `{settings.client}`; this runner has {', '.join(MODULES)}")
    refuse_uncovered(settings)
    try:
        module = importlib.import_module(f"{__name__}.{name}")
    except ImportError as error:
        raise Failed(f"{settings.client} is not installed for {sys.executable}: {error}") from error
    client: Client = module.make(settings)
    return client
