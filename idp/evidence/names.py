"""File names as text for people: never a path, and nothing that makes one pose as another."""

import unicodedata

from idp.forms import LONGEST, cleaned

MAXIMUM_NAME = 120  # characters, the extension among them


def cleaned_name(name: str) -> str:
    """The last part of what the browser sent, in one line of printable characters.

    Direction marks are dropped (`exe.fdp` read backwards), and a long name loses its middle: the
    extension always stays.
    """
    last = cleaned("name", name.replace("\\", "/").rpartition("/")[2][-LONGEST:])
    printable = "".join(
        " " if unicodedata.category(each) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") else each
        for each in last
    )
    line = " ".join(printable.split())
    if len(line) <= MAXIMUM_NAME:
        return line
    half = MAXIMUM_NAME // 2
    return f"{line[: half - 1]}…{line[-half:]}"


def extension_of(name: str) -> str:
    """What follows the last dot, with it and in lower case; empty when there is none."""
    stem, dot, last = name.rpartition(".")
    return f".{last.lower()}" if dot and stem else ""
