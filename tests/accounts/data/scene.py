"""Somebody who has used every part of the service, and those they dealt with."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from flask import Flask

from idp import clock, terms
from idp.accounts.models import Account, AccountKind
from idp.accounts.registration.models import Agency, CreciState
from idp.accounts.sign_in.models import KnownDevice
from idp.audit import Event, record
from idp.extensions import db
from idp.grants.models import Grant, Level, Relation
from idp.mail import notify
from idp.oauth.authorization.models import Consent
from idp.oauth.models import Authorization
from idp.oauth.subjects.models import PairwiseSubject
from idp.terms import Terms
from tests.browsing import sign_in_as
from tests.factories.accounts import MARIA, a_registration, a_reset, an_account, joao
from tests.factories.contacts import a_contact_draft
from tests.factories.factors import a_passkey, an_app, some_codes
from tests.factories.grants import a_grant
from tests.factories.invitations import a_draft, an_invitation
from tests.factories.mandates import a_document, a_request
from tests.factories.oauth import a_client
from tests.factories.recovery import a_confirmed_change, an_email_change
from tests.factories.registry import a_holder, holdings
from tests.factories.uses import a_use

NAME = "Maria Quaresma"
EMAIL = "maria.quaresma@example.com"
OLD_EMAIL = "antiga.quaresma@example.com"
NEXT_EMAIL = "nova.quaresma@example.com"
MOBILE = "+5511987650001"
LANDLINE = "+551132109876"
NETWORK = "192.0.2.77"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
DOCUMENT = "procuração da Quaresma.pdf"
RITA = "br:cpf:11144477735"


@dataclass(frozen=True)
class Scene:
    """Maria, and João who deals with her; `given` and `received` are from her side."""

    maria: Account
    guest: Account
    given: Grant
    received: Grant


def a_full_life(app: Flask) -> Scene:
    """Everything there is of an account, committed."""
    maria = an_account(
        name=NAME, email=OLD_EMAIL, mobile=MOBILE, landline=LANDLINE, kind=AccountKind.AGENCY
    )
    guest = joao()
    _keep_account_data(app, maria)
    given, received = _share(maria, guest)
    a_request(maria, documents=[a_document(name=DOCUMENT)])
    a_contact_draft(maria, guest_name="Caio Prado")
    _use_applications(maria)
    return Scene(maria, guest, given, received)


def _keep_account_data(app: Flask, maria: Account) -> None:
    at = clock.now()
    a_confirmed_change(maria, EMAIL)
    an_email_change(maria, NEXT_EMAIL)
    an_app(maria)
    a_passkey(maria)
    some_codes(maria)
    a_registration(MARIA, name=NAME, email=EMAIL)
    a_reset(maria)
    sign_in_as(app.test_client(), maria, user_agent=BROWSER, address=NETWORK)
    db.session.add(
        Agency(
            account_id=maria.id,
            **dict.fromkeys(("postal_code", "district", "street", "number", "complement"), "x"),
            **{"trade_name": "Imóveis Quaresma", "responsible": NAME, "city": "Campinas"},
            **{"state": "SP", "creci": "12345-J", "creci_state": CreciState.WAITING},
            **{"refusal": "", "version": 1, "stated_at": at},
        )
    )
    db.session.add(
        KnownDevice(account_id=maria.id, token_hash=b"1" * 32, created_at=at, last_used_at=at)
    )
    terms.accept(Terms.PLATFORM, account=maria.public_id, locale="pt-BR", at=at)
    notify("password_changed", to=maria.recipient)
    record(Event.SIGN_IN_SUCCEEDED, by=maria.actor, account=maria.public_id)
    db.session.commit()


def _share(maria: Account, guest: Account) -> tuple[Grant, Grant]:
    """João manages for Maria and lets Rita collaborate; Maria has access to what is João's."""
    a_holder(maria.tax_id, NAME)
    held = holdings(maria.tax_id, 3)
    given = a_grant(maria, guest, held[:2], relation=Relation.MANAGER, level=Level.FULL)
    rita = an_account(RITA, "Rita Alves", "rita@example.com")
    a_grant(guest, rita, held[:1], relation=Relation.COLLABORATOR, parent=given)
    a_holder(guest.tax_id, guest.name)
    received = a_grant(guest, maria, holdings(guest.tax_id, 1))
    a_use(given, held[0], "Olhou a fatura")
    a_use(received, None, "Pagou a conta")
    an_invitation(maria, held[2:])
    an_invitation(
        guest,
        guest_name=NAME,
        guest_tax_id=maria.tax_id,
        guest_email=EMAIL,
    )
    a_draft(maria, held[:1])
    return given, received


def _use_applications(maria: Account) -> None:
    at, client = clock.now(), a_client()
    consent = partial(Consent, account_id=maria.id, client_id=client.key)
    before, until = at - timedelta(days=2), at - timedelta(days=1)
    db.session.add(consent(scopes=["phone"], given_at=before, withdrawn_at=until))
    db.session.add(consent(scopes=["email"], given_at=at))
    db.session.add(PairwiseSubject(subject="n_1", sector="app.example", account_id=maria.id))
    db.session.add(
        Authorization(
            **{"public_id": "z_1", "client_id": client.key, "account_id": maria.id},
            **{"session_id": None, "sid": "s_1", "offline": True, "scope": "openid email"},
            **{"authorization_details": None, "holder_tax_id": maria.tax_id, "resource": ""},
            **{"nonce": "", "auth_time": at, "acr": "urn:outorga:aal1", "amr": ["pwd"]},
            **{"created_at": at, "expires_at": at + timedelta(days=1), "revoked_at": None},
        )
    )
    db.session.commit()
