"""The code to scan, as it is drawn."""

import segno
from flask import Flask
from pypdf.generic import ContentStream

from idp.invitations.paper.codes import code_of
from idp.invitations.paper.qr import code_for
from tests.factories.accounts import an_account
from tests.factories.papers import a_protocol, printed, read


def test_its_qr_code_leads_to_the_check_page_with_the_code(app: Flask) -> None:
    invitation = a_protocol(an_account())
    code = code_of(invitation.public_id)
    address = f"http://localhost:8000/protocols/{invitation.protocol}?check={code}"
    page = read(printed(invitation)).pages[0]
    links = [each.get_object()["/A"]["/URI"] for each in page["/Annots"]]  # type: ignore[attr-defined]
    assert links == [address]
    drawn = code_for(address)
    assert squares_of(page)[: len(drawn.runs)] == [
        (run.column, run.row, run.length) for run in drawn.runs
    ]
    matrix = segno.make_qr(address, error="m").matrix
    dark = {
        (row, column) for row, line in enumerate(matrix) for column, is_ in enumerate(line) if is_
    }
    assert {
        (run.row, run.column + each) for run in drawn.runs for each in range(run.length)
    } == dark


def squares_of(page: object) -> list[tuple[int, int, int]]:
    """The black rectangles of the page in modules: column, row and length."""
    operations = ContentStream(page.get_contents(), page.pdf).operations  # type: ignore[attr-defined]
    boxes = [tuple(map(float, operands)) for operands, operator in operations if operator == b"re"]
    height = min(abs(box[3]) for box in boxes)
    modules = [box for box in boxes if abs(abs(box[3]) - height) < 0.01]
    left, top = min(box[0] for box in modules), max(box[1] for box in modules)
    return [
        (round((x - left) / height), round((top - y) / height), round(width / height))
        for x, y, width, _height in modules
    ]
