"""What an application learns of a person, scope by scope (OpenID Connect Core section 5)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Protocol

from idp.taxids import TaxId


class Person(Protocol):
    """An account, or a row with the same columns."""

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
    person: Person, scopes: Collection[str], grants: Sequence[Claims] | None
) -> Claims:
    """Everything that the scopes open; `grants` is None when that scope was not granted."""
    return _claims(person, BY_SCOPE, scopes, grants)


def in_id_token(person: Person, scopes: Collection[str], grants: Sequence[Claims] | None) -> Claims:
    """What says who this is and for whom they act. Core 5.4: with an access token at hand, the
    claims of `profile`, `email` and `phone` are to be had from UserInfo."""
    return _claims(person, {name: BY_SCOPE[name] for name in IN_ID_TOKEN}, scopes, grants)


def _claims(
    person: Person,
    by_scope: Mapping[str, Callable[[Person], Claims]],
    scopes: Collection[str],
    grants: Sequence[Claims] | None,
) -> Claims:
    claims: Claims = {"sub": str(person.tax_id)}
    for scope, read in by_scope.items():
        if scope in scopes:
            claims.update(read(person))
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
        "tax_id": _tax_id,
        "assurance": _assurance,
    }
)
IN_ID_TOKEN = ("tax_id", "assurance")
