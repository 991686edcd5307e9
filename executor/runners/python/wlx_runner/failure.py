"""Failed tasks: their cause as records group it, and the tally of a repeat."""

from typing import Any, Optional

THROTTLED = "throttled"
MISSING_KEY = "missingKey"
MISSING_BUCKET = "missingBucket"
DENIED = "denied"
CONNECTION = "connection"
TIMEOUT = "timeout"
INTEGRITY = "integrity"
DISK = "disk"
SERVER = "server"
REFUSED = "refused"
OTHER = "other"

THROTTLING_CODES = {"SlowDown", "Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequests"}
KIND_OF_CODE = {
    **dict.fromkeys(THROTTLING_CODES, THROTTLED),
    "NoSuchBucket": MISSING_BUCKET,
    "BadDigest": INTEGRITY,
    "XAmzContentChecksumMismatch": INTEGRITY,
    "InvalidDigest": INTEGRITY,
    "RequestTimeout": TIMEOUT,
}
KIND_OF_STATUS = {429: THROTTLED, 503: THROTTLED, 408: TIMEOUT, 401: DENIED, 403: DENIED, 404: MISSING_KEY}


class Failure(Exception):
    """Why a task failed: cause, answer of the store if there was one, and words for people."""

    def __init__(
        self, kind: str, message: str, http_status: Optional[int] = None, s3_code: Optional[str] = None
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.http_status = http_status
        self.s3_code = s3_code


def kind_of_answer(status: int, code: Optional[str]) -> str:
    """The cause that an answer's status and S3 code stand for."""
    kind = KIND_OF_CODE.get(code or "") or KIND_OF_STATUS.get(status)
    if kind:
        return kind
    if status >= 500:
        return SERVER
    return REFUSED if status >= 400 else OTHER


def failed_answer(operation: str, key: str, status: int, code: Optional[str], words: Optional[str]) -> Failure:
    """An answer of the store that is an error."""
    details = [f"{operation} {key}", str(status), code, words]
    message = ": ".join(detail for detail in details if detail)
    return Failure(kind_of_answer(status, code), message, status, code)


class Tally:
    """Failures by cause, each with the message of the first of them."""

    def __init__(self) -> None:
        self._counts: dict[Any, dict[str, Any]] = {}

    def add(self, failure: Failure) -> None:
        cause = (failure.kind, failure.http_status, failure.s3_code)
        entry = self._counts.get(cause)
        if entry is not None:
            entry["count"] += 1
            return
        entry = {"kind": failure.kind, "message": failure.message, "count": 1}
        if failure.http_status is not None:
            entry["httpStatus"] = failure.http_status
        if failure.s3_code is not None:
            entry["s3Code"] = failure.s3_code
        self._counts[cause] = entry

    def entries(self) -> list[dict[str, Any]]:
        """As `ErrorCount` of the record has it."""
        return list(self._counts.values())

    def reason(self) -> Optional[str]:
        """What to say of them: the first message, and how many more there are."""
        entries = self.entries()
        if not entries:
            return None
        more = sum(entry["count"] for entry in entries) - 1
        return entries[0]["message"] + (f" (and {more} more failed tasks)" if more else "")
