"""From the exceptions of the libraries to `Failure`: the one place that knows their shapes.

Libraries are told apart by the names of their exception classes, so that none has to be imported here.
"""

import errno
import re
from typing import Iterator, Optional

from . import failure as kinds
from .failure import Failure, failed_answer

DISK_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG, errno.EIO, errno.EISDIR, errno.ENOTDIR}

KIND_OF_CLASS = {
    # Timeouts come before connections: some libraries derive one from the other.
    "TimeoutError": kinds.TIMEOUT,
    "ReadTimeoutError": kinds.TIMEOUT,
    "ConnectTimeoutError": kinds.TIMEOUT,
    "TimeoutException": kinds.TIMEOUT,
    "Timeout": kinds.TIMEOUT,
    "FSTimeoutError": kinds.TIMEOUT,
    "FlexibleChecksumError": kinds.INTEGRITY,
    "NoCredentialsError": kinds.DENIED,
    "PartialCredentialsError": kinds.DENIED,
    "CredentialRetrievalError": kinds.DENIED,
    "PermissionDeniedError": kinds.DENIED,
    "UnauthenticatedError": kinds.DENIED,
    "ConnectionError": kinds.CONNECTION,
    "ClientConnectionError": kinds.CONNECTION,
    "ClientPayloadError": kinds.CONNECTION,
    "TransportError": kinds.CONNECTION,
    "HTTPClientError": kinds.CONNECTION,
    "IncompleteReadError": kinds.CONNECTION,
    "IncompleteRead": kinds.CONNECTION,
    "ResponseStreamingError": kinds.CONNECTION,
    "ProtocolError": kinds.CONNECTION,
    "ChunkedEncodingError": kinds.CONNECTION,
    "HTTPError": kinds.CONNECTION,
}

CRT_KINDS: list[tuple[str, str]] = [
    ("AWS_ERROR_S3_RESPONSE_CHECKSUM_MISMATCH", kinds.INTEGRITY),
    ("TIMEOUT", kinds.TIMEOUT),
    ("AWS_AUTH_CREDENTIALS", kinds.DENIED),
    ("AWS_IO_SOCKET", kinds.CONNECTION),
    ("AWS_IO_DNS", kinds.CONNECTION),
    ("AWS_IO_TLS", kinds.CONNECTION),
    ("AWS_ERROR_HTTP", kinds.CONNECTION),
    ("AWS_ERROR_S3_INTERNAL_ERROR", kinds.SERVER),
    ("AWS_ERROR_S3_SLOW_DOWN", kinds.THROTTLED),
    ("AWS_ERROR_SYS_CALL_FAILURE", kinds.DISK),
    ("AWS_ERROR_FILE", kinds.DISK),
    ("AWS_ERROR_NO_SPACE", kinds.DISK),
    ("AWS_ERROR_SHORT_READ", kinds.DISK),
]

S3_CODE = re.compile(r"<Code>([^<]+)</Code>")
S3_MESSAGE = re.compile(r"<Message>([^<]*)</Message>")
OBSTORE_ANSWER = "Server returned non-2xx status code: "
OBSTORE_NO_ANSWER = " - HTTP error: "
STATUS_IN_WORDS = re.compile(re.escape(OBSTORE_ANSWER) + r"(\d{3})")


def explain(error: BaseException, operation: str, key: str) -> Failure:
    """What `error` of `operation` on `key` comes to."""
    chain = list(_chain(error))
    for cause in chain:
        known = _known(cause, operation, key)
        if known is not None:
            return known
    words = f"{operation} {key}: {_words(error)}"
    for cause in chain:
        kind = _kind_of(cause)
        if kind is not None:
            return Failure(kind, words)
    return Failure(kinds.OTHER, words)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and its causes, outermost first."""
    seen = set()
    current: Optional[BaseException] = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        wrapped = getattr(current, "os_error", None)
        if isinstance(wrapped, OSError) and not isinstance(current, OSError):
            yield wrapped
        current = current.__cause__ or current.__context__


def _known(error: BaseException, operation: str, key: str) -> Optional[Failure]:
    """Failures that carry the store's answer, or are ours already."""
    if isinstance(error, Failure):
        return error
    response = getattr(error, "response", None)
    if isinstance(response, dict) and "Error" in response:
        return _botocore(error, response, operation, key)
    if hasattr(error, "status_code") and hasattr(error, "operation_name") and hasattr(error, "body"):
        text = (error.body or b"").decode("utf-8", "replace")
        return answered(error.operation_name or operation, key, error.status_code, text)
    if OBSTORE_ANSWER in str(error) or OBSTORE_NO_ANSWER in str(error):
        return _obstore(error, operation, key)
    return None


def answered(operation: str, key: str, status: int, body: str) -> Failure:
    """An error answer with S3's XML body."""
    code = S3_CODE.search(body)
    words = S3_MESSAGE.search(body)
    return failed_answer(operation, key, status, code and code.group(1), words and words.group(1))


def _botocore(error: BaseException, response: dict, operation: str, key: str) -> Failure:
    told = response["Error"]
    code = str(told.get("Code") or "") or None
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    if code and code.isdigit():
        # An answer without a body (HEAD): botocore puts the status where the code should be.
        status, code = status or int(code), None
    return failed_answer(getattr(error, "operation_name", operation), key, status or 0, code, told.get("Message"))


def _obstore(error: BaseException, operation: str, key: str) -> Failure:
    """obstore tells of the store's answer, or that there was none, in its words only."""
    text = str(error)
    status = STATUS_IN_WORDS.search(text)
    if status is not None:
        return answered(operation, key, int(status.group(1)), text)
    kind = kinds.TIMEOUT if "timed out" in text else kinds.CONNECTION
    return Failure(kind, f"{operation} {key}: {_words(error)}")


def _kind_of(error: BaseException) -> Optional[str]:
    name = getattr(error, "name", None)
    if type(error).__name__ == "AwsCrtError" and isinstance(name, str):
        return next((kind for part, kind in CRT_KINDS if part in name), None)
    names = [cls.__name__ for cls in type(error).__mro__]
    if isinstance(error, OSError) and (error.errno in DISK_ERRORS or error.filename is not None):
        return kinds.DISK
    if "FileNotFoundError" in names:
        # Without a file's name it is a library's word for a missing key.
        return kinds.MISSING_KEY
    if "PermissionError" in names:
        return kinds.DENIED
    for candidate, kind in KIND_OF_CLASS.items():
        if candidate in names:
            return kind
    return kinds.CONNECTION if "ClientOSError" in names else None


def _words(error: BaseException) -> str:
    """The error in its library's words, on one line."""
    # What obstore adds for its makers is the same once more.
    text = " ".join(str(error).split("Debug source:")[0].split())
    if " " not in text:
        text = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return text if len(text) <= 600 else text[:600] + "..."
