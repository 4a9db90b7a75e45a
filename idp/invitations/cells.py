"""Text for the cells of a spreadsheet."""

OPERATORS = (
    *("=", "+", "-", "@", "\t", "\r", "\n"),
    # What some programs take for the same.
    *("\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}"),
    *("\N{FULLWIDTH HYPHEN-MINUS}", "\N{FULLWIDTH COMMERCIAL AT}"),
)


def safe(text: str) -> str:
    """`text` as text: with an apostrophe in front where a spreadsheet would read a formula.

    Names and addresses come from people; a file with `=HYPERLINK(…)` in one of them would act in
    the name of whoever opens it (OWASP, CSV injection).
    """
    return f"'{text}" if text.startswith(OPERATORS) else text
