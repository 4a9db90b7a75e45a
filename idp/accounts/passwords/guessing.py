"""How easily a password is guessed, by a program and by an acquaintance: pure, and bounded in time.

zxcvbn (https://github.com/dwolfhub/zxcvbn-python) estimates how many guesses a program needs that
knows the usual passwords, words, rows of keys, dates, repetitions, and their disguises. What it
costs grows fast with the length, up to seconds at 72 characters chosen to that end; so only the
beginning and the end are looked at: whoever finds either of them hard finds the whole hard. Longer
than that are few of the passwords that were found in breaches, 30,000 of which come with zxcvbn:
those themselves, and whatever is typed several times in a row, are looked for in addition.
"""

import re
import unicodedata
from collections.abc import Iterable
from threading import Lock

LOOKED_AT = 16  # characters at each end: 25 ms at the worst
ENOUGH = 10**7  # guesses; tries to sign in are limited, and each costs an argon2 computation
SHORTEST_WORD = 3
LEFT_OVER = 4  # characters that have to remain beside one's own words
NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_turn = Lock()  # zxcvbn keeps the words of a call in a variable of its module


def is_easy(password: str) -> bool:
    """Whether a program would soon have guessed `password`."""
    once = repeated_part_of(password)
    ends = {once[:LOOKED_AT], once[-LOOKED_AT:]} - {""}
    return is_breached(once) or all(_guesses(end) < ENOUGH for end in ends)


def is_breached(password: str) -> bool:
    """Whether `password`, in whatever case, is one of the best-known of those that were stolen."""
    # As below.
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # noqa: PLC0415

    return password.casefold() in FREQUENCY_LISTS["passwords"]


def repeated_part_of(password: str) -> str:
    """`liverpool` of `liverpoolliverpool`; all of it where nothing is repeated to its end."""
    length = (password + password).find(password, 1)
    return password[:length] if length > 0 else password


def is_made_of(password: str, words: Iterable[str]) -> bool:
    """Whether little is left of `password` without these words (as `words_of` gives them)."""
    left = _folded(password)
    for word in words:
        left = left.replace(word, "")
    return len(left) < LEFT_OVER


def words_of(*texts: str) -> list[str]:
    """The words in `texts` without accents and punctuation, and each text as a whole; the longest
    first, and none that is too short to say anything."""
    found = {_folded(text) for text in texts}
    found |= {_folded(word) for text in texts for word in NOT_ALPHANUMERIC.split(text)}
    return sorted((word for word in found if len(word) >= SHORTEST_WORD), key=len, reverse=True)


def _folded(text: str) -> str:
    """Letters and digits alone, in lower case and without accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if character.isalnum())


def _guesses(text: str) -> float:
    # Fifteen megabytes of words: only a process in which somebody chooses a password needs them.
    from zxcvbn import zxcvbn  # noqa: PLC0415

    with _turn:
        return float(zxcvbn(text)["guesses"])
