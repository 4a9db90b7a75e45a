"""What a page says before somebody chooses a password."""

from babel import Locale
from babel.lists import format_list
from flask_babel import get_locale, lazy_gettext
from flask_babel import gettext as _

from idp.accounts.passwords import policy

KINDS = {
    "upper": lazy_gettext("a capital letter"),
    "lower": lazy_gettext("a small letter"),
    "digit": lazy_gettext("a digit"),
}


def hint(*, has_factor: bool = False) -> str:
    """How long, of what, and a way to get there."""
    length = _(
        "At least %(number)s characters. Four words that have nothing to do with each other are "
        "easy to remember and hard to guess.",
        number=policy.minimum_length(has_factor=has_factor),
    )
    kinds = [str(KINDS[each]) for each in policy.required_classes()]
    if not kinds:
        return length
    listed = format_list(kinds, locale=get_locale() or Locale("en"))
    needed = _("It needs %(kinds)s, and may have any other character.", kinds=listed)
    return f"{length} {needed}"
