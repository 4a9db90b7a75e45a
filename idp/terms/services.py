"""Record that a person accepted a text."""

from datetime import datetime

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
