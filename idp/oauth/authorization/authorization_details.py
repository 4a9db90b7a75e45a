"""Rich authorization requests (RFC 9396): read what a client asks for, work out what it gets.

One type, `installation_access`, with `holder`, `installations`, `actions` and `locations`, each
optional: what is left out is open. What is granted has the shape of `grants.claims`.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from flask import current_app

from idp.accounts.models import Account
from idp.grants import claims as grant_claims
from idp.grants.effective import (
    Access,
    Ask,
    Seer,
    Total,
    access_filtered,
    in_session,
    still_effective,
    totals_of,
)
from idp.oauth import subjects
from idp.oauth.clients import RegisteredClient
from idp.oauth.errors import InvalidAuthorizationDetails
from idp.taxids import MalformedTaxId, TaxId

TYPE = "installation_access"
ACTIONS = ("read", "write")
MAXIMUM_DETAILS = 20
MAXIMUM_INSTALLATIONS = 100
MAXIMUM_CODE = 64
NO_LIMIT = 1_000_000_000

Detail = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """One object of the request; None leaves that part open."""

    holder: TaxId | None
    installations: tuple[str, ...] | None
    actions: tuple[str, ...] | None
    locations: tuple[str, ...] | None


def parse(text: str, client: RegisteredClient) -> tuple[Asked, ...]:
    """The request's objects, in which `client` names holders as it was told of them.

    Raises `InvalidAuthorizationDetails` (RFC 9396 section 5).
    """
    try:
        objects = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidAuthorizationDetails() from error
    if not isinstance(objects, list) or not 0 < len(objects) <= MAXIMUM_DETAILS:
        raise InvalidAuthorizationDetails()
    return tuple(_asked(each) for each in _by_tax_id(objects, client))


def grantable(asked: Iterable[Asked], account: Account, *, at: datetime) -> list[Detail]:
    """What of the request this person can give: empty when nothing is theirs to give."""
    granted: list[Detail] = []
    for each in asked:
        found = access_filtered(
            account,
            at=at,
            holder=each.holder,
            installations=each.installations,
            actions=each.actions,
            limit=current_app.config["INLINE_INSTALLATIONS"],
        )
        totals = partial(totals_of, account.id, at=at, holder=each.holder, actions=each.actions)
        described = _described(found, totals, each.holder)
        granted += [detail for detail in described if detail not in granted]
    return granted


def of_account(
    account: Seer, *, holder: TaxId | None, at: datetime, ask: Ask = in_session
) -> list[Detail]:
    """Everything the person may see now, of `holder` alone unless None: the `grants` claim."""
    limit = current_app.config["INLINE_INSTALLATIONS"]
    found = access_filtered(account, at=at, holder=holder, limit=limit, ask=ask)
    totals = partial(totals_of, account.id, at=at, holder=holder, ask=ask)
    return _described(found, totals, holder)


def everything_of(account: Seer, *, holder: TaxId | None, at: datetime) -> list[Detail]:
    """The same one by one, however many they are."""
    found = access_filtered(account, at=at, holder=holder, limit=NO_LIMIT)
    return [grant_claims.to_claim(access) for access in found]


def still_granted(granted: Sequence[Detail], account: Seer, *, at: datetime) -> list[Detail]:
    """What of that is left now: never more than was agreed to, never more than is allowed."""
    return still_effective(account.id, granted, at=at)


def _described(
    found: Sequence[Access], totals: Callable[[], Sequence[Total]], holder: TaxId | None
) -> list[Detail]:
    config = current_app.config
    return grant_claims.describe(
        found,
        totals,
        inline_installations=config["INLINE_INSTALLATIONS"],
        inline_bytes=config["INLINE_BYTES"],
        issuer=config["ISSUER"],
        holder=holder,
    )


def _by_tax_id(objects: Sequence[object], client: RegisteredClient) -> Sequence[object]:
    """An application that may know no tax ids learns nothing by naming one either."""
    if not subjects.is_pairwise(client):
        return objects
    named = [each for each in objects if isinstance(each, dict) and "holder" in each]
    if not all(isinstance(each["holder"], str) for each in named):
        raise InvalidAuthorizationDetails()
    known = subjects.find({each["holder"] for each in named}, client)
    if not all(each["holder"] in known for each in named):
        raise InvalidAuthorizationDetails()
    return [
        {**each, "holder": known[each["holder"]]} if each in named else each for each in objects
    ]


def _asked(detail: object) -> Asked:
    if not isinstance(detail, dict) or detail.get("type") != TYPE:
        raise InvalidAuthorizationDetails()
    if not set(detail) <= {"type", "holder", "installations", "actions", "locations"}:
        raise InvalidAuthorizationDetails()
    return Asked(
        holder=_holder(detail["holder"]) if "holder" in detail else None,
        installations=_texts(detail, "installations", _is_code),
        actions=_texts(detail, "actions", ACTIONS.__contains__),
        locations=_texts(detail, "locations", _is_location),
    )


def _holder(value: object) -> TaxId:
    if not isinstance(value, str):
        raise InvalidAuthorizationDetails()
    try:
        return TaxId.parse_canonical(value)
    except MalformedTaxId as error:
        raise InvalidAuthorizationDetails() from error


def _texts(
    detail: dict[str, object], name: str, is_good: Callable[[str], bool]
) -> tuple[str, ...] | None:
    if name not in detail:
        return None
    values = detail[name]
    if not isinstance(values, list) or not 0 < len(values) <= MAXIMUM_INSTALLATIONS:
        raise InvalidAuthorizationDetails()
    if not all(isinstance(each, str) and is_good(each) for each in values):
        raise InvalidAuthorizationDetails()
    return tuple(dict.fromkeys(values))


def _is_code(value: str) -> bool:
    return 0 < len(value) <= MAXIMUM_CODE and value.isascii() and value.isprintable()


def _is_location(value: str) -> bool:
    return value.isascii() and value.isprintable()
