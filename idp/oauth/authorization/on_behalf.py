"""On whose behalf an application acts that is registered for one holder at a time.

The request names the holder (RFC 9396) or installations of one, or there is only one, or the person
picks; the pick is remembered for this application until the browser session ends.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from idp.accounts.models import Account, BrowserSession
from idp.extensions import db
from idp.grants import holders
from idp.grants.effective import access_filtered
from idp.oauth.authorization.authorization_details import Asked
from idp.oauth.authorization.models import HolderChoice
from idp.oauth.authorization.requests import AuthorizationRequest
from idp.oauth.clients import RegisteredClient
from idp.taxids import TaxId


@dataclass(frozen=True, slots=True)
class Behalf:
    """Whose installations the tokens of a request may speak of."""

    holder: TaxId | None  # None: everybody's, or whom the person has yet to pick
    may_pick: bool  # the person has a say: the request names nobody, and there is somebody to pick

    @property
    def is_open(self) -> bool:
        """Whether the person has to pick."""
        return self.may_pick and self.holder is None


EVERYBODY = Behalf(holder=None, may_pick=False)


def settle(asked: AuthorizationRequest, session: BrowserSession | None, *, at: datetime) -> Behalf:
    """What is known before the person is asked anything."""
    if session is None or not asked.wants_one_holder:
        return EVERYBODY
    named = asked.holder or _sole_holder(asked.installations, session.account, at)
    if named is not None:
        return Behalf(named, may_pick=False)
    chosen = _find_choice(session, asked.client)
    if chosen is not None and holders.find_of(session.account_id, chosen, at=at):
        return Behalf(chosen, may_pick=True)
    possible = holders.page_of(session.account_id, at=at, limit=2)
    if not possible:  # what comes to them later is not to widen these tokens
        return Behalf(session.account.tax_id, may_pick=False)
    return Behalf(possible[0].holder if len(possible) == 1 else None, may_pick=True)


def narrowed(details: Iterable[Asked], holder: TaxId | None) -> list[Asked]:
    """The details of a request, with the holder put in where they leave it open."""
    return [
        replace(detail, holder=holder) if detail.holder is None else detail for detail in details
    ]


def choose(
    session: BrowserSession, client: RegisteredClient, holder: TaxId, *, at: datetime
) -> None:
    """Remember whom the person picked, in place of whom they picked before."""
    picked = {"holder_tax_id": holder, "chosen_at": at}
    statement = insert(HolderChoice).values(session_id=session.id, client_id=client.key, **picked)
    db.session.execute(
        statement.on_conflict_do_update(index_elements=["session_id", "client_id"], set_=picked)
    )


def _sole_holder(codes: Sequence[str], account: Account, at: datetime) -> TaxId | None:
    """Whose these installations are, as far as the person may see them, if all are one holder's."""
    if not codes:
        return None
    found = {each.holder for each in access_filtered(account, at=at, installations=codes)}
    return found.pop() if len(found) == 1 else None


def _find_choice(session: BrowserSession, client: RegisteredClient) -> TaxId | None:
    return db.session.scalar(
        select(HolderChoice.holder_tax_id).where(
            HolderChoice.session_id == session.id, HolderChoice.client_id == client.key
        )
    )
