"""What a person agreed that an application may know, until they take it back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import ScalarSelect, func, select, update
from sqlalchemy.dialects.postgresql import insert

from idp.accounts.models import Account
from idp.audit import Event, record
from idp.errors import NotFound
from idp.extensions import db
from idp.oauth.authorization.models import Consent
from idp.oauth.clients import RegisteredClient
from idp.oauth.models import Authorization, Client, RefreshToken
from idp.oauth.subjects import PAIRWISE


def covers(account: Account, client: RegisteredClient, scopes: Iterable[str]) -> bool:
    """Whether the person agreed to at least this much before."""
    agreed = _find_agreed(account, client)
    return agreed is not None and agreed.issuperset(scopes)


def give(
    account: Account, client: RegisteredClient, scopes: Iterable[str], *, at: datetime
) -> None:
    """Remember the agreement, together with what was agreed to before."""
    scopes = set(scopes)
    more = sorted(scopes - (_find_agreed(account, client) or set()))
    statement = insert(Consent).values(
        account_id=account.id, client_id=client.key, scopes=sorted(scopes), given_at=at
    )
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["account_id", "client_id"],
            index_where=Consent.withdrawn_at.is_(None),
            set_={"scopes": Consent.scopes.op("||")(more)},
        )
    )
    record(
        Event.CONSENT_GIVEN,
        by=account.actor,
        account=account.public_id,
        client=client.client_id,
        scopes=sorted(scopes),
    )


@dataclass(frozen=True, slots=True)
class Given:
    """An agreement in force, as its giver sees it."""

    client_id: str
    client_name: str
    is_pairwise: bool  # it is told a name of its own in place of the tax id
    scopes: tuple[str, ...]
    given_at: datetime
    used_at: datetime | None  # when it last got tokens; None: it never did, or long ago


def given_by(account: Account) -> list[Given]:
    """Every agreement of this person that is in force, the latest first."""
    rows = db.session.execute(
        select(
            Client.client_id,
            Client.metadata_["client_name"].astext,
            func.coalesce(Client.metadata_["subject_type"].astext == PAIRWISE, False),
            Consent.scopes,
            Consent.given_at,
            _used_at(),
        )
        .join(Client, Client.id == Consent.client_id)
        .where(Consent.account_id == account.id, Consent.withdrawn_at.is_(None))
        .order_by(Consent.given_at.desc(), Consent.id)
    )
    return [
        Given(client_id, name, is_pairwise, tuple(scopes), *times)
        for client_id, name, is_pairwise, scopes, *times in rows
    ]


def get_given(account: Account, client_id: str) -> Given:
    """The agreement with one application; raises `NotFound`."""
    for each in given_by(account):
        if each.client_id == client_id:
            return each
    raise NotFound()


def withdraw(account: Account, client_id: str, *, at: datetime) -> bool:
    """Take it back: every token of this application for this person ends with it. False if nothing
    was agreed to."""
    client = select(Client.id).where(Client.client_id == client_id).scalar_subquery()
    withdrawn = db.session.execute(
        update(Consent)
        .where(
            Consent.account_id == account.id,
            Consent.client_id == client,
            Consent.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=at)
        .returning(Consent.id)
    ).first()
    _end_authorizations(account, client, at)
    if withdrawn is None:
        return False
    record(
        Event.CONSENT_WITHDRAWN,
        by=account.actor,
        account=account.public_id,
        client=client_id,
    )
    return True


def _used_at() -> ScalarSelect[datetime]:
    """The latest sign-in or refresh of this client for this person: a refresh token is made anew by
    each use, or (where it isn't rotated) lives on from there."""
    idle = timedelta(seconds=current_app.config["REFRESH_TOKEN_IDLE_SECONDS"])
    refreshed = (
        select(
            func.greatest(
                func.max(RefreshToken.created_at), func.max(RefreshToken.expires_at) - idle
            )
        )
        .where(RefreshToken.authorization_id == Authorization.id)
        .correlate(Authorization)
        .scalar_subquery()
    )
    return (
        select(func.max(func.greatest(Authorization.created_at, refreshed)))
        .where(
            Authorization.account_id == Consent.account_id,
            Authorization.client_id == Consent.client_id,
        )
        .correlate(Consent)
        .scalar_subquery()
    )


def _find_agreed(account: Account, client: RegisteredClient) -> set[str] | None:
    agreed = db.session.scalar(
        select(Consent.scopes).where(
            Consent.account_id == account.id,
            Consent.client_id == client.key,
            Consent.withdrawn_at.is_(None),
        )
    )
    return None if agreed is None else set(agreed)


def _end_authorizations(account: Account, client: ScalarSelect[int], at: datetime) -> None:
    db.session.execute(
        update(Authorization)
        .where(
            Authorization.account_id == account.id,
            Authorization.client_id == client,
            Authorization.revoked_at.is_(None),
        )
        .values(revoked_at=at)
    )
