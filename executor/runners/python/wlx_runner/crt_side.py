"""What the clients on the AWS CRT share: the CRT's S3 client itself, its trust and credentials."""

from typing import Any, Optional

import botocore.session
from awscrt.auth import AwsCredentials, AwsCredentialsProvider, AwsSigningAlgorithm, AwsSigningConfig
from awscrt.io import (
    ClientBootstrap,
    ClientTlsContext,
    DefaultHostResolver,
    EventLoopGroup,
    TlsConnectionOptions,
    TlsContextOptions,
)
from awscrt.s3 import S3Client, S3RequestTlsMode, S3RequestType, create_default_s3_signing_config

from . import client as words
from .botocore_side import load_credentials
from .settings import Settings
from .workload import Task


def s3_client(settings: Settings) -> S3Client:
    """The CRT's client as its makers set it up, with the part size said and not left to the CRT."""
    group = EventLoopGroup()
    bootstrap = ClientBootstrap(group, DefaultHostResolver(group))
    return S3Client(
        bootstrap=bootstrap,
        region=settings.region,
        tls_mode=S3RequestTlsMode.ENABLED if settings.is_https else S3RequestTlsMode.DISABLED,
        tls_connection_options=_tls_options(settings),
        signing_config=_signing_config(settings),
        part_size=settings.part_size,
        throughput_target_gbps=settings.target_gbps,
        enable_s3express=settings.is_directory_bucket,
        max_active_connections_override=settings.tuned.connections,
    )


def checksum_placement(settings: Settings) -> str:
    """The CRT computes checksums while it sends."""
    return words.NONE if settings.workload.checksum is None else words.TRAILER


def get_object_type(task: Task) -> dict[str, Any]:
    """How to ask for an object: in ranges that the CRT cuts, but for an empty one.

    Its first request is always a range, and it knows an empty object only by a word of AWS's own in the refusal
    (ActualObjectSize), which other stores leave out.
    """
    if task.size == 0:
        return {"type": S3RequestType.DEFAULT, "operation_name": "GetObject"}
    return {"type": S3RequestType.GET_OBJECT}


def _tls_options(settings: Settings) -> Optional[TlsConnectionOptions]:
    """Trust in the certificates that the environment names; None for the CRT's own default."""
    if not settings.is_https or settings.ca_bundle is None:
        return None
    options = TlsContextOptions()
    options.override_default_trust_store_from_path(ca_filepath=settings.ca_bundle)
    return ClientTlsContext(options).new_connection_options()


def _signing_config(settings: Settings) -> AwsSigningConfig:
    """Credentials come from botocore's chain, so that all clients of this runner find the same ones."""
    credentials = load_credentials(botocore.session.get_session())

    def current() -> AwsCredentials:
        frozen = credentials.get_frozen_credentials()
        return AwsCredentials(frozen.access_key, frozen.secret_key, frozen.token)

    provider = AwsCredentialsProvider.new_delegate(current)
    if settings.is_directory_bucket:
        return AwsSigningConfig(
            algorithm=AwsSigningAlgorithm.V4_S3EXPRESS,
            region=settings.region,
            service="s3express",
            credentials_provider=provider,
            use_double_uri_encode=False,
            should_normalize_uri_path=False,
        )
    return create_default_s3_signing_config(region=settings.region, credential_provider=provider)
