"""Which applications are told that a session is over: those that registered an address for it and
were let in during it (Back-Channel Logout section 2.5).

Written in the transaction of the end itself, however the session ends.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import insert, select

from idp.accounts.models import Account
from idp.accounts.signals import sessions_ended
from idp.extensions import db
from idp.listener import announce
from idp.oauth import clients
from idp.oauth.logout.models import LogoutNotice
from idp.oauth.models import Authorization, Client
from idp.oauth.subjects import names

CHANNEL = "logout_noticed"

Opened = tuple[str, str, str]  # client id, `sid`, tax id


@sessions_ended.connect
def write(_sender: Any, *, session_ids: Sequence[int], at: datetime) -> None:
    """One row for each application and `sid`. Whether its tokens still held doesn't matter: it may
    have a session of its own all the same."""
    times = {"created_at": at, "due_at": at, "attempts": 0}
    rows = [{**row, **times} for row in _rows(_opened_in(session_ids))] if session_ids else []
    if rows:
        db.session.execute(insert(LogoutNotice), rows)
        announce(CHANNEL)


def _opened_in(session_ids: Sequence[int]) -> list[Opened]:
    """Sorted by client. A session that renewed another has the authorizations of both, each with
    the `sid` that its client was told."""
    rows = db.session.execute(
        select(Client.client_id, Authorization.sid, Account.tax_id)
        .distinct()
        .join(Client, Client.id == Authorization.client_id)
        .join(Account, Account.id == Authorization.account_id)
        .where(
            Authorization.session_id.in_(session_ids),
            Client.disabled_at.is_(None),
            Client.metadata_["backchannel_logout_uri"].astext != "",
        )
        .order_by(Client.client_id)
    )
    return [(client_id, sid, str(tax_id)) for client_id, sid, tax_id in rows]


def _rows(opened: list[Opened]) -> Iterator[dict[str, Any]]:
    for client_id, sessions in groupby(opened, key=lambda each: each[0]):
        client = clients.find(client_id)
        if client is None:  # disabled this moment
            continue
        people = [(sid, tax_id) for _client, sid, tax_id in sessions]
        told = names.names_for((tax_id for _sid, tax_id in people), client)
        for sid, tax_id in people:
            yield {"client_id": client.key, "subject": told[tax_id], "sid": sid}
