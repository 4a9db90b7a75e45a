"""Form fields that only accounts have: a tax id of any country, a person's name."""

import re
from typing import Any

from babel import Locale
from flask import current_app
from flask_babel import get_locale
from flask_babel import gettext as _
from marshmallow import ValidationError

from idp import taxids
from idp.fields import TaxIdField, TypedField
from idp.forms import cleaned
from idp.taxids import AmbiguousTaxId, MalformedTaxId, TaxId

COUNTRY_FIELD = "tax_id_country"  # shown only where one number exists in several countries
MAXIMUM_NAME = 120
# Our mails carry the name to an address that anybody may have typed: no links in them.
LIKE_A_LINK = re.compile(r"https?:|www\.|[/\w]+\.[a-z]{2,}/|[<>{}\\]", re.IGNORECASE)


class AnyTaxIdField(TaxIdField):
    """A `TaxId` of the deployment's schemes; `tax_id_country` tells which when several fit."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> TaxId:
        country = data.get(COUNTRY_FIELD, "") if isinstance(data, dict) else ""
        try:
            return taxids.parse(value, _schemes(country))
        except AmbiguousTaxId:
            text = _("This number exists in more than one country. Choose the country below.")
            raise ValidationError(text) from None
        except MalformedTaxId:
            result: TaxId = super()._deserialize(value, attr, data, **kwargs)
            return result


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
