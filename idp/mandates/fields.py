"""Fields that only these forms have: a company's tax id, names of parties, choices."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel.speaklater import LazyString
from marshmallow import ValidationError

from idp import taxids
from idp.accounts.fields import COUNTRY_FIELD, NameField
from idp.fields import TaxIdField, TypedField, tax_id_text
from idp.invitations.rules import folded
from idp.taxids import SCHEME_NAMES, AmbiguousTaxId, MalformedTaxId, TaxId


class PartyTaxIdField(TaxIdField):
    """The tax id of a person or company of the deployment's countries, whether or not companies
    may sign in there; `tax_id_country` tells which country when several fit."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> TaxId:
        country = data.get(COUNTRY_FIELD, "") if isinstance(data, dict) else ""
        try:
            return self.read(value, _schemes(country))
        except AmbiguousTaxId:
            text = _("This number exists in more than one country. Choose the country below.")
            raise ValidationError(text) from None
        except MalformedTaxId as error:
            raise ValidationError(tax_id_text(error)) from None

    def read(self, typed: str, schemes: tuple[str, ...]) -> TaxId:
        """Raises `MalformedTaxId`."""
        return taxids.parse(typed, schemes)


class CompanyTaxIdField(PartyTaxIdField):
    """The same, of a company."""

    def missing_text(self) -> str:
        """Ask for it."""
        return _("Enter the company's tax id.")

    def read(self, typed: str, schemes: tuple[str, ...]) -> TaxId:
        """Of several readings the only company; raises `MalformedTaxId`."""
        try:
            readings: tuple[TaxId, ...] = (super().read(typed, schemes),)
        except AmbiguousTaxId as error:
            readings = error.candidates
        companies = tuple(each for each in readings if each.is_company)
        if not companies:
            raise ValidationError(_("Enter the tax id of a company, not of a person."))
        if len(companies) > 1:
            raise AmbiguousTaxId(companies)
        return companies[0]


def _schemes(country: str) -> tuple[str, ...]:
    """Every scheme of the countries where people may register, or of the chosen one of them."""
    allowed = {each.partition(":")[0] for each in current_app.config["TAX_ID_SCHEMES"]}
    wanted = {country} if country in allowed else allowed
    return tuple(each for each in SCHEME_NAMES if each.partition(":")[0] in wanted)


class PartyNameField(NameField):
    """The name of a company or of another person, with at least one letter."""

    def __init__(self, missing: str | LazyString, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._missing = missing

    def missing_text(self) -> str:
        """Ask for it."""
        return str(self._missing)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        try:
            name: str = super()._deserialize(value, attr, data, **kwargs)
        except ValidationError:
            name = ""
        if not folded(name):
            raise ValidationError(_("Enter the name as it is written in the documents."))
        return name


class ChoiceField(TypedField):
    """One of `choices`."""

    def __init__(self, choices: Iterable[StrEnum], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._choices = {each.value: each for each in choices}

    def missing_text(self) -> str:
        """Ask for a choice."""
        return _("Choose one of the options.")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> StrEnum:
        try:
            return self._choices[value]
        except KeyError:
            raise ValidationError(self.missing_text()) from None
