"""Who may see and do what, now: computed when asked, from the grants and today's registry.

Own installations count when the account has proven that it is the holder and isn't locked. A grant
counts while each link of its chain, from the holder down, is active, before its end date and with
neither party locked; for those installations that all links cover and that still stand in the
holder's name; at the least level of them. Nothing is copied.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import TextClause

from idp.extensions import db
from idp.grants.access import Access
from idp.grants.introspection import still_effective
from idp.grants.models import Level, Relation
from idp.grants.statements import ALL, BY_CODES, BY_INSTALLATION, TOTALS
from idp.taxids import TaxId

__all__ = [
    "Access",
    "Seer",
    "Total",
    "access_filtered",
    "access_of",
    "may",
    "reasons",
    "still_effective",
    "totals_of",
]

Ask = Callable[[TextClause, Mapping[str, Any]], Iterable[Any]]

DEFAULT_LIMIT = 50  # installations that a token may carry inline, by default


@dataclass(frozen=True, slots=True)
class Total:
    """How much a person may see in one relation, from counters."""

    relation: Relation
    count: int  # installations
    version: int  # rises with every change of what the person may see in this relation


class Seer(Protocol):
    """An account, or a row with its columns."""

    @property
    def id(self) -> int: ...
    @property
    def tax_id(self) -> TaxId: ...


def in_session(statement: TextClause, parameters: Mapping[str, Any]) -> Iterable[Any]:
    """Ask within the request's own transaction, and so of what it has written, too. `reads.rows`
    is quicker where it has written nothing."""
    return db.session.execute(statement, parameters)


def access_of(account_id: int, tax_id: TaxId, *, at: datetime, limit: int) -> list[Access]:
    """All that the account may see, own installations first, then grants in order of age.

    At most `limit` + 1 grants are read, and installations only where there are no more than
    `limit` in all, so the cost does not follow the size of a holding. Where there are more, none
    is named, grants beyond the first may be missing, and the counts come to more than `limit`: see
    `totals_of`.
    """
    asked = _all(account_id, tax_id, None, writing=False, at=at, limit=limit)
    return _found(in_session(ALL, asked))


def totals_of(
    account_id: int,
    *,
    at: datetime,
    holder: TaxId | None = None,
    actions: Sequence[str] | None = None,
    ask: Ask = in_session,
) -> list[Total]:
    """How much there is in each relation, where `access_of` would not name all of it.

    `holder` and `actions` narrow it as they do in `access_filtered`.
    """
    asked = {
        "account": account_id,
        "at": at,
        "holder": None if holder is None else str(holder),
        "writing": _is_writing(actions),
    }
    return [
        Total(Relation(row.relation), row.total, row.version)
        for row in ask(TOTALS, asked)
        if row.total
    ]


def access_filtered(
    account: Seer,
    *,
    at: datetime,
    holder: TaxId | None = None,
    installations: Sequence[str] | None = None,
    actions: Sequence[str] | None = None,
    limit: int = DEFAULT_LIMIT,
    ask: Ask = in_session,
) -> list[Access]:
    """What of a request (RFC 9396) is really allowed: empty when nothing is.

    `holder`, `installations` (codes) and `actions` narrow it; None leaves that part open. With
    `installations` every one that is allowed comes back, else as `access_of` with its `limit`.
    """
    if installations is None:
        writing = _is_writing(actions)
        everything = _all(account.id, account.tax_id, holder, writing=writing, at=at, limit=limit)
        found = _found(ask(ALL, everything))
    else:
        named = {
            "account": account.id,
            "tax_id": str(account.tax_id),
            "holder": None if holder is None else str(holder),
            "at": at,
            "codes": list(installations),
        }
        found = _found(ask(BY_CODES, named))
    if actions is None:
        return found
    narrowed = (replace(access, narrowed_to=tuple(actions)) for access in found)
    return [access for access in narrowed if access.actions]


def reasons(account_id: int, installation_id: int, at: datetime) -> list[Access]:
    """Every reason why the account may see this installation; own ones first."""
    asked = {"account": account_id, "installation": installation_id, "at": at}
    return _found(in_session(BY_INSTALLATION, asked))


def may(account_id: int, installation_id: int, action: str, at: datetime) -> Access | None:
    """The first reason that allows `action` (`read` or `write`) there, or None."""
    found: Iterable[Access] = reasons(account_id, installation_id, at)
    return next((access for access in found if action in access.actions), None)


def _is_writing(actions: Sequence[str] | None) -> bool:
    """Whether reading alone is of no use."""
    return actions is not None and "read" not in actions


def _all(
    account_id: int,
    tax_id: TaxId,
    holder: TaxId | None,
    *,
    writing: bool,
    at: datetime,
    limit: int,
) -> dict[str, Any]:
    return {
        "account": account_id,
        "tax_id": str(tax_id),
        "holder": None if holder is None else str(holder),
        "writing": writing,
        "at": at,
        "limit": limit + 1,
    }


def _found(rows: Iterable[Any]) -> list[Access]:
    return [_access(row) for row in rows]


def _access(row: Any) -> Access:
    return Access(
        relation=Relation(row.relation),
        holder=TaxId.parse_canonical(row.holder),
        level=Level(row.level),
        installations=tuple(row.codes or ()),
        grant_id=row.grant_id,
        grant_chain=tuple(row.links or ()),
        expires_at=row.expires_at,
        count=row.total,
    )
