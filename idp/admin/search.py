"""Find accounts, grants and invitations from whatever a caller can name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, select, union
from sqlalchemy.orm import joinedload

from idp.accounts.models import Account
from idp.admin.newest import PER_PAGE, Newest, newest, way
from idp.admin.terms import Term
from idp.extensions import db
from idp.grants.models import Grant, GrantInstallation
from idp.invitations.models import Invitation, InvitationInstallation
from idp.registry.models import Installation
from idp.taxids import TaxId

# As many people of one name as anybody leafs through: the list says that there are more.
MOST_ACCOUNTS = 200
MOST_PAGES = 50

PARTIES = (
    joinedload(Grant.grantee, innerjoin=True),
    joinedload(Grant.granted_by),
    joinedload(Grant.holder, innerjoin=True),
)
INVITER = (joinedload(Invitation.inviter),)


@dataclass(frozen=True, slots=True)
class Found:
    """One page of each list; `more` says whether any of them goes on."""

    accounts: list[Account]
    grants: list[Grant]
    invitations: list[Invitation]
    more: bool

    @property
    def nothing(self) -> bool:
        """Whether the term leads nowhere."""
        return not (self.accounts or self.grants or self.invitations)


@dataclass(frozen=True, slots=True)
class Clues:
    """What the registry and the accounts add to a term: whose it is, which installations."""

    accounts: Sequence[int]
    tax_ids: Sequence[TaxId]
    installations: Sequence[int]


def search(term: Term, *, page: int = 1) -> Found:
    """Page `page` (from 1) of everything that any reading of `term` leads to."""
    skip = (min(max(page, 1), MOST_PAGES) - 1) * PER_PAGE
    clues = _clues(term)
    accounts, more_accounts = _accounts(term, skip)
    grants = newest(Grant, _ways_to_grants(term, clues), options=PARTIES, skip=skip)
    invitations: Newest[Invitation] = newest(
        Invitation,
        _ways_to_invitations(term, clues),
        options=INVITER,
        skip=skip,
    )
    more = more_accounts or grants.older is not None or invitations.older is not None
    return Found(accounts, grants.rows, invitations.rows, more)


def _spellings(code: str) -> list[str]:
    return sorted({code, code.upper()})


def _clues(term: Term) -> Clues:
    """Two short lookups; a name leads to accounts only, and those lead on to everything else."""
    owners: list[ColumnElement[bool]] = []
    if term.tax_ids:
        owners.append(Account.tax_id.in_(term.tax_ids))
    if term.email:
        owners.append(Account.email == term.email)
    accounts = [
        number
        for condition in owners
        for number in db.session.scalars(select(Account.id).where(condition).limit(PER_PAGE))
    ]
    installations = (
        db.session.scalars(
            select(Installation.id)
            .where(Installation.code.in_(_spellings(term.code)))
            .limit(PER_PAGE)
        ).all()
        if term.code
        else []
    )
    return Clues(accounts, term.tax_ids, installations)


def _accounts(term: Term, skip: int) -> tuple[list[Account], bool]:
    ways = [select(Account.id).where(each).limit(MOST_ACCOUNTS) for each in _account_tests(term)]
    if not ways:
        return [], False
    ids = union(*ways).subquery()
    found = db.session.scalars(
        select(Account)
        .where(Account.id.in_(select(ids.c[0])))
        .order_by(func.lower(Account.name), Account.id)
        .offset(skip)
        .limit(PER_PAGE + 1)
    ).all()
    return list(found[:PER_PAGE]), len(found) > PER_PAGE


def _account_tests(term: Term) -> list[ColumnElement[bool]]:
    tests: list[ColumnElement[bool]] = []
    if term.reference.startswith("a_"):
        tests.append(Account.public_id == term.reference)
    if term.tax_ids:
        tests.append(Account.tax_id.in_(term.tax_ids))
    if term.email:
        tests.append(Account.email == term.email)
    if term.code:
        holders = select(Installation.holder_tax_id).where(
            Installation.code.in_(_spellings(term.code))
        )
        tests.append(Account.tax_id.in_(holders))
    if term.name:
        prefix = re.sub(r"([\\%_])", r"\\\1", term.name)
        named = func.lower(Account.name).like(func.lower(prefix + "%"))
        tests.append(and_(named, Account.erased_at.is_(None)))
    return tests


def _ways_to_grants(term: Term, clues: Clues) -> list[Select[tuple[int]]]:
    ways = [way(Grant.id, Grant.holder_tax_id == tax_id) for tax_id in clues.tax_ids]
    ways += [way(Grant.id, Grant.grantee_id == account) for account in clues.accounts]
    ways += [way(Grant.id, Grant.granted_by_id == account) for account in clues.accounts]
    ways += [
        way(GrantInstallation.grant_id, GrantInstallation.installation_id == installation)
        for installation in clues.installations
    ]
    if term.reference.startswith("g_"):
        ways.append(way(Grant.id, Grant.public_id == term.reference))
    return ways


def _ways_to_invitations(term: Term, clues: Clues) -> list[Select[tuple[int]]]:
    ways = [way(Invitation.id, Invitation.holder_tax_id == tax_id) for tax_id in clues.tax_ids]
    ways += [way(Invitation.id, Invitation.guest_tax_id == tax_id) for tax_id in clues.tax_ids]
    ways += [way(Invitation.id, Invitation.inviter_id == account) for account in clues.accounts]
    ways += [
        way(InvitationInstallation.invitation_id, InvitationInstallation.installation_id == number)
        for number in clues.installations
    ]
    if term.email:
        ways.append(way(Invitation.id, Invitation.guest_email == term.email))
    if term.protocol:
        ways.append(way(Invitation.id, Invitation.protocol == term.protocol))
    if term.reference.startswith("v_"):
        ways.append(way(Invitation.id, Invitation.public_id == term.reference))
    return ways
