"""Companies, those who represent them, and requests to do so."""

from datetime import datetime
from typing import Any

from idp import clock
from idp.accounts.models import Account
from idp.evidence.models import Document, MediaType
from idp.extensions import db
from idp.grants.models import Grant, Level
from idp.identifiers import public_id
from idp.invitations.protocols import new_protocol
from idp.mandates.models import Channel, Kind, MandateRequest, RequestState
from idp.mandates.rules import Reviewer
from idp.taxids import TaxId
from tests.factories.grants import a_representation
from tests.factories.registry import a_holder, holdings

ACME = "br:cnpj:11222333000181"
ACME_SHOWN = "11.222.333/0001-81"
ACME_NAME = "Acme Indústria Ltda"
RITA = "br:cpf:11144477735"
REVIEWER = Reviewer("t_reviewer", "Rui Costa", "rui@utility.example")
COLLEAGUE = Reviewer("t_colleague", "Bia Melo", "bia@utility.example")


def a_company(installations: int = 2) -> TaxId:
    """Acme, which the registry knows."""
    a_holder(ACME, ACME_NAME)
    holdings(ACME, installations)
    return TaxId.parse_canonical(ACME)


def a_representative(account: Account, company: str = ACME, at: datetime | None = None) -> Grant:
    """`account` represents the company; committed."""
    return a_representation(company, account, at=at)


def a_document(**overrides: Any) -> Document:
    """A record of one, without anything that could be read; committed."""
    values: dict[str, Any] = {
        "public_id": public_id("e"),
        "name": "contrato social.pdf",
        "media_type": MediaType.PDF,
        "size": 8,
        "sha256": b"0" * 32,
        "sealed": b"nothing",
        "uploaded_at": clock.now(),
        "uploaded_by": "account:a_1",
        "delete_at": None,
        "deleted_at": None,
    }
    document = Document(**{**values, **overrides})
    db.session.add(document)
    db.session.commit()
    return document


def a_request(account: Account | None, **overrides: Any) -> MandateRequest:
    """`account` says that it represents Acme, and staff have not decided yet; committed."""
    at = clock.now()
    values: dict[str, Any] = {
        "public_id": public_id("m"),
        "protocol": new_protocol(at),
        "kind": Kind.REPRESENTATIVE,
        "state": RequestState.OPEN,
        "channel": Channel.WEB,
        "account": account,
        "staff": "" if account else "t_support",
        "holder_tax_id": TaxId.parse_canonical(ACME),
        "holder_name": ACME_NAME,
        "nominee_tax_id": account.tax_id if account else TaxId.parse_canonical(RITA),
        "nominee_name": account.name if account else "Rita Alves",
        "nominee_email": account.email if account else "rita@example.com",
        "level": Level.FULL,
        "locale": "en",
        "caller_name": "",
        "caller_phone": "",
        "caller_relation": "",
        "case_reason": "",
        "seen_at_desk": "",
        "created_at": at,
        "sent_at": None if overrides.get("state") is RequestState.DRAFT else at,
        "identity_seen": False,
        "reviewer": "",
        "remark": "",
    }
    values |= overrides
    if isinstance(values["nominee_tax_id"], str):
        values["nominee_tax_id"] = TaxId.parse_canonical(values["nominee_tax_id"])
    if "documents" not in values:
        values["documents"] = [a_document()]
    request = MandateRequest(**values)
    db.session.add(request)
    db.session.commit()
    return request


def what_it_says(request: MandateRequest) -> dict[str, Any]:
    """What a reviewer types who reads in the documents exactly what was claimed."""
    return {
        "holder_tax_id": request.holder_tax_id,
        "holder_name": request.holder_name,
        "nominee_tax_id": request.nominee_tax_id,
        "nominee_name": request.nominee_name,
        "level": request.level,
        "ends_on": request.ends_on,
    }
