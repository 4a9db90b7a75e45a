"""What of a grant a delegate's token opens, and what of that still stands: never more than either.

A token opens a grant that it names, all that its `grants` say where those are too many to name,
and nothing else: an application that was not let see a grant can't act by it either.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from flask import current_app

from idp.grants import delegated
from idp.grants.claims import inline_or_set, to_claim
from idp.grants.delegated import Delegated
from idp.grants.effective import still_effective
from idp.oauth.authorization.authorization_details import Asked, Detail


def find(grant_id: str, *, account_id: int, at: datetime) -> Delegated | None:
    """The grant, if it is this account's and stands with every link above it."""
    limit = current_app.config["INLINE_INSTALLATIONS"]
    return delegated.find(grant_id, account_id=account_id, at=at, limit=limit)


def detail_of(
    grant: Delegated, opened: Sequence[Detail], asked: Asked | None, *, at: datetime
) -> Detail | None:
    """The one object of the new token: what of the grant the actor token's details open, narrowed
    to what is `asked`, as it holds now; None when nothing is left."""
    access = grant.access
    named = next((each for each in opened if each.get("grant_id") == access.grant_id), None)
    if named is None and not any(_is_set_over(each, grant) for each in opened):
        return None
    if asked is not None and asked.holder not in (None, access.holder):
        return None
    opens: Detail = named or {}
    codes = _both(opens.get("installations"), asked.installations if asked else None)
    actions = _both(opens.get("actions"), asked.actions if asked else None)
    narrowed = access if actions is None else replace(access, narrowed_to=tuple(actions))
    if not narrowed.actions:
        return None
    if codes is None:
        return _whole(replace(grant, access=narrowed))
    wanted = {**to_claim(narrowed), "installations": codes}
    left = still_effective(grant.grantees[-1].account_id, [wanted], at=at)
    return left[0] if left else None


def _whole(grant: Delegated) -> Detail:
    config = current_app.config
    return inline_or_set(
        grant.access,
        grant.version,
        inline_installations=config["INLINE_INSTALLATIONS"],
        inline_bytes=config["INLINE_BYTES"],
        issuer=config["ISSUER"],
    )


def _is_set_over(detail: Detail, grant: Delegated) -> bool:
    """Whether the grant is among those that this set counts."""
    access = grant.access
    return (
        detail.get("type") == "installation_set"
        and detail.get("relation") == access.relation.value
        and detail.get("holder") in (None, str(access.holder))
        and detail.get("grant_id") in (None, access.grant_id)
    )


def _both(opened: Sequence[str] | None, asked: Sequence[str] | None) -> list[str] | None:
    """What both allow, in the order of the first; None where neither says anything."""
    if opened is None or asked is None:
        only = asked if opened is None else opened
        return None if only is None else list(only)
    return [each for each in opened if each in asked]
