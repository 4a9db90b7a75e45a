"""Who can no longer give what they began to give, or were about to be given, learns nothing more of
the holder by it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from idp import clock
from idp.accounts.models import Account
from idp.audit import Actor
from idp.extensions import db
from idp.grants import services as grants
from idp.grants.models import Extent, Grant, Level, Relation
from idp.invitations import drafts, lookup, services
from idp.invitations.models import InvitationDraft
from idp.invitations.services import Guest, Scope
from idp.registry.models import Installation
from idp.taxids import TaxId
from tests.browsing import sign_in_as
from tests.factories.accounts import an_account, joao
from tests.factories.bulk import an_upload
from tests.factories.grants import a_grant, a_representation
from tests.factories.registry import a_holder, an_installation, holdings

ACME, GLORIA = "br:cnpj:11222333000181", "br:cpf:11144477735"
JOAO = Guest("João Souza", TaxId.parse_canonical("br:cpf:39053344705"), "joao@example.com")
STAFF = Actor("staff", "t_1")


@pytest.fixture
def maria(app: Flask) -> Account:
    return an_account()


@pytest.fixture
def owned(maria: Account) -> list[Installation]:
    return holdings(maria.tax_id, 2)


def test_a_guest_reads_no_list_when_the_giver_may_no_longer_give(
    client: FlaskClient, maria: Account, owned: list[Installation]
) -> None:
    gloria, guest = an_account(GLORIA, "Gestoria Vidal", "gloria@example.com"), joao()
    parent = a_grant(maria, gloria, None, relation=Relation.MANAGER)
    what = (Relation.COLLABORATOR, Level.READ_ONLY, Extent.EVERYTHING)
    scope = Scope(maria.tax_id, *what, parent=parent)
    invitation = services.send(JOAO, scope, inviter=gloria, locale="en", at=clock.now())
    db.session.commit()
    page = f"/invitations/{lookup.token_of(invitation)}/installations"
    sign_in_as(client, guest)
    assert owned[0].code in client.get(page).text
    _end(parent, maria.actor)
    later = an_installation(maria.tax_id)
    answer = client.get(page)
    assert answer.status_code == 404
    assert later.code not in answer.text


@pytest.fixture
def draft(client: FlaskClient, maria: Account) -> InvitationDraft:
    """Of Acme's, by Maria, who represents it until `leave` is called."""
    a_holder(ACME, "Acme")
    an_installation(ACME, "0031")
    grant = a_representation(ACME, maria)
    sign_in_as(client, maria)
    draft = drafts.begin(maria, grant.holder_tax_id, at=clock.now())
    db.session.commit()
    return draft


def leave(maria: Account) -> None:
    for grant in db.session.query(Grant).filter_by(grantee_id=maria.id):
        _end(grant, STAFF)


@pytest.mark.parametrize("page", ["", "/problems.csv", "?show=all"])
def test_an_uploaded_list_of_a_company_is_shown_to_nobody_who_left_it(
    client: FlaskClient,
    maria: Account,
    owned: list[Installation],
    draft: InvitationDraft,
    page: str,
) -> None:
    upload = an_upload(draft, maria, ["31", "0031"])
    path = f"/invitations/uploads/{upload.public_id}"
    assert "0031" in client.get(path + page).text
    leave(maria)
    drafts.record_holder(draft, maria, maria.tax_id, at=clock.now())
    db.session.commit()
    answer = client.get(path + page)
    assert answer.status_code == 404
    assert "0031" not in answer.text


def _end(grant: Grant, by: Actor) -> None:
    grants.revoke(grants.get_locked(grant.public_id), by=by, at=clock.now())
    db.session.commit()
