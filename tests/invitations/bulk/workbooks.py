"""Workbooks for tests, honest and hostile."""

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence

import xlsxwriter

Cell = str | float | bool


def a_workbook(rows: Iterable[Sequence[Cell]], **options: object) -> bytes:
    """As a spreadsheet program saves these rows; text stays text, numbers are numbers."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": True, **options}) as workbook:
        sheet = workbook.add_worksheet()
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                write = sheet.write_string if isinstance(cell, str) else sheet.write
                write(number, column, cell)
    return file.getvalue()


def changed(
    workbook: bytes,
    *,
    parts: dict[str, bytes] | None = None,
    rewrite: Callable[[str, bytes], bytes] = lambda _name, part: part,
    without: Sequence[str] = (),
) -> bytes:
    """`workbook` with other `parts`, or with every part as `rewrite` makes it."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            if name not in without:
                new.writestr(name, rewrite(name, old.read(name)), zipfile.ZIP_DEFLATED)
        for name, part in (parts or {}).items():
            new.writestr(name, part, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def with_cell(cell: bytes) -> bytes:
    """A workbook whose sheet holds `cell`, as it stands in the XML."""
    sheet = "xl/worksheets/sheet1.xml"
    return changed(
        a_workbook([["100"]]),
        rewrite=lambda name, part: (
            part.replace(b"</sheetData>", cell + b"</sheetData>") if name == sheet else part
        ),
    )


def lying(workbook: bytes, name: str, size: int) -> bytes:
    """`workbook` whose directory and local header say that part `name` unpacks to `size` bytes."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        true = archive.getinfo(name).file_size.to_bytes(4, "little")
    return workbook.replace(true, size.to_bytes(4, "little"))
