"""Forms of every market as people fill them in, agencies, and forms on their way."""

from typing import Any

from idp import clock
from idp.accounts.models import Account, AccountKind
from idp.accounts.registration import drafts
from idp.accounts.registration.drafts import LIFE, Answers
from idp.accounts.registration.models import Agency, CreciState, RegistrationDraft
from idp.extensions import db
from idp.identifiers import digest, secret_token
from tests.factories.accounts import PASSWORD

NEW_PASSWORD = {"password": PASSWORD, "password_confirmation": PASSWORD}
PERSON = {
    "tax_id": "529.982.247-25",
    "name": "Maria da Silva",
    "landline": "",
    "mobile": "(11) 91234-5678",
    "email": "Maria@Example.com",
}
AGENCY = {
    "trade_name": "Lar Imóveis Ltda.",
    "responsible": "Maria da Silva",
    "postal_code": "01.310-100",
    "state": "SP",
    "city": "São Paulo",
    "district": "Bela Vista",
    "street": "Avenida Paulista",
    "number": "1000",
    "complement": "",
    "creci": "12345-J",
}
ACCEPTED = {"accept_statement": "yes", "accept_terms": "yes"}
BUSINESS = {
    "given_name": "Ona",
    "family_name": "Kazlauskienė",
    "tax_id": "304151376",
    "email": "ona@example.lt",
    "is_customer": "yes",
    "contract_number": "LT-100200",
    "accept_terms": "yes",
}
# Page by page, as each market asks it: the kind, and what is typed on each page.
CUSTOMER_OF = {
    "default": [{**PERSON, **NEW_PASSWORD, "installation_code": "", "accept_terms": "yes"}],
    "br-portal": [{**PERSON, **NEW_PASSWORD, "accept_terms": "yes"}],
    "br-grants": [{**PERSON, **NEW_PASSWORD, "installation_code": "", "accept_terms": "yes"}],
    "lt-business": [BUSINESS],
    "es-managers": [
        {"tax_id": "12345678-Z", "bank_digits": "1234", "invoice_total": ""},
        {"name": "Marta Vidal", "email": "marta@example.es", "mobile": "612 345 678"},
        {**NEW_PASSWORD, "accept_terms": "yes"},
    ],
}
AGENCY_PAGES = [{**PERSON, **NEW_PASSWORD}, AGENCY, ACCEPTED]


def an_agency(account: Account, **overrides: Any) -> Account:
    """`account`, made an agency that awaits its review, committed."""
    values = {
        **AGENCY,
        "postal_code": "01310-100",
        "creci_state": CreciState.WAITING,
        "refusal": "",
        "version": 1,
        "stated_at": clock.now(),
        "reviewed_at": None,
        **overrides,
    }
    account.kind = AccountKind.AGENCY
    db.session.add(Agency(account_id=account.id, **values))
    db.session.commit()
    return account


def a_draft_cookie(password_hash: str = "x") -> str:
    """The cookie of an agency's form of which the first page was answered, committed."""
    at, token = clock.now(), secret_token()
    draft = RegistrationDraft(token_hash=digest(token), expires_at=at + LIFE)
    db.session.add(draft)
    drafts.write(draft, Answers("agency", "", password_hash, dict(PERSON)), at=at)
    db.session.commit()
    return token
