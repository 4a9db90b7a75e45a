"""Where a PNG ends (PNG 3rd edition, section 5.3): nothing may follow."""

from .verdicts import Refused, Verdict

SIGNATURE = 8  # bytes
AROUND = 12  # bytes of a chunk besides its data: length, type, CRC


def check_ends_as_png(data: bytes) -> None:
    """Raises Refused if it is cut off, or something follows its IEND chunk."""
    at, kind = SIGNATURE, b""
    while kind != b"IEND":
        kind = data[at + 4 : at + 8]
        at += AROUND + int.from_bytes(data[at : at + 4])
        if at > len(data) or not kind:
            raise Refused(Verdict.UNREADABLE)
    if at < len(data):
        raise Refused(Verdict.HIDES_MORE)
