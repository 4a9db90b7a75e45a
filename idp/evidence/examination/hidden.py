"""Files that are two things at once: what one program shows as a picture, another one runs.

Archives are found by their end, scripts by their first words; `nosniff` and a download would stop a
browser, but nobody knows what opens the file after that.
"""

import re

from .verdicts import Refused, Verdict

LAST = 22 + 65535  # bytes: where a ZIP's end record must be (APPNOTE.TXT 4.3.16), JAR and DOCX too
END_OF_ZIP = b"PK\x05\x06"
ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"MSCF\0\0\0\0")
MARKUP = re.compile(rb"<(?:script|html|iframe|!doctype html|\?php)", re.IGNORECASE)


def check_nothing_hidden(data: bytes) -> None:
    """Raises Refused for archives and web pages, and for a PDF inside of something else."""
    hides = (
        END_OF_ZIP in data[-LAST:]
        or any(start in data for start in ARCHIVES)
        or MARKUP.search(data) is not None
        or (not data.startswith(b"%PDF-") and b"%PDF-" in data)
    )
    if hides:
        raise Refused(Verdict.HIDES_MORE)
