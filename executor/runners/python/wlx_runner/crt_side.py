"""What the clients on the AWS CRT share: TLS trust, the default part size and the number of connections."""

from typing import Any, Dict, Optional

from awscrt.io import ClientTlsContext, TlsConnectionOptions, TlsContextOptions
from awscrt.s3 import S3RequestType

from . import client as words
from .settings import Settings
from .workload import Task


def tls_options(settings: Settings) -> Optional[TlsConnectionOptions]:
    """Trust in the certificates that the environment names; None for the CRT's own default."""
    if not settings.is_https or settings.ca_bundle is None:
        return None
    options = TlsContextOptions()
    options.override_default_trust_store_from_path(ca_filepath=settings.ca_bundle)
    return ClientTlsContext(options).new_connection_options()


def checksum_placement(settings: Settings) -> str:
    """The CRT computes checksums while it sends."""
    return words.NONE if settings.workload.checksum is None else words.TRAILER


def get_object_type(task: Task) -> Dict[str, Any]:
    """How to ask for an object: in ranges that the CRT cuts, but for an empty one.

    Its first request is always a range, and it knows an empty object only by a word of AWS's own in the refusal
    (ActualObjectSize), which other stores leave out.
    """
    if task.size == 0:
        return {"type": S3RequestType.DEFAULT, "operation_name": "GetObject"}
    return {"type": S3RequestType.GET_OBJECT}
