"""The paper itself: A4, one typeface, embedded; archival PDF (PDF/A-2u), only words and lines.

Roboto has every letter of Portuguese, Spanish, Catalan and Lithuanian. A character that it has not
is printed as the replacement character: an archival document may hold none without a shape.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import font_roboto
from fpdf import FPDF
from fpdf.fonts import FontFace

from idp.invitations.paper.metadata import xmp
from idp.invitations.paper.qr import QUIET_ZONE, Code

FONTS = Path(font_roboto.font_directory)
FAMILY = "Roboto"
UNKNOWN = "\N{REPLACEMENT CHARACTER}"
TOTAL = "\N{INVISIBLE SEPARATOR}"  # stands for the number of pages; no text may hold it
MARGIN = 18  # mm, as every length here
WIDTH = 210 - 2 * MARGIN
LABELS = 50  # the column of what each row is called
INK, SOFT, ACCENT, LINE = (21, 33, 31), (74, 88, 85), (11, 95, 90), (211, 219, 217)


class Sheet(FPDF):
    """A document whose every page carries the brand above, and `foot` and its number below."""

    def __init__(self, *, title: str, brand: str, foot: str, language: str, at: datetime) -> None:
        super().__init__(format="A4", enforce_compliance="PDF/A-2U")
        self._brand, self._foot = brand, foot
        self.set_title(title)
        self.set_author(brand)
        self.set_lang(language)
        self.set_creation_date(at)
        self.set_xmp_metadata(xmp(title=title, author=brand, language=language, at=at))
        self.add_font(FAMILY, "", FONTS / "Roboto-Regular.ttf")
        self.add_font(FAMILY, "B", FONTS / "Roboto-Medium.ttf")
        known = getattr(self.fonts[FAMILY.lower()], "cmap", {})
        self._known = frozenset({*map(chr, known), "\n"})
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.c_margin = 0
        self.alias_nb_pages(TOTAL)
        self.set_auto_page_break(auto=True, margin=22)
        self.add_page()

    def normalize_text(self, text: str) -> str:
        """`text` as far as the typeface has it; every method that prints asks here."""
        if self.in_footer:
            return text
        return "".join(each if each in self._known else UNKNOWN for each in text)

    def header(self) -> None:
        """The mark and the brand's name."""
        self.set_fill_color(ACCENT)
        self.rect(MARGIN, 10, 6, 6, style="F", round_corners=True, corner_radius=1.6)
        self.set_draw_color(255)
        self.set_line_width(0.5)
        self.circle(MARGIN + 2.6, 13, 1.2, style="D")
        self.set_fill_color(255)
        self.circle(MARGIN + 4.5, 13, 0.55, style="F")
        self._say(11, "B", ACCENT)
        self.set_xy(MARGIN + 8, 10)
        self.cell(0, 6, self._brand)
        self.set_y(22)

    def footer(self) -> None:
        """What it is, and which page of how many."""
        self.set_y(-15)
        self._say(8, "", SOFT)
        self.cell(WIDTH - 20, 5, self._foot)
        self.cell(20, 5, f"{self.page_no()} / {TOTAL}", align="R")

    def title_block(self, title: str, number: str, width: float) -> None:
        """The heading, and the number to quote."""
        self._say(18, "B", INK)
        self._lines(title, width, 8)
        self._say(14, "B", ACCENT)
        self._lines(number, width, 9)

    def heading(self, text: str) -> None:
        """The name of a section, which stays with what follows."""
        if self.will_page_break(24):
            self.add_page()
        self.ln(3.5)
        self._say(11.5, "B", INK)
        self._lines(text, WIDTH, 6)
        self.ln(0.5)

    def paragraph(self, text: str, size: float = 9.5) -> None:
        """Running text."""
        self._say(size, "", INK)
        self._lines(text, WIDTH, size * 0.5)
        self.ln(1.2)

    def rows(self, rows: Iterable[tuple[str, str]]) -> None:
        """What something is called, and what it is, one below the other."""
        label = FontFace(color=SOFT)
        self._say(9.5, "", INK)
        self.set_draw_color(LINE)
        self.set_line_width(0.2)
        with self.table(
            col_widths=(LABELS, WIDTH - LABELS),
            v_align="TOP",
            first_row_as_headings=False,
            borders_layout="HORIZONTAL_LINES",
            text_align="LEFT",
            line_height=4.8,
            padding=(0.9, 2, 0.9, 0),
        ) as table:
            for name, value in rows:
                row = table.row()
                row.cell(name, style=label)
                row.cell(value)

    def grid(self, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """A table whose headings come again on every page."""
        self._say(8.5, "", INK)
        self.set_draw_color(LINE)
        self.set_line_width(0.2)
        with self.table(
            col_widths=(LABELS, 82, WIDTH - LABELS - 82),
            headings_style=FontFace(emphasis="BOLD", color=SOFT),
            borders_layout="HORIZONTAL_LINES",
            text_align="LEFT",
            line_height=4.2,
            padding=(0.6, 1, 0.6, 0),
        ) as table:
            for texts in (headings, *rows):
                table.row(texts)

    def columns(self, texts: Sequence[str]) -> None:
        """Short texts side by side, as many as fit, read from left to right."""
        self._say(8.5, "", INK)
        widest = max(map(self.get_string_width, texts), default=0) + 4
        number = max(1, int(WIDTH // widest))
        for place, text in enumerate(texts, start=1):
            if number == 1:
                self._lines(text, WIDTH, 4.2)
            else:
                self.cell(WIDTH / number, 4.2, text)
                if place % number == 0:
                    self.ln(4.2)
        self.ln(4.2)

    def code(self, code: Code, *, x: float, y: float, width: float, link: str, about: str) -> None:
        """A QR code with its quiet zone, which is a link as well."""
        module = width / (code.size + 2 * QUIET_ZONE)
        left, top = x + QUIET_ZONE * module, y + QUIET_ZONE * module
        self.set_fill_color(0)
        for run in code.runs:
            self.rect(
                left + run.column * module,
                top + run.row * module,
                run.length * module,
                module,
                style="F",
            )
        self.link(x, y, width, width, link, alt_text=about)

    def _lines(self, text: str, width: float, height: float) -> None:
        self.multi_cell(width, height, text, align="L", new_x="LMARGIN", new_y="NEXT")

    def _say(self, size: float, style: str, color: tuple[int, int, int]) -> None:
        self.set_font(FAMILY, style, size)
        self.set_text_color(color)
