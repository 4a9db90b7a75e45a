"""Look into a workbook without opening it: an XLSX file is a ZIP archive of XML parts (ECMA-376).

Whatever an attacker writes into the directory of an archive is only a claim, so every part is
unpacked once, in portions, and counted. Nothing of it is kept.
"""

import zlib
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from idp.invitations.bulk.errors import (
    ActiveWorkbook,
    LockedWorkbook,
    NotWorkbook,
    SuspiciousWorkbook,
)

ARCHIVE = b"PK\x03\x04"
ENTRY = b"PK\x01\x02"  # of the archive's directory (APPNOTE 4.3.12)
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # XLS, and every encrypted XLSX
PARTS = ("[Content_Types].xml", "xl/workbook.xml")
# Programs, and doors to other files. Lists of installations need none of them.
ACTIVE = ("vbaproject", "xl/macrosheets/", "xl/externallinks/", "xl/embeddings/", "xl/activex/")
XML = (".xml", ".rels", ".vml")
MACROS = b"macroEnabled"  # in the type of the main part, whatever the file is called
DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")  # entities of one's own; no part of an XLSX has any

MOST_PARTS = 500
MOST_UNPACKED = 200_000_000  # bytes in all; 200,000 rows of 4 columns take 52,000,000
MOST_OF_ONE = 1_000_000  # bytes: up to here no ratio matters
HIGHEST_RATIO = 100
PORTION = 65_536
OVERLAP = 16  # so that what is looked for is found across two portions too
LOCAL_HEADER = 30  # bytes, before the name and the extra field


def check(content: bytes) -> None:
    """Raises `NotWorkbook`, `LockedWorkbook`, `ActiveWorkbook` or `SuspiciousWorkbook`."""
    if content.startswith(COMPOUND):
        raise LockedWorkbook
    if not content.startswith(ARCHIVE):
        raise NotWorkbook
    # Before anybody makes objects of them: 20 MB can hold 400,000 entries, three seconds' work.
    if content.count(ENTRY) > 2 * MOST_PARTS:
        raise SuspiciousWorkbook
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
    except (BadZipFile, ValueError, OverflowError, NotImplementedError, UnicodeDecodeError):
        raise NotWorkbook from None
    _check_directory(parts)
    for part in parts:
        _check_part(content, part)


def _check_directory(parts: list[ZipInfo]) -> None:
    names = [part.filename for part in parts]
    if len(parts) > MOST_PARTS or len({name.lower() for name in names}) < len(names):
        raise SuspiciousWorkbook
    if any(part.flag_bits & 1 for part in parts):
        raise LockedWorkbook
    if not set(PARTS) <= set(names):
        raise NotWorkbook
    if any(each in name.lower() for name in names for each in ACTIVE):
        raise ActiveWorkbook
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise SuspiciousWorkbook
    for part in parts:
        if part.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise SuspiciousWorkbook
        if part.file_size > max(MOST_OF_ONE, HIGHEST_RATIO * part.compress_size):
            raise SuspiciousWorkbook


def _check_part(content: bytes, part: ZipInfo) -> None:
    """Unpack `part`, up to one portion more than it claims to be."""
    is_xml = part.filename.lower().endswith(XML)
    unpacked, before = 0, b""
    for portion in _portions(_packed(content, part), part.compress_type):
        unpacked += len(portion)
        if unpacked > part.file_size:
            raise SuspiciousWorkbook
        if is_xml:
            _check_xml(before + portion)
        before = portion[-OVERLAP:]
    if unpacked != part.file_size:
        raise SuspiciousWorkbook


def _portions(packed: bytes, compress_type: int) -> Iterator[bytes]:
    inflating = zlib.decompressobj(-zlib.MAX_WBITS)
    for start in range(0, len(packed), PORTION):
        piece = packed[start : start + PORTION]
        if compress_type == ZIP_STORED:
            yield piece
            continue
        while piece:
            try:
                yield inflating.decompress(piece, PORTION)
            except zlib.error:
                raise SuspiciousWorkbook from None
            piece = inflating.unconsumed_tail
    if compress_type == ZIP_DEFLATED:
        yield inflating.flush()


def _packed(content: bytes, part: ZipInfo) -> bytes:
    """The bytes of `part` as they lie in the archive (APPNOTE 4.3.7)."""
    header = content[part.header_offset : part.header_offset + LOCAL_HEADER]
    if not header.startswith(ARCHIVE) or len(header) < LOCAL_HEADER:
        raise SuspiciousWorkbook
    name, extra = int.from_bytes(header[26:28], "little"), int.from_bytes(header[28:30], "little")
    start = part.header_offset + LOCAL_HEADER + name + extra
    return content[start : start + part.compress_size]


def _check_xml(text: bytes) -> None:
    """Raises for what only an attacker writes: our library would have to be trusted with it."""
    if b"\x00" in text or any(each in text for each in DECLARATIONS):
        raise SuspiciousWorkbook
    if MACROS in text:
        raise ActiveWorkbook
