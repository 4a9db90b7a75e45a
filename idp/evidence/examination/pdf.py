"""PDFs: readable to the letter, without a password, and with nothing in them that acts."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject, StreamObject

from .pdf_actions import check_inactive, check_names
from .pdf_streams import Expansion
from .verdicts import Refused, Verdict

HEADER = re.compile(rb"%PDF-[12]\.\d")
END = b"%%EOF"
WHITE = b"\0\t\n\f\r "  # ISO 32000-1 table 1
MOST_OBJECTS = 50_000
MOST_PAGES = 300


def check_pdf(data: bytes) -> None:
    """Raises Refused, or whatever pypdf does about a file that it can't read strictly."""
    if not HEADER.match(data):
        raise Refused(Verdict.UNREADABLE)
    _check_end(data)
    check_names(data)
    reader = _open(data)
    expansion = Expansion()
    check_inactive(reader.trailer)
    for each in _objects(reader):
        for dictionary in _dictionaries(each):
            check_inactive(dictionary)
        if isinstance(each, StreamObject):
            expansion.add(each)
    if not 0 < len(reader.pages) <= MOST_PAGES:
        raise Refused(Verdict.TOO_COMPLEX if reader.pages else Verdict.UNREADABLE)


def _check_end(data: bytes) -> None:
    before, found, after = data.rpartition(END)
    if not (before and found):
        raise Refused(Verdict.UNREADABLE)
    if after.strip(WHITE):
        raise Refused(Verdict.HIDES_MORE)


def _open(data: bytes) -> PdfReader:
    """Encryption that pypdf does not know is encryption too."""
    try:
        reader = PdfReader(BytesIO(data), strict=True)
    except Exception:
        if b"/Encrypt" in data:
            raise Refused(Verdict.LOCKED) from None
        raise
    if reader.is_encrypted:
        raise Refused(Verdict.LOCKED)
    return reader


def _objects(reader: PdfReader) -> Iterator[Any]:
    """Every object that the file lists, whether or not a page leads to it."""
    listed = [
        *((number, generation) for generation in reader.xref for number in reader.xref[generation]),
        *((number, 0) for number in reader.xref_objStm),
    ]
    if len(listed) > MOST_OBJECTS:
        raise Refused(Verdict.TOO_COMPLEX)
    for number, generation in listed:
        yield reader.get_object(IndirectObject(number, generation, reader))


def _dictionaries(each: Any) -> Iterator[DictionaryObject]:
    """The dictionaries that are written inside of one object, itself among them."""
    waiting = [each]
    while waiting:
        found = waiting.pop()
        if isinstance(found, DictionaryObject):
            yield found
            waiting += found.values()
        elif isinstance(found, list):
            waiting += found
