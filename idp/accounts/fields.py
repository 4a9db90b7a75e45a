"""Form fields that only accounts have: a tax id of any country, a person's name."""

import re
from typing import Any
from unicodedata import combining, normalize

from babel import Locale
from flask import current_app
from flask_babel import get_locale
from flask_babel import gettext as _
from marshmallow import ValidationError

from idp import taxids
from idp.accounts import tax_id_words
from idp.fields import TaxIdField, TypedField
from idp.forms import cleaned
from idp.taxids import (
    AmbiguousTaxId,
    MalformedTaxId,
    TaxId,
    TaxIdSchemeNotAllowed,
    WrongCheckDigit,
)

COUNTRY_FIELD = "tax_id_country"  # shown only where one number exists in several countries
ANY_COUNTRY = "es"  # of a passport, to see whether it looks like one: all have one form
MAXIMUM_NAME = 120
# Our mails carry the name to an address that anybody may have typed: no links in them.
LIKE_A_LINK = re.compile(r"https?:|www\.|[/\w]+\.[a-z]{2,}/|[<>{}\\]", re.IGNORECASE)


class AnyTaxIdField(TaxIdField):
    """A `TaxId` of the deployment's schemes; `tax_id_country` tells which when several fit, and who
    issued a passport."""

    def missing_text(self) -> str:
        """Ask for it by the name that it has in this market."""
        return _("Enter: %(what)s.", what=tax_id_words.label())

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> TaxId:
        country = data.get(COUNTRY_FIELD, "") if isinstance(data, dict) else ""
        try:
            return taxids.parse(value, _schemes(country))
        except AmbiguousTaxId:
            text = _("This number exists in more than one country. Choose the country below.")
            raise ValidationError(text) from None
        except MalformedTaxId as error:
            if may_be_passport(value, error):
                return _passport(value, country, error)
            result: TaxId = super()._deserialize(value, attr, data, **kwargs)
            return result


def may_be_passport(typed: str, error: MalformedTaxId) -> bool:
    """Whether what was refused as every other tax id can be the number of a passport.

    A company's number is not: who types one has to read that companies don't register.
    """
    allowed = "passport" in current_app.config["TAX_ID_SCHEMES"]
    if not allowed or isinstance(error, TaxIdSchemeNotAllowed):
        return False
    try:
        taxids.parse_passport(typed, ANY_COUNTRY)
    except MalformedTaxId:
        return False
    return True


def _passport(typed: str, country: str, error: MalformedTaxId) -> TaxId:
    """Raises ValidationError until the person says which country issued it."""
    try:
        return taxids.parse_passport(typed, country)
    except MalformedTaxId:
        text = _("Choose the country that issued the passport.")
        if isinstance(error, WrongCheckDigit):
            text = _(
                "This number has a typing error. Compare it with your document. If it is the "
                "number of a passport, choose the country that issued it."
            )
        raise ValidationError(text) from None


def issuers_of(typed: str | None) -> list[tuple[str, str]]:
    """The countries that may have issued the passport of this number, by their names; empty where
    it is no passport's."""
    text = cleaned("tax_id", typed or "")
    try:
        taxids.parse(text, _schemes(""))
    except MalformedTaxId as error:
        if may_be_passport(text, error):
            names = (get_locale() or Locale("en")).territories
            found = [(code, names.get(code.upper(), code.upper())) for code in taxids.COUNTRIES]
            return sorted(found, key=lambda each: plain(each[1]))
    return []


def plain(name: str) -> str:
    """Without accents and case, to be sorted by."""
    letters = normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if not combining(letter))


def countries_of(typed: str | None) -> list[tuple[str, str, str]]:
    """The countries among which the person must choose, as options of the radios macro."""
    try:
        taxids.parse(cleaned("tax_id", typed or ""), _schemes(""))
    except AmbiguousTaxId as error:
        codes = sorted({each.country for each in error.candidates})
        names = (get_locale() or Locale("en")).territories
        return [(code, names.get(code.upper(), code.upper()), "") for code in codes]
    except MalformedTaxId:
        pass
    return []


def _schemes(country: str) -> tuple[str, ...]:
    """The allowed schemes, of `country` only when it was chosen and has any."""
    allowed: tuple[str, ...] = current_app.config["TAX_ID_SCHEMES"]
    chosen = tuple(each for each in allowed if country and each.startswith(f"{country}:"))
    return chosen or allowed


class NameField(TypedField):
    """The name of a person or company, in one line, without anything that looks like a link."""

    def missing_text(self) -> str:
        """Ask for it."""
        return _("Enter your full name.")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        name = " ".join(str(value).split())
        if len(name) > MAXIMUM_NAME:
            raise ValidationError(_("This is too long."))
        if not name.isprintable() or LIKE_A_LINK.search(name):
            raise ValidationError(_("Enter your name as it is written on your document."))
        return name
