"""Where a JPEG ends (ITU-T T.81 annex B): nothing may follow."""

import re

from .verdicts import Refused, Verdict

START = b"\xff\xd8\xff"
END_OF_IMAGE = 0xD9
START_OF_SCAN = 0xDA
ALONE = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a segment
MARKER = re.compile(rb"\xff+([^\x00\xff])")  # after fill bytes
# In a scan 0xff00 and restart markers stand for themselves.
AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
SEVERAL_PICTURES = b"MPF\0"  # CIPA DC-007: a telephone adds smaller or brighter versions


def check_ends_as_jpeg(data: bytes) -> None:
    """Raises Refused if something follows that is neither padding nor an announced picture."""
    end = end_of_jpeg(data, 0)
    several = SEVERAL_PICTURES in data[:end]
    while several and data.startswith(START, end := _after_padding(data, end)):
        end = end_of_jpeg(data, end)
    if _after_padding(data, end) < len(data):
        raise Refused(Verdict.HIDES_MORE)


def end_of_jpeg(data: bytes, start: int) -> int:
    """The index after the picture's last byte; raises Refused if it is cut off or malformed."""
    at = start + 2
    while found := MARKER.match(data, at):
        marker, at = ord(found[1]), found.end()
        if marker == END_OF_IMAGE:
            return at
        if marker not in ALONE:
            at += max(int.from_bytes(data[at : at + 2]), 2)
        if marker == START_OF_SCAN:
            following = AFTER_SCAN.search(data, at)
            at = following.start() if following else len(data)
    raise Refused(Verdict.UNREADABLE)


def _after_padding(data: bytes, at: int) -> int:
    """Cameras fill up their blocks with NUL."""
    return len(data) - len(data[at:].lstrip(b"\0"))
