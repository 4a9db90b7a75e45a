"""Record that a person accepted a text, and read the record."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from idp.extensions import db
from idp.terms.models import TermsAcceptance
from idp.terms.texts import Terms, current_text, text_of


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
