"""The code in docs/integrate.md, as it stands there."""

import re
from functools import cache
from pathlib import Path

GUIDE = Path(__file__).parents[3] / "docs" / "integrate.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
NAME = re.compile(r"(?:#|//|<!--) (\S+\.\w+)\b")  # the comment in the first line of a file


def unnamed() -> list[str]:
    """The Python of the Flask application, one block after the other."""
    return [text for kind, text in _blocks() if kind == "python" and not NAME.match(text)]


def named(name: str) -> str:
    """The block that is a file of this name."""
    (found,) = (text for _kind, text in _blocks() if (m := NAME.match(text)) and m[1] == name)
    return found


@cache
def _blocks() -> list[tuple[str, str]]:
    return BLOCK.findall(GUIDE.read_text())
