"""What a person agreed that an application may know, until they take it back."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from idp.accounts.models import Account
from idp.audit import Event, record
from idp.extensions import db
from idp.oauth.clients import RegisteredClient
from idp.oauth.models import Authorization, Client, Consent


def covers(account: Account, client: RegisteredClient, scopes: Iterable[str]) -> bool:
    """Whether the person agreed to at least this much before."""
    agreed = db.session.scalar(
        select(Consent.scopes).where(
            Consent.account_id == account.id,
            Consent.client_id == client.key,
            Consent.withdrawn_at.is_(None),
        )
    )
    return agreed is not None and set(scopes) <= set(agreed)


def give(
    account: Account, client: RegisteredClient, scopes: Iterable[str], *, at: datetime
) -> None:
    """Remember the agreement, together with what was agreed to before."""
    scopes = set(scopes)
    statement = insert(Consent).values(
        account_id=account.id, client_id=client.key, scopes=sorted(scopes), given_at=at
    )
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["account_id", "client_id"],
            index_where=Consent.withdrawn_at.is_(None),
            set_={"scopes": Consent.scopes.op("||")(sorted(scopes - _agreed(account, client)))},
        )
    )
    record(
        Event.CONSENT_GIVEN,
        by=account.actor,
        account=account.public_id,
        client=client.client_id,
        scopes=sorted(scopes),
    )


def withdraw(account: Account, client: Client, *, at: datetime) -> bool:
    """Take it back: every token of this application for this person ends with it."""
    withdrawn = db.session.execute(
        update(Consent)
        .where(
            Consent.account_id == account.id,
            Consent.client_id == client.id,
            Consent.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=at)
        .returning(Consent.id)
    ).first()
    db.session.execute(
        update(Authorization)
        .where(
            Authorization.account_id == account.id,
            Authorization.client_id == client.id,
            Authorization.revoked_at.is_(None),
        )
        .values(revoked_at=at)
    )
    if withdrawn is None:
        return False
    record(
        Event.CONSENT_WITHDRAWN,
        by=account.actor,
        account=account.public_id,
        client=client.client_id,
    )
    return True


def _agreed(account: Account, client: RegisteredClient) -> set[str]:
    return set(
        db.session.scalar(
            select(Consent.scopes).where(
                Consent.account_id == account.id,
                Consent.client_id == client.key,
                Consent.withdrawn_at.is_(None),
            )
        )
        or ()
    )
