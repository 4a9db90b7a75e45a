"""Find installations by words, whatever their accents and case."""

from sqlalchemy import ColumnElement, false, func

from idp.invitations.rules import folded
from idp.registry.models import Installation

MAXIMUM_WORDS = 8
# The letters that people type without their accents. Both cases are listed: what the database
# takes for one letter's other case depends on its locale.
ACCENTED = {
    "a": "áàâãäÁÀÂÃÄ",
    "c": "çÇ",
    "e": "éèêëÉÈÊË",
    "i": "íìîïÍÌÎÏ",
    "n": "ñÑ",
    "o": "óòôõöÓÒÔÕÖ",
    "u": "úùûüÚÙÛÜ",
}


def matching(search: str) -> tuple[ColumnElement[bool], ...]:
    """Conditions on `Installation`: every word typed occurs in code, address or city."""
    if search and not folded(search):
        return (false(),)
    parts = (Installation.code, Installation.address, Installation.city, Installation.state)
    text = func.concat_ws(" ", *parts)
    words = folded(search).split()[:MAXIMUM_WORDS]
    return tuple(text.regexp_match(_pattern(word)) for word in words)


def _pattern(word: str) -> str:
    """A regular expression for `word` in any case and with any accents: letters and digits only,
    each in brackets, so that nothing typed is read as an operator."""
    return "".join(f"[{each}{each.upper()}{ACCENTED.get(each, '')}]" for each in word)
