"""What a form's answers amount to: an applicant, once all of its pages are right."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError

from config.market import PROOFS, RegistrationForm
from idp.accounts.models import AccountKind
from idp.accounts.registration import agencies, schemas
from idp.accounts.registration.drafts import Answers
from idp.accounts.registration.services import Applicant


def first_unanswered(market: RegistrationForm, answers: Answers, before: int) -> int | None:
    """The first page, of those before page `before`, that is not right yet; None if all are."""
    for number, names in enumerate(schemas.pages_of(market)[: before - 1], start=1):
        if "password" in names and not answers.password_hash:
            return number
        try:
            schemas.schema_of(market, without_password(names)).load(answers.typed)
        except ValidationError:
            return number
    return None


def read(market: RegistrationForm, answers: Answers, before: int) -> dict[str, Any]:
    """The answers of the pages before page `before`, which are right, as values."""
    names = [name for page in schemas.pages_of(market)[: before - 1] for name in page]
    data: dict[str, Any] = schemas.schema_of(market, without_password(names)).load(answers.typed)
    return data


def without_password(names: Any) -> tuple[str, ...]:
    """Of a password only the hash is kept."""
    return tuple(name for name in names if name != "password")


def name_of(data: Mapping[str, Any]) -> str:
    """The whole name, of however many fields."""
    return data.get("name") or " ".join(
        data[part] for part in ("given_name", "family_name") if data.get(part)
    )


def applicant_of(
    market: RegistrationForm,
    data: Mapping[str, Any],
    *,
    password_hash: str,
    locale: str,
    return_to: str,
) -> Applicant:
    """Who registers, from the values of every page."""
    kind = AccountKind(market.kind)
    return Applicant(
        kind=kind,
        tax_id=data["tax_id"],
        name=name_of(data),
        email=data["email"],
        landline=data.get("landline") or "",
        mobile=data.get("mobile") or "",
        password_hash=password_hash,
        facts={name: data.get(name) or "" for name in PROOFS},
        agency=agencies.stated(data) if kind is AccountKind.AGENCY else None,
        statement=market.statement,
        locale=locale,
        return_to=return_to,
    )
