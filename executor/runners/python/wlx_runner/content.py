"""Synthetic content: the bytes of a RAM upload are a function of their key, a slice of one fixed ring.

The same content as `executor/content` makes (its documentation says why it is so). The ring is held twice in a row,
so that any slice of up to its length is one `memoryview` without a copy.
"""

import io
from typing import Any, Iterator, Optional

from blake3 import blake3

RING_LEN = 16_777_259
RING_SEED = b"workload synthetic content, version 1"
FRAME = 256 * 1024
"""Bytes handed to a library at once where it takes an iterator."""

_ring: Optional[memoryview] = None


def ring() -> memoryview:
    """The ring, twice. Made at the first call: whoever starts a clock on its content calls this before."""
    global _ring
    if _ring is None:
        once = blake3(RING_SEED).digest(length=RING_LEN)
        _ring = memoryview(once + once)
    return _ring


class Content:
    """The content of one key."""

    __slots__ = ("start",)

    def __init__(self, key: str) -> None:
        self.start = int.from_bytes(blake3(key.encode()).digest(length=8), "little") % RING_LEN

    def slice(self, offset: int, length: int) -> memoryview:
        """The bytes from `offset` on without a copy: `length` of them, or as many as lie in a row (a ring's length)."""
        at = (self.start + offset) % RING_LEN
        return ring()[at : at + min(length, RING_LEN)]

    def frames(self, offset: int, length: int, frame: int = FRAME) -> Iterator[memoryview]:
        """The bytes from `offset` on, `length` of them, in slices of at most `frame`."""
        end = offset + length
        while offset < end:
            piece = self.slice(offset, min(frame, end - offset))
            yield piece
            offset += len(piece)

    def differs_at(self, offset: int, data: memoryview) -> Optional[int]:
        """Where `data`, which stands at `offset`, first differs from this content, as a position in the object."""
        done = 0
        while done < len(data):
            piece = self.slice(offset + done, len(data) - done)
            theirs = data[done : done + len(piece)]
            if theirs != piece:
                return offset + done + next(i for i, (a, b) in enumerate(zip(theirs, piece)) if a != b)
            done += len(piece)
        return None


class ContentReader(io.RawIOBase):
    """A range of the content of a key as a seekable binary file, for libraries that want one.

    `readinto` is one copy into the library's buffer; `read` returns `bytes` because that is what they expect.
    """

    def __init__(self, key: str, offset: int, length: int) -> None:
        super().__init__()
        self._content = Content(key)
        self._offset = offset
        self._length = length
        self._at = 0

    def __len__(self) -> int:
        return self._length

    def __bool__(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._length}[whence]
        self._at = max(0, base + offset)
        return self._at

    def read(self, size: Optional[int] = -1) -> bytes:
        left = max(0, self._length - self._at)
        wanted = left if size is None or size < 0 else min(size, left)
        begin = self._offset + self._at
        self._at += wanted
        piece = self._content.slice(begin, wanted)
        return bytes(piece) if len(piece) == wanted else b"".join(self._content.frames(begin, wanted, RING_LEN))

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        wanted = min(len(view), max(0, self._length - self._at))
        done = 0
        for piece in self._content.frames(self._offset + self._at, wanted, RING_LEN):
            view[done : done + len(piece)] = piece
            done += len(piece)
        self._at += done
        return done
