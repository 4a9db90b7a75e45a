"""Codes and refresh tokens as the token endpoint reads them: rows of one statement, no objects of a
session. Each class has its columns in the order of its members, see `statements`."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, ClassVar, Protocol, Self

from idp.accounts.models import Account
from idp.oauth.authorization.authorization_details import Detail
from idp.oauth.authorization.claims_requests import Kept
from idp.oauth.clients import RegisteredClient
from idp.taxids import TaxId


@dataclass(frozen=True, slots=True)
class Owner:
    """Who let the application do it: the columns of the account that claims are made of."""

    id: int
    tax_id: TaxId
    name: str
    email: str
    landline: str
    mobile: str
    locale: str
    assurance: str


class Authorized(Protocol):
    """An `Authorization`, or a row with its columns."""

    @property
    def id(self) -> int: ...
    @property
    def public_id(self) -> str: ...
    @property
    def scope(self) -> str: ...
    @property
    def resource(self) -> str: ...
    @property
    def auth_time(self) -> datetime: ...
    @property
    def acr(self) -> str: ...
    @property
    def amr(self) -> list[str]: ...
    @property
    def sid(self) -> str: ...
    @property
    def authorization_details(self) -> list[Detail] | None: ...
    @property
    def claims_requested(self) -> Kept | None: ...
    @property
    def holder_tax_id(self) -> TaxId | None: ...
    @property
    def expires_at(self) -> datetime: ...
    @property
    def account(self) -> Account | Owner: ...


@dataclass(frozen=True, slots=True)
class Standing:
    """An authorization that stands."""

    account: Owner
    holder_tax_id: TaxId | None
    id: int
    public_id: str
    client_id: int
    scope: str
    resource: str
    nonce: str
    auth_time: datetime
    acr: str
    amr: list[str]
    sid: str
    authorization_details: list[Detail] | None
    claims_requested: Kept | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Code:
    """A code that is good, as Authlib asks it."""

    authorization: Standing
    code_hash: bytes
    redirect_uri: str
    redirect_uri_given: bool
    code_challenge: str
    dpop_jkt: str | None

    code_challenge_method: ClassVar[str] = "S256"  # the only one that was ever accepted

    def get_redirect_uri(self) -> str | None:
        """What the token request has to repeat."""
        return self.redirect_uri if self.redirect_uri_given else None

    def get_scope(self) -> str:
        """What was granted."""
        return self.authorization.scope

    @classmethod
    def of(cls, row: Sequence[Any]) -> Self:
        """From a row of `statements.CODE`."""
        return cls(_standing(row), *row[WIDTH:])


@dataclass(frozen=True, slots=True)
class Refresh:
    """A refresh token that is good, as Authlib asks it."""

    authorization: Standing
    token_hash: bytes
    scope: str
    dpop_jkt: str | None

    def check_client(self, client: RegisteredClient) -> bool:
        """Whether it was issued to this one."""
        return self.authorization.client_id == client.key

    def get_scope(self) -> str:
        """What may be asked for with it."""
        return self.scope

    @classmethod
    def of(cls, row: Sequence[Any]) -> Self:
        """From a row of `statements.REFRESH_TOKEN`."""
        return cls(_standing(row), *row[WIDTH:])


def columns_of(model: Any, kind: Any) -> list[Any]:
    """The columns that `kind` has members for, under names that no other kind's have."""
    return [
        getattr(model, each.name).label(f"{kind.__name__.lower()}_{each.name}")
        for each in fields(kind)
        if each.name not in WHOLE
    ]


WHOLE = frozenset({"account", "authorization"})  # rows of their own
OWN = len(fields(Standing)) - 1
WIDTH = OWN + len(fields(Owner))


def _standing(row: Sequence[Any]) -> Standing:
    holder, *told = row[:OWN]
    identity, tax_id, *rest = row[OWN:WIDTH]
    only = None if holder is None else TaxId.stored(holder)
    owner = Owner(identity, TaxId.stored(tax_id), *rest)
    return Standing(owner, only, *told)
