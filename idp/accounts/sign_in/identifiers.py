"""What people sign in with: a tax id, an e-mail address, or either, as the market's profile says.

Whether it is well formed, and whether the market refuses its kind, is told by its form alone,
before anything is looked up: that says nothing about who is known.
"""

from typing import Any

from flask import current_app
from marshmallow import ValidationError
from sqlalchemy import ColumnElement

from config.market import SignIn
from idp import taxids
from idp.accounts.fields import AnyTaxIdField
from idp.accounts.lookup import Credentials, find_credentials, find_credentials_by_email
from idp.accounts.models import Account
from idp.accounts.sign_in import wording
from idp.fields import EmailField, TypedField, tax_id_text
from idp.forms import cleaned
from idp.taxids import MalformedTaxId, TaxId, TaxIdSchemeNotAllowed

Identifier = TaxId | str  # an e-mail address is text in lower case

EMAIL, TAX_ID = "email", "tax_id"


def market() -> SignIn:
    """What the profile says of sign-in."""
    found: SignIn = current_app.config["PROFILE"].sign_in
    return found


def is_taken(kind: str) -> bool:
    """Whether people sign in with `EMAIL` or `TAX_ID` here."""
    return kind in market().identifiers


def name_of(account: Account) -> str:
    """What this person types to sign in, for the field and for password managers."""
    return account.tax_id.formatted if is_taken(TAX_ID) else account.email


def find(identifier: Identifier) -> Credentials | None:
    """Whose it is, in one query; None where it is nobody's, or not one person's alone."""
    if isinstance(identifier, TaxId):
        return find_credentials(identifier)
    return find_credentials_by_email(identifier)


def names(identifier: Identifier) -> ColumnElement[bool]:
    """The condition on the accounts that it may mean."""
    if isinstance(identifier, TaxId):
        return Account.tax_id == identifier
    return Account.email == identifier


def is_refused(typed: str) -> bool:
    """Whether it has the form of something that this market does not let in any more."""
    text = cleaned("identifier", typed)
    if "@" in text:
        return EMAIL in market().refused
    refused = [each for each in market().refused if each != EMAIL]
    try:
        taxids.parse(text, current_app.config["TAX_ID_SCHEMES"])
    except TaxIdSchemeNotAllowed as error:
        return not set(refused).isdisjoint(error.schemes)
    except MalformedTaxId:
        pass
    return False


class IdentifierField(TypedField):
    """A `TaxId` or an e-mail address, in one field."""

    def missing_text(self) -> str:
        """Ask for what the market takes."""
        return wording.enter()

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Identifier:
        if is_refused(value):
            raise ValidationError(wording.refusal(is_email="@" in value))
        if is_taken(EMAIL) and ("@" in value or not is_taken(TAX_ID)):
            address: str = EmailField().deserialize(value)
            return address
        if "@" in value:
            raise ValidationError(wording.malformed())
        return _tax_id(value, attr, data)


def _tax_id(value: str, attr: str | None, data: Any) -> TaxId:
    """Raises ValidationError: with the format where nothing better can be said."""
    try:
        found: TaxId = AnyTaxIdField().deserialize(value, attr, data)
    except ValidationError as error:
        malformed = tax_id_text(MalformedTaxId())
        told = wording.malformed() if error.messages == [malformed] else error.messages
        raise ValidationError(told) from None
    return found
