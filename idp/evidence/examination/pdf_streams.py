"""What the streams of a PDF grow to when they are opened: a bomb is small until then."""

import zlib
from typing import Any

from pypdf.generic import StreamObject

from .verdicts import Refused, Verdict

MIB = 1024 * 1024
MOST_OF_ONE = 256 * MIB  # bytes: a scan in colour, A4 with 600 points to the inch, has 105 MB
MOST_OF_ALL = 1024 * MIB
FLATE = frozenset({"/FlateDecode", "/Fl"})
EXPANDING = FLATE | {"/LZWDecode", "/LZW", "/RunLengthDecode", "/RL", "/BrotliDecode"}


class Expansion:
    """Adds up the bytes of all streams; raises Refused when they are too many."""

    def __init__(self) -> None:
        self._left = MOST_OF_ALL

    def add(self, stream: StreamObject) -> None:
        """Open one stream, without keeping what is in it."""
        if "/F" in stream:  # the content is in another file
            raise Refused(Verdict.ACTIVE)
        filters = _filters(stream)
        expanding = EXPANDING.intersection(filters)
        if sum(each in EXPANDING for each in filters) > 1:
            raise Refused(Verdict.TOO_COMPLEX)
        if not expanding:
            return
        most = min(MOST_OF_ONE, self._left)
        # Of a stream that begins with another filter pypdf opens at most 75 MB.
        flate = filters[0] in FLATE
        size = _inflated(stream._data, most) if flate else len(stream.get_data())
        self._left -= size
        if size >= most:
            raise Refused(Verdict.TOO_COMPLEX)


def _filters(stream: StreamObject) -> list[Any]:
    value = stream.get("/Filter")
    value = value.get_object() if value is not None else []
    return [each.get_object() for each in value] if isinstance(value, list) else [value]


def _inflated(data: bytes, most: int) -> int:
    """How many bytes `data` inflates to, counted up to `most`."""
    inflate = zlib.decompressobj()
    size = len(inflate.decompress(data, MIB))
    while inflate.unconsumed_tail and size < most:
        size += len(inflate.decompress(inflate.unconsumed_tail, MIB))
    return size
