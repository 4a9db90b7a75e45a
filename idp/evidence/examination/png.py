"""Where a PNG ends (PNG 3rd edition, section 5.3): nothing may follow."""

import zlib

from .verdicts import Refused, Verdict

SIGNATURE = 8  # bytes
AROUND = 12  # bytes of a chunk besides its data: length, type, CRC


def check_ends_as_png(data: bytes) -> None:
    """Raises Refused if it is damaged or cut off, or something follows its IEND chunk."""
    at, kind = SIGNATURE, b""
    while kind != b"IEND":
        end = at + AROUND + int.from_bytes(data[at : at + 4])
        kind, body, checksum = data[at + 4 : at + 8], data[at + 4 : end - 4], data[end - 4 : end]
        if end > len(data) or checksum != zlib.crc32(body).to_bytes(4):
            raise Refused(Verdict.UNREADABLE)
        at = end
    if at < len(data):
        raise Refused(Verdict.HIDES_MORE)
