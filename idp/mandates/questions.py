"""The first page of each way to a request: what it asks, and what the answers claim."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from idp.accounts.models import Account
from idp.errors import DomainError
from idp.forms import Form, FormSchema
from idp.grants import acting
from idp.grants.models import Grant
from idp.mandates import drafting
from idp.mandates.errors import NobodyToActFor
from idp.mandates.models import Kind, MandateRequest
from idp.mandates.rules import Claim, Flow, flow_of
from idp.mandates.schemas import CompanySchema, ManagerSchema, NomineeSchema
from idp.registry.models import Holder

SCHEMAS: dict[Flow, type[FormSchema]] = {
    Flow.REPRESENT: CompanySchema,
    Flow.ADD: NomineeSchema,
    Flow.REPLACE: NomineeSchema,
    Flow.MANAGER: ManagerSchema,
}


@dataclass(frozen=True, slots=True)
class Questions:
    """What is asked of `account`, who may choose among `holders`."""

    flow: Flow
    account: Account
    holders: list[Holder]
    replaces: Grant | None = None  # None: nobody loses access


def questions(
    flow: Flow, account: Account, at: datetime, *, replaces: Grant | None = None
) -> Questions:
    """Raises `NobodyToActFor` when there is nobody to choose."""
    if flow is Flow.REPRESENT:
        return Questions(flow, account, [])
    if replaces is not None:
        return Questions(flow, account, [replaces.holder], replaces)
    holders = acting.holders_for(account, at)
    if flow is Flow.ADD:
        holders = [each for each in holders if each.tax_id.is_company]
    if not holders:
        raise NobodyToActFor
    return Questions(flow, account, holders)


def questions_of(draft: MandateRequest, account: Account, at: datetime) -> Questions:
    """Those that this draft answers."""
    return questions(flow_of(draft), account, at, replaces=draft.replaces)


def answers_of(draft: MandateRequest) -> dict[str, str]:
    """What was answered, as the form shows it."""
    return {
        "company_tax_id": draft.holder_tax_id.formatted,
        "company_name": draft.holder_name,
        "holder": str(draft.holder_tax_id),
        "nominee_name": draft.nominee_name,
        "nominee_tax_id": draft.nominee_tax_id.formatted,
        "nominee_email": draft.nominee_email,
        "level": draft.level.value,
        "ends_on": draft.ends_on.isoformat() if draft.ends_on else "",
    }


def read(form: Form, asked: Questions, at: datetime) -> Claim | None:
    """The claim, checked; None when the form says what is wrong."""
    data = form.load(SCHEMAS[asked.flow]())
    claim = _claim(form, asked, data) if data is not None else None
    if claim is None:
        return None
    try:
        drafting.check(claim, by=asked.account, at=at)
    except DomainError as error:
        form.refuse(error)
        return None
    return claim


def _claim(form: Form, asked: Questions, data: dict[str, Any]) -> Claim | None:
    if asked.flow is Flow.REPRESENT:
        return _for_oneself(asked.account, data)
    holder = _chosen(asked.holders, data["holder"])
    if holder is None:
        form.errors["holder"] = _("Choose one of the options.")
        return None
    is_manager = asked.flow is Flow.MANAGER
    return Claim(
        kind=Kind.MANAGER if is_manager else Kind.REPRESENTATIVE,
        holder_tax_id=holder.tax_id,
        holder_name=holder.name,
        nominee_tax_id=data["nominee_tax_id"],
        nominee_name=data["nominee_name"],
        nominee_email=data["nominee_email"],
        replaces_id=asked.replaces.id if asked.replaces else None,
        **({"level": data["level"], "ends_on": data["ends_on"]} if is_manager else {}),
    )


def _for_oneself(account: Account, data: dict[str, Any]) -> Claim:
    return Claim(
        kind=Kind.REPRESENTATIVE,
        holder_tax_id=data["company_tax_id"],
        holder_name=data["company_name"],
        nominee_tax_id=account.tax_id,
        nominee_name=account.name,
        nominee_email=account.email,
    )


def _chosen(holders: list[Holder], value: str) -> Holder | None:
    """The only one there is needs no choice."""
    if len(holders) == 1:
        return holders[0]
    return next((each for each in holders if str(each.tax_id) == value), None)
