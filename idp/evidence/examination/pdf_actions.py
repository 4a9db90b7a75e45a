"""What a PDF does by itself, or asks a program to do (ISO 32000-1 section 12.6).

Following a link within the document or to the web is all that a document of a person needs.
"""

import re
from collections.abc import Mapping
from typing import Any

from .verdicts import Refused, Verdict

# Keys that only active things have: scripts, triggers, attached files, XFA forms, portfolios.
ACTIVE_KEYS = frozenset(
    {
        "/JS",
        "/JavaScript",
        "/AA",
        "/EF",
        "/EmbeddedFiles",
        "/XFA",
        "/Collection",
        "/RichMediaContent",
    }
)
ACTIONS = frozenset(
    {
        *("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition"),
        *("/Movie", "/Sound", "/RichMediaExecute", "/GoTo3DView"),
    }
)
KINDS = frozenset(
    {"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D", "/EmbeddedFile"}
)
WEB = ("http://", "https://", "mailto:", "tel:", "www.")
# The same wherever it is written, also in objects that the file does not list.
NAMES = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|SubmitForm|ImportData)\b")
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")


def check_names(data: bytes) -> None:
    """Raises Refused for a name of something active in the plain text of the file."""
    plain = ESCAPED.sub(lambda found: bytes.fromhex(found[1].decode()), data)
    if NAMES.search(plain):
        raise Refused(Verdict.ACTIVE)


def check_inactive(dictionary: Mapping[Any, Any]) -> None:
    """Raises Refused for an action or an attachment."""
    is_active = (
        not ACTIVE_KEYS.isdisjoint(dictionary.keys())
        or _value(dictionary, "/S") in ACTIONS
        or not KINDS.isdisjoint({_value(dictionary, "/Subtype"), _value(dictionary, "/Type")})
        or _opens_more(dictionary)
        or _leads_elsewhere(dictionary)
    )
    if is_active:
        raise Refused(Verdict.ACTIVE)


def _opens_more(dictionary: Mapping[Any, Any]) -> bool:
    """Whether opening the document does more than turn to a page."""
    if "/OpenAction" not in dictionary:
        return False
    opened = _value(dictionary, "/OpenAction")
    return not (isinstance(opened, list) or _value(opened, "/S") == "/GoTo")


def _leads_elsewhere(dictionary: Mapping[Any, Any]) -> bool:
    """Whether a link is not one to the web."""
    if _value(dictionary, "/S") != "/URI":
        return False
    return not str(_value(dictionary, "/URI")).lower().startswith(WEB)


def _value(dictionary: Any, key: str) -> Any:
    """What stands under `key`, wherever it is written; None when there is nothing."""
    if not isinstance(dictionary, Mapping):
        return None
    value: Any = dictionary.get(key)
    return value.get_object() if hasattr(value, "get_object") else value
