"""Search as people type: without accents, capitals and the order of words, in SQL and in Python."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, func

_ACCENTED = "áàâãäåąéèêëęėíìîïįóòôõöúùûüųūçčñšžý"
_PLAIN = "aaaaaaaeeeeeeiiiiiooooouuuuuuccnszy"
# Capitals are listed too: in a database of locale C, lower() leaves accented ones alone.
FROM = _ACCENTED + _ACCENTED.upper()
TO = _PLAIN * 2
_TABLE = str.maketrans(FROM, TO)
MAXIMUM_LENGTH = 100
MAXIMUM_WORDS = 8


def folded_sql(*columns: str) -> str:
    """SQL for the columns' text in one, folded. `columns` are our own words, never a person's."""
    return f"lower(translate(concat_ws(' ', {', '.join(columns)}), '{FROM}', '{TO}'))"


def says(place: SQLColumnExpression[str], words: Sequence[str]) -> ColumnElement[bool]:
    """Whether the text of `place` holds all of them; `words` come from `patterns`."""
    folded = func.lower(func.translate(place, FROM, TO))
    return and_(*(folded.like(word) for word in words))


def patterns(typed: str) -> Sequence[str]:
    """One LIKE pattern for each word, all of which have to match; none when nothing was typed."""
    words = typed[:MAXIMUM_LENGTH].replace("\x00", "").translate(_TABLE).lower().split()
    return [f"%{_escaped(word)}%" for word in words[:MAXIMUM_WORDS]]


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
