"""What an application learns of a person, scope by scope (OpenID Connect Core section 5)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Protocol

from idp.oauth.authorization import claims_requests
from idp.oauth.authorization.claims_requests import Place, Requested
from idp.oauth.scopes import GRANTS, SCOPES
from idp.oauth.tokens import addresses
from idp.taxids import TaxId


class Person(Protocol):
    """An account, or a row with the same columns."""

    @property
    def id(self) -> int: ...
    @property
    def tax_id(self) -> TaxId: ...
    @property
    def name(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def landline(self) -> str: ...
    @property
    def mobile(self) -> str: ...
    @property
    def locale(self) -> str: ...
    @property
    def assurance(self) -> str: ...


Claims = dict[str, Any]


def in_user_info(
    person: Person,
    scopes: Collection[str],
    requested: Requested | None,
    grants: Sequence[Claims] | None,
) -> Claims:
    """Everything that the scopes open, and what was asked for by name (Core 5.5); `grants` is None
    when neither was granted."""
    return _claims(person, scopes, claims_requests.names(requested, "userinfo"), grants)


def in_id_token(
    person: Person,
    scopes: Collection[str],
    requested: Requested | None,
    grants: Sequence[Claims] | None,
) -> Claims:
    """What says who this is and for whom they act, and what was asked for by name. Core 5.4: with
    an access token at hand, all else is to be had from UserInfo."""
    opened = [scope for scope in IN_ID_TOKEN if scope in scopes]
    return _claims(person, opened, claims_requests.names(requested, "id_token"), grants)


def are_grants_wanted(scopes: Collection[str], requested: Requested | None, place: Place) -> bool:
    """Whether the `grants` claim goes there."""
    return GRANTS in scopes or GRANTS in claims_requests.names(requested, place)


def _claims(
    person: Person,
    scopes: Collection[str],
    names: frozenset[str],
    grants: Sequence[Claims] | None,
) -> Claims:
    claims: Claims = {"sub": str(person.tax_id)}
    for scope, read in BY_SCOPE.items():
        if scope in scopes:
            claims.update(read(person))
        elif not names.isdisjoint(SCOPES[scope]):
            claims.update({name: each for name, each in read(person).items() if name in names})
    if grants is not None:
        claims["grants"] = list(grants)
    return claims


def _profile(person: Person) -> Claims:
    return {"name": person.name, "locale": person.locale}


def _email(person: Person) -> Claims:
    return {"email": person.email, "email_verified": True}  # an account exists by that click


def _phone(person: Person) -> Claims:
    number = person.mobile or person.landline
    return {"phone_number": number, "phone_number_verified": False} if number else {}


def _address(person: Person) -> Claims:
    address = addresses.find(person)
    return {"address": address} if address else {}


def _tax_id(person: Person) -> Claims:
    compatible = person.tax_id.compat_claim
    also = {compatible: person.tax_id.value} if compatible else {}
    return {"tax_id": person.tax_id.claims(), **also}


def _assurance(person: Person) -> Claims:
    return {"assurance": str(person.assurance)}


BY_SCOPE: Mapping[str, Callable[[Person], Claims]] = MappingProxyType(
    {
        "profile": _profile,
        "email": _email,
        "phone": _phone,
        "address": _address,
        "tax_id": _tax_id,
        "assurance": _assurance,
    }
)
IN_ID_TOKEN = ("tax_id", "assurance")
