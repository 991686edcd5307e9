"""`httpx`: S3 by hand over httpx.AsyncClient (HTTP/1.1), signed by botocore.

Parts of 8 MiB, multipart upload and ranged GETs in parallel, requests in flight by the rule of the AWS CRT, one client
with as many connections. No HeadObject, no checksums (skipped).

- Upload from RAM: slices of the ring through an async iterator; h11 below httpx copies each slice (256 KiB) once.
- Downloads are dropped or written as chunks arrive. Requests and retries (ours) are counted.
"""

import importlib
import ssl
from typing import Callable, Optional

import anyio
import httpx

from ..async_http import Answer, AsyncHttpClient, Receive
from ..settings import Settings


class HttpxClient(AsyncHttpClient):
    """httpx behind the interface of `async_http`."""

    version = f"httpx {httpx.__version__}"

    async def open(self) -> None:
        await super().open()
        # httpx imports its backend when it first connects, anyio its own when it is first used: both now, untimed.
        importlib.import_module("httpcore._backends.anyio")
        await anyio.sleep(0)
        connections = self.settings.connections
        trust = ssl.create_default_context(cafile=self.settings.ca_bundle)
        self._http = httpx.AsyncClient(
            limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
            # Reads: as the other clients; the pool: the bound is ours, a wait there is no failure.
            timeout=httpx.Timeout(connect=10, read=60, write=60, pool=None),
            verify=trust,
            # Proxies and .netrc of the environment would change where requests go and how they are signed.
            trust_env=False,
        )

    async def exchange(
        self, method: str, url: str, headers: dict[str, str], body: object, receive: Optional[Callable[..., Receive]]
    ) -> Answer:
        headers.setdefault("Accept-Encoding", "identity")
        async with self._http.stream(method, url, headers=headers, content=body) as response:  # type: ignore[arg-type]
            told = {name.lower(): value for name, value in response.headers.items()}
            if receive is None or response.status_code >= 300:
                return response.status_code, told, await response.aread()
            take = receive(response.headers)
            async for chunk in response.aiter_raw():
                take(chunk)
            return response.status_code, told, b""

    async def close(self) -> None:
        await self._http.aclose()


def make(settings: Settings) -> HttpxClient:
    """The client of these settings."""
    return HttpxClient(settings)
