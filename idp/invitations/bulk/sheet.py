"""`python sheet.py < workbook.xlsx`: print how many rows the first sheet has, then
each of them as a JSON list on a line.

A program of its own, because the library unpacks a sheet whole: a cell in the last corner makes it
ask for 500 GB, and then the process is gone. Here that costs nobody but the file. Nothing of the
service is imported; memory and time are limited before a byte is read.
"""

import json
import resource
import sys
from collections.abc import Iterable
from io import BytesIO

from python_calamine import CalamineWorkbook, SheetTypeEnum

LIMITS = {
    resource.RLIMIT_AS: 1_000_000_000,  # bytes; 200,000 rows of 30 columns take 640,000,000
    resource.RLIMIT_CPU: 15,  # seconds; 200,000 rows of 4 columns take 1
    resource.RLIMIT_FSIZE: 0,  # nothing is written to disk
    resource.RLIMIT_CORE: 0,  # … not even when it crashes
}
TOO_WIDE = 3  # the exit status
DIGITS = 15  # a spreadsheet's number keeps so many; later ones are made up


def main() -> int:
    """Returns the exit status: 0, `TOO_WIDE`, or anything else for what can't be read."""
    for kind, most in LIMITS.items():
        resource.setrlimit(kind, (most, most))
    widest = int(sys.argv[1])
    workbook = CalamineWorkbook.from_filelike(BytesIO(sys.stdin.buffer.read()))
    kinds = {each.name: each.typ for each in workbook.sheets_metadata}
    first = next(name for name, kind in kinds.items() if kind == SheetTypeEnum.WorkSheet)
    sheet = workbook.get_sheet_by_name(first)
    if sheet.width > widest:
        return TOO_WIDE
    print(json.dumps(sheet.end[0] + 1 if sheet.end else 0))
    for row in sheet.iter_rows():
        print(json.dumps(cells(row)))
    return 0


def cells(row: Iterable[object]) -> list[str]:
    """What each cell shows, near enough to find a number in it."""
    return [shown(cell) for cell in row]


def shown(cell: object) -> str:
    """Whole numbers without a fraction; those too long to be exact in scientific notation."""
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        if abs(cell) >= 10**DIGITS:
            return f"{cell:.{DIGITS - 1}E}"
        return str(int(cell)) if cell == int(cell) else repr(cell)
    return str(cell)


if __name__ == "__main__":
    sys.exit(main())
