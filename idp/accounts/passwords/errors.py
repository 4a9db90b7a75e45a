"""Why a new password is refused; each says what to do."""

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from idp.errors import DomainError


class PasswordRefused(DomainError):
    """Base: the new password is not good enough."""

    field = "password"


class PasswordTooShort(PasswordRefused):
    """Fewer characters than this person needs."""

    code = "password_too_short"

    def __init__(self, minimum: int) -> None:
        super().__init__()
        self.text = _("Use at least %(number)s characters: four words are enough.", number=minimum)


class PasswordTooLong(PasswordRefused):
    """More characters than are ever looked at."""

    code = "password_too_long"

    def __init__(self, maximum: int) -> None:
        super().__init__()
        self.text = _("Use at most %(number)s characters.", number=maximum)


class PasswordLacksClass(PasswordRefused):
    """The market asks for kinds of characters, and one is missing."""

    code = "password_lacks_class"
    texts: dict[str, LazyString] = {
        "upper": _("Add at least one capital letter."),
        "lower": _("Add at least one small letter."),
        "digit": _("Add at least one digit."),
    }

    def __init__(self, missing: str) -> None:
        super().__init__()
        self.text = self.texts[missing]


class PasswordGuessable(PasswordRefused):
    """Something that everybody who knows the person, or this page, would try."""

    code = "password_guessable"
    text = _(
        "Choose a password that is not made of your tax id, your e-mail address, your name or "
        "ours: whoever knows you would try those first."
    )


class PasswordCommon(PasswordRefused):
    """Among the first that a program tries: a well-known password, a row of keys, a repetition."""

    code = "password_common"
    text = _(
        "This password is among the first that a program would try. Add a few words that have "
        "nothing to do with each other."
    )
