"""What the clients on aiobotocore share: aborting the uploads that are open.

aiobotocore makes its pool of connections and its TLS context (about 40 ms) when the first request is sent, and has no
call to do it earlier: that is a part of their first repeat, which is a cold one anyway.
"""

from typing import Any

from .botocore_side import Watch


async def abort_open(s3: Any, bucket: str, watch: Watch) -> int:
    """Aborts what `watch` knows as open; answers how many could not be aborted."""
    left = 0
    for key, upload_id in watch.open_uploads():
        try:
            await s3.abort_multipart_upload(Bucket=bucket, Key=key, UploadId=upload_id)
        except Exception:
            left += 1
    return left
