"""One file of a kind that its first bytes promise."""

from collections.abc import Callable, Mapping

from .hidden import check_nothing_hidden
from .images import check_picture
from .jpeg import check_ends_as_jpeg
from .pdf import check_pdf
from .png import check_ends_as_png
from .verdicts import Refused, Verdict

Check = Callable[[bytes], None]

CHECKS: Mapping[str, tuple[Check, ...]] = {
    "application/pdf": (check_nothing_hidden, check_pdf),
    "image/jpeg": (check_nothing_hidden, check_ends_as_jpeg, check_picture("JPEG")),
    "image/png": (check_nothing_hidden, check_ends_as_png, check_picture("PNG")),
}


def examine(media_type: str, data: bytes) -> Verdict:
    """What the first check that fails says. A library that stumbles has not been able to read it;
    one that runs out of memory was given a bomb."""
    try:
        for check in CHECKS[media_type]:
            check(data)
    except Refused as refused:
        return refused.verdict
    except MemoryError:
        return Verdict.TOO_COMPLEX
    except Exception:  # whatever hostile data makes of libraries
        return Verdict.UNREADABLE
    return Verdict.FINE
