"""`aiohttp`: S3 by hand over aiohttp.ClientSession, signed by botocore.

Parts of 8 MiB, multipart upload and ranged GETs in parallel, requests in flight by the rule of the AWS CRT, one
session with as many connections. No HeadObject, no checksums (skipped).

- Upload from RAM: slices of the ring through an async iterator; what the socket does not take at once, asyncio copies
  into its buffer (at most a slice of 256 KiB).
- Downloads are dropped or written as chunks arrive. Requests and retries are counted: ours, and aiohttp's own over a
  connection that had been closed.
"""

import ssl
from typing import Any, Callable, Optional

import aiohttp
from yarl import URL

from ..async_http import Answer, AsyncHttpClient, Receive
from ..settings import Settings


class AiohttpClient(AsyncHttpClient):
    """aiohttp behind the interface of `async_http`."""

    version = f"aiohttp {aiohttp.__version__}"

    async def open(self) -> None:
        await super().open()
        trust = ssl.create_default_context(cafile=self.settings.ca_bundle) if self.settings.is_https else True
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self.settings.connections, ssl=trust),
            # Its default ends every request after five minutes.
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=60),
            auto_decompress=False,
            trace_configs=[self._trace()],
        )

    def _trace(self) -> aiohttp.TraceConfig:
        """Counts what aiohttp sends again without being asked to."""

        async def sent(_session: Any, context: Any, _params: Any) -> None:
            headers_sent = context.trace_request_ctx
            if headers_sent:
                self._requests.count(attempt=2)
            headers_sent.append(True)

        trace = aiohttp.TraceConfig()
        trace.on_request_headers_sent.append(sent)
        return trace

    async def exchange(
        self, method: str, url: str, headers: dict[str, str], body: object, receive: Optional[Callable[..., Receive]]
    ) -> Answer:
        request = self._session.request(
            method, URL(url, encoded=True), headers=headers, data=body or None, trace_request_ctx=[]
        )
        async with request as response:
            told = {name.lower(): value for name, value in response.headers.items()}
            if receive is None or response.status >= 300:
                return response.status, told, await response.read()
            take = receive(response.headers)
            async for chunk in response.content.iter_any():
                take(chunk)
            return response.status, told, b""

    async def close(self) -> None:
        await self._session.close()


def make(settings: Settings) -> AiohttpClient:
    """The client of these settings."""
    return AiohttpClient(settings)
