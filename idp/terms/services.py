"""Record that a person accepted a text, and read the record."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from idp.extensions import db
from idp.terms.models import TermsAcceptance
from idp.terms.texts import Terms, Text, current_text, find_text, text_of


def accept(
    terms: Terms,
    *,
    account: str,
    locale: str,
    at: datetime,
    invitation: str | None = None,
    version: str | None = None,
) -> None:
    """Keep version, language and hash of the text that `account` (a public id) was shown.

    `version` is the one on the page at that time; None stands for the current one.
    """
    text = text_of(terms, version, locale) if version else current_text(terms, locale)
    db.session.add(
        TermsAcceptance(
            account=account,
            invitation=invitation,
            terms=terms,
            version=text.version,
            locale=text.locale,
            sha256=text.sha256,
            accepted_at=at,
        )
    )


def acceptances_of(invitation: str) -> Sequence[TermsAcceptance]:
    """Who accepted what for the invitation of this public id, in the order of time."""
    return db.session.scalars(
        select(TermsAcceptance)
        .where(TermsAcceptance.invitation == invitation)
        .order_by(TermsAcceptance.id)
    ).all()


def count_accepted_by(account: str) -> int:
    """How many texts the account of this public id accepted, ever."""
    query = select(func.count()).where(TermsAcceptance.account == account)
    return db.session.scalar(query) or 0


def accepted_by(account: str, *, offset: int, limit: int) -> Sequence[TermsAcceptance]:
    """One page of them, the latest first."""
    return db.session.scalars(
        select(TermsAcceptance)
        .where(TermsAcceptance.account == account)
        .order_by(TermsAcceptance.id.desc())
        .offset(offset)
        .limit(limit)
    ).all()


def find_accepted(number: int, *, account: str) -> TermsAcceptance | None:
    """One of them by its row's number, or None: those of others are not found."""
    return db.session.scalar(
        select(TermsAcceptance).where(
            TermsAcceptance.id == number, TermsAcceptance.account == account
        )
    )


def text_as_accepted(acceptance: TermsAcceptance) -> Text | None:
    """The very text, by its hash; None where it is not among those that ship any more."""
    return find_text(
        acceptance.terms, acceptance.version, acceptance.locale, sha256=acceptance.sha256
    )
