"""The code in docs/integrate.md, as it stands there."""

import re
import shlex
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
GUIDE = ROOT / "docs" / "integrate.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
NAME = re.compile(r"(?:#|//|<!--) (\S+\.\w+)\b")  # the comment in the first line of a file


def unnamed() -> list[str]:
    """The Python of the Flask application, one block after the other."""
    return [text for kind, text in _blocks() if kind == "python" and not NAME.match(text)]


def named(name: str) -> str:
    """The block that is a file of this name."""
    (found,) = (text for _kind, text in _blocks() if (m := NAME.match(text)) and m[1] == name)
    return found


def commands() -> dict[str, list[str]]:
    """The arguments of each `idp clients create`, by the name that it gives."""
    lines = [shlex.split(text.replace("\\\n", "")) for kind, text in _blocks() if kind == "sh"]
    return {line[line.index("--name") + 1]: line[2:] for line in lines if "create" in line}


def run(text: str, **known: Any) -> dict[str, Any]:
    """What a module of this text defines, in which the names of `known` stand already."""
    module = {"__name__": "guide", **known}
    exec(compile(text, "integrate.md", "exec"), module)  # noqa: S102 - our own documentation
    return module


def of_the_readme() -> str:
    """The Python that the project shows first."""
    (found,) = (text for kind, text in _blocks(ROOT / "README.md") if kind == "python")
    return found


@cache
def _blocks(document: Path = GUIDE) -> list[tuple[str, str]]:
    return BLOCK.findall(document.read_text())
