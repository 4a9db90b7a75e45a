"""What the registry holds on a person, for the export of their data."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from idp.accounts.data.exporting import Field, Section, streamed
from idp.accounts.models import Account
from idp.registry.models import ContractFact, FactKind, Holder, Installation, InstallationStatus

STATUSES = {
    InstallationStatus.ACTIVE: _("Active"),
    InstallationStatus.INACTIVE: _("Inactive"),
}
FACTS = {
    FactKind.CONTRACT_NUMBER: _("Contract number"),
    FactKind.BANK_DIGITS: _("Last four digits of the bank account"),
    FactKind.INVOICE_TOTAL: _("Total of an invoice"),
}


def _holder(account: Account, _at: datetime) -> Iterator[Sequence[Any]]:
    columns = [getattr(Holder, field.name) for field in HOLDER.fields]
    return streamed(select(*columns).where(Holder.tax_id == account.tax_id))


def _installations(account: Account, _at: datetime) -> Iterator[Sequence[Any]]:
    """Of the facts it tells which there are: what is left of them can't be read by anybody."""
    facts = (
        select(ContractFact.kind)
        .where(ContractFact.installation_id == Installation.id)
        .order_by(ContractFact.kind)
        .distinct()
    )
    columns = [getattr(Installation, field.name) for field in INSTALLATIONS.fields[:-1]]
    return streamed(
        select(*columns, func.array(facts.scalar_subquery()))
        .where(Installation.holder_tax_id == account.tax_id)
        .order_by(Installation.code, Installation.id)
    )


HOLDER = Section(
    name="holder",
    title=_("You as a holder"),
    is_single=True,
    about=_("As it came from the utility's customer system."),
    fields=(
        Field("name", _("Name")),
        Field("installation_count", _("Installations")),
        Field("updated_at", _("Last changed")),
    ),
    rows=_holder,
)
INSTALLATIONS = Section(
    name="installations",
    title=_("Installations in your name"),
    about=_("What can show that you are the holder is kept so that nobody can read it."),
    fields=(
        Field("public_id", _("Number here")),
        Field("distributor", _("Distributor")),
        Field("code", _("Code")),
        Field("address", _("Address")),
        Field("city", _("City")),
        Field("state", _("State")),
        Field("postal_code", _("Postal code")),
        Field("segment", _("Market segment")),
        Field("status", _("Supply"), STATUSES),
        Field("updated_at", _("Last changed")),
        Field("facts", _("Shows that you are the holder"), FACTS),
    ),
    rows=_installations,
)
