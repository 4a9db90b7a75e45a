"""What tax ids are called in this market: `CPF or CNPJ` where people know them by these names."""

from babel import Locale
from babel.lists import format_list
from flask import current_app
from flask_babel import get_locale, lazy_gettext
from flask_babel import gettext as _
from flask_babel.speaklater import LazyString

NAMES: dict[str, LazyString | str] = {
    "br:cpf": "CPF",
    "br:cnpj": "CNPJ",
    "es:nif": "NIF",
    "es:nie": "NIE",
    "es:cif": "CIF",
    "pt:nif": "NIF",
    "lt:code": lazy_gettext("company code"),
    "passport": lazy_gettext("passport number"),
}
FEW = 3  # as many names as a label can hold


def label() -> str:
    """What stands above the field: the names themselves where they are few."""
    kinds = _kinds()
    if len(kinds) > FEW:
        return _("Tax id")
    text = listed(kinds)
    return text[:1].upper() + text[1:]


def hint() -> str:
    """What stands below the label."""
    kinds = _kinds()
    if len(kinds) > FEW:
        return _("%(kinds)s, with or without punctuation", kinds=listed(kinds))
    return _("With or without punctuation")


def autocomplete() -> str:
    """What browsers take it for: the sign-in name, where it is the usual one."""
    is_usual = current_app.config["PROFILE"].sign_in.identifiers[0] == "tax_id"
    return "username" if is_usual else "off"


def email_hint() -> str:
    """Below the e-mail address: whether it will be the sign-in name."""
    if current_app.config["PROFILE"].sign_in.identifiers[0] == "email":
        return _("You will sign in with it. Only you should be able to read it.")
    return _("Only you should be able to read it")


def listed(kinds: list[str]) -> str:
    """`CPF, CNPJ or NIF` in the language of the page."""
    return format_list(kinds, style="or", locale=get_locale() or Locale("en"))


def _kinds() -> list[str]:
    """The names, each once, in the order of the market."""
    return list(dict.fromkeys(str(NAMES[each]) for each in current_app.config["TAX_ID_SCHEMES"]))
