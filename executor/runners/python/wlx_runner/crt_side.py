"""What the clients on the AWS CRT share: TLS trust, the default part size and the number of connections."""

from typing import Optional

from awscrt.io import ClientTlsContext, TlsConnectionOptions, TlsContextOptions

from . import client as words
from .settings import Settings


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
