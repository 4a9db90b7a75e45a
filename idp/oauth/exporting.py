"""What applications may know of a person, for the export of their data."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import or_, select

from idp.accounts.data.exporting import Field, Section, hidden_unless, streamed
from idp.accounts.models import Account
from idp.oauth.authorization.claims_requests import scopes_of
from idp.oauth.authorization.models import Consent
from idp.oauth.models import Authorization, Client
from idp.oauth.subjects.models import PairwiseSubject

NAME = Client.metadata_["client_name"].astext


def _consents(account: Account, _at: datetime) -> Iterator[Sequence[Any]]:
    return streamed(
        select(NAME, Consent.scopes, Consent.given_at, Consent.withdrawn_at)
        .join(Client, Client.id == Consent.client_id)
        .where(Consent.account_id == account.id)
        .order_by(Consent.id)
    )


def _authorizations(account: Account, _at: datetime) -> Iterator[Sequence[Any]]:
    row = Authorization
    found = streamed(
        select(
            *(NAME, row.scope, row.claims_requested, row.holder_tax_id),
            *(row.created_at, row.expires_at, row.revoked_at),
        )
        .join(Client, Client.id == row.client_id)
        .where(row.account_id == account.id)
        .order_by(row.id)
    )
    for name, scope, claims, holder, *moments in found:
        shown = hidden_unless(account.tax_id, holder) if holder else None
        told = dict.fromkeys([*scope.split(), *sorted(scopes_of(claims))])
        yield name, list(told), shown, *moments


def _pairwise_subjects(account: Account, _at: datetime) -> Iterator[Sequence[Any]]:
    row = PairwiseSubject
    return streamed(
        select(row.sector, row.subject)
        .where(or_(row.account_id == account.id, row.tax_id == account.tax_id))
        .order_by(row.sector, row.subject)
    )


CONSENTS = Section(
    name="consents",
    title=_("Applications that you allowed to see your data"),
    fields=(
        Field("application", _("Application")),
        Field("scopes", _("What it may see")),
        Field("given_at", _("Allowed")),
        Field("withdrawn_at", _("Taken back")),
    ),
    rows=_consents,
)
AUTHORIZATIONS = Section(
    name="authorizations",
    title=_("Applications that you signed in to"),
    fields=(
        Field("application", _("Application")),
        Field("scopes", _("What it may see")),
        Field("on_behalf_of", _("On behalf of")),
        Field("created_at", _("Signed in")),
        Field("expires_at", _("Ends at the latest")),
        Field("revoked_at", _("Ended")),
    ),
    rows=_authorizations,
)
PAIRWISE_SUBJECTS = Section(
    name="pairwise_subjects",
    title=_("Names that stand for you"),
    about=_("Some applications may not know your tax id, and know you by such a name."),
    fields=(
        Field("sector", _("At which address")),
        Field("subject", _("Name")),
    ),
    rows=_pairwise_subjects,
)
