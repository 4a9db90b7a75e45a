"""What the guest's link shows for each kind of offer: by a manager, by the utility, several at
once; and when whoever offered it may no longer give it."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from idp import clock
from idp.accounts import locking
from idp.accounts.models import Account
from idp.audit import Actor
from idp.extensions import db
from idp.grants import services as grants
from idp.grants.models import Extent, Grant, Level, Relation
from idp.invitations import lookup, services
from idp.invitations.models import Decision, Invitation
from idp.invitations.services import Guest, Scope
from idp.mail.models import Mail
from idp.registry.models import Installation
from idp.taxids import TaxId
from idp.terms.models import TermsAcceptance
from tests.browsing import heading_of, links_of, post, sign_in_as, sign_out
from tests.factories.accounts import an_account, joao
from tests.factories.grants import a_grant, a_representation
from tests.factories.invitations import an_invitation
from tests.factories.registry import a_holder, an_installation, holdings

BOTH = {"accept_permission_terms": "yes", "accept_platform_terms": "yes", "decision": "accept"}
COMPANY = "es:cif:B58378431"
GLORIA, RITA = "br:cpf:11144477735", "br:cpf:22233344405"
JOAO = Guest("João Souza", TaxId.parse_canonical("br:cpf:39053344705"), "joao@example.com")
STAFF = Actor("staff", "t_1")


@pytest.fixture
def maria(client: FlaskClient) -> Account:
    account = an_account()
    holdings(account.tax_id, 3)
    return account


@pytest.fixture
def gloria(client: FlaskClient) -> Account:
    return an_account(GLORIA, "Gestoria Vidal", "gloria@example.com")


@pytest.fixture
def managed(maria: Account, gloria: Account) -> Grant:
    """Gloria manages everything of Maria's."""
    return a_grant(maria, gloria, None, relation=Relation.MANAGER, level=Level.FULL)


@pytest.fixture
def guest(client: FlaskClient) -> Account:
    account = joao()
    sign_in_as(client, account)
    return account


def below(parent: Grant, **changes: object) -> Scope:
    values = {"level": Level.FULL, "extent": Extent.EVERYTHING, **changes}
    return Scope(parent.holder_tax_id, Relation.COLLABORATOR, parent=parent, **values)  # type: ignore[arg-type]


def offered_below(parent: Grant, **changes: object) -> Invitation:
    """The manager invites João as a collaborator."""
    invitation = services.send(
        JOAO, below(parent, **changes), inviter=parent.grantee, locale="en", at=clock.now()
    )
    db.session.commit()
    return invitation


def offered_together(*parents: Grant) -> Sequence[Invitation]:
    """The same for several clients at once."""
    scopes = [(below(each), ()) for each in parents]
    invitations = services.send_together(
        JOAO, scopes, inviter=parents[0].grantee, locale="en", at=clock.now()
    )
    db.session.commit()
    return invitations


@pytest.fixture
def several(managed: Grant, gloria: Account) -> Sequence[Invitation]:
    """For Maria and for Rita, sent together by Gloria."""
    rita = an_account(RITA, "Rita Alves", "rita@example.com")
    a_holder(RITA, "Rita Alves")
    holdings(RITA, 2)
    other = a_grant(rita, gloria, None, relation=Relation.MANAGER, level=Level.FULL)
    return offered_together(managed, other)


def offered_by_the_utility() -> Invitation:
    """João is to represent a company, as staff found in its documents."""
    company = a_holder(COMPANY, "Comunidad Sol SL")
    scope = Scope(company.tax_id, Relation.REPRESENTATIVE, Level.FULL, Extent.EVERYTHING)
    invitation = services.send(JOAO, scope, inviter=None, locale="en", at=clock.now())
    db.session.commit()
    return invitation


def link(invitation: Invitation) -> str:
    return f"/invitations/{lookup.token_of(invitation)}"


def lapse(*invitations: Invitation) -> None:
    for each in invitations:
        each.expires_at = clock.now() - timedelta(seconds=1)
    db.session.commit()


def test_a_manager_is_named_with_whose_installations_they_manage(
    client: FlaskClient, managed: Grant, guest: Account
) -> None:
    invitation = offered_below(managed)
    page = client.get(link(invitation))
    assert heading_of(page) == "Do you accept access from Gestoria Vidal?"
    for said in (
        "Gestoria Vidal, who manages installations of Maria da Silva",
        "Collaborator: you act for the person who invites you",
        "All, those to come too (3 today)",
    ):
        assert said in page.text
    done = post(client, link(invitation), BOTH)
    assert done.status_code == 303
    page = client.get(link(invitation))
    assert "Gestoria Vidal was told by mail" in page.text
    grant = db.session.scalars(select(Grant).where(Grant.grantee_id == guest.id)).one()
    assert (grant.parent_id, grant.relation) == (managed.id, Relation.COLLABORATOR)


def test_a_stranger_sees_that_a_manager_invites(client: FlaskClient, managed: Grant) -> None:
    page = client.get(link(offered_below(managed)))
    assert heading_of(page) == "Gestoria Vidal invites you"
    assert "Gestoria Vidal, who manages installations of Maria da Silva" in page.text
    assert "3001" not in page.text


def test_what_the_manager_may_do_less_by_now_is_shown_and_given(
    client: FlaskClient, maria: Account, managed: Grant, guest: Account
) -> None:
    invitation = offered_below(managed)
    grants.change_level(managed, Level.READ_ONLY, by=maria.actor, at=clock.now())
    db.session.commit()
    page = client.get(link(invitation))
    assert "See only" in page.text
    assert "See and make changes" not in page.text
    post(client, link(invitation), BOTH)
    assert invitation.grant is not None
    assert invitation.grant.level is Level.READ_ONLY


def test_a_representative_is_invited_by_customer_service(
    client: FlaskClient, guest: Account
) -> None:
    invitation = offered_by_the_utility()
    page = client.get(link(invitation))
    assert heading_of(page) == "Do you accept to represent Comunidad Sol SL?"
    assert "The customer service of" in page.text
    assert 'name="reason"' not in page.text
    assert post(client, link(invitation), BOTH).status_code == 303
    assert "You represent Comunidad Sol SL from now on" in client.get(link(invitation)).text
    assert kept_terms(guest, invitation) == {"permission", "platform"}


def kept_terms(account: Account, invitation: Invitation) -> set[str]:
    kept = db.session.scalars(
        select(TermsAcceptance).filter_by(
            account=account.public_id, invitation=invitation.public_id
        )
    ).all()
    assert all(each.version and len(each.sha256) == 64 for each in kept)
    return {each.terms for each in kept}


def test_a_company_without_installations_can_get_its_representative(
    client: FlaskClient, guest: Account
) -> None:
    page = client.get(link(offered_by_the_utility()))
    assert "All, those to come too (0 today)" in page.text
    assert 'id="invitation-accept"' in page.text


def test_the_company_and_who_speaks_for_it_are_both_named(
    client: FlaskClient, maria: Account, guest: Account
) -> None:
    company = a_holder(COMPANY, "Comunidad Sol SL")
    mine = holdings(company.tax_id, 2)
    a_representation(company.tax_id, maria)
    page = client.get(link(an_invitation(maria, mine, holder_tax_id=company.tax_id)))
    assert heading_of(page) == "Do you accept access from Comunidad Sol SL?"
    assert "Maria da Silva, in the name of Comunidad Sol SL" in page.text


def test_everything_is_listed_page_by_page(
    client: FlaskClient, maria: Account, guest: Account
) -> None:
    mine = holdings(maria.tax_id, 42)
    invitation = an_invitation(maria, [], extent=Extent.EVERYTHING, installation_count=45)
    page = client.get(f"{link(invitation)}?page=3")
    assert "All, those to come too (45 today)" in page.text
    assert mine[-1].code in page.text
    assert mine[0].code not in page.text


def test_several_are_listed_and_answered_at_once(
    client: FlaskClient, several: Sequence[Invitation], guest: Account
) -> None:
    page = client.get(link(several[1]))
    assert heading_of(page) == "Do you accept these 2 invitations from Gestoria Vidal?"
    assert "one answer counts for all of them" in page.text
    for each in several:
        assert each.holder.name in page.text
        assert each.protocol in page.text
        assert f"{link(each)}/installations" in links_of(page)
    assert post(client, link(several[0]), BOTH).status_code == 303
    for each in several:
        assert kept_terms(each.inviter, each) == {"permission"}  # type: ignore[arg-type]
        assert each.decision is Decision.ACCEPTED
        assert each.grant is not None
        assert kept_terms(guest, each) == {"permission", "platform"}
        page = client.get(link(each))
        assert heading_of(page) == "You accepted 2 invitations"
        for one in several:
            assert f"/grants/{one.grant.public_id}" in links_of(page)  # type: ignore[union-attr]


def test_a_stranger_sees_how_many_holders_several_are_about(
    client: FlaskClient, several: Sequence[Invitation]
) -> None:
    page = client.get(link(several[0]))
    assert "installations of 2 holders" in page.text
    assert "Rita Alves" not in page.text


def test_several_are_declined_at_once(
    client: FlaskClient, several: Sequence[Invitation], guest: Account
) -> None:
    answer = post(client, link(several[1]), {"decision": "decline", "reason": "No time"})
    assert answer.status_code == 303
    assert {each.decision for each in several} == {Decision.DECLINED}
    assert {each.decline_reason for each in several} == {"No time"}
    mails = db.session.scalars(select(Mail).where(Mail.template == "invitation_declined")).all()
    assert [(mail.recipient_address, mail.context["others"]) for mail in mails] == [
        ("gloria@example.com", 1)
    ]


def test_the_installations_of_each_of_several_can_be_looked_at(
    client: FlaskClient, several: Sequence[Invitation], guest: Account
) -> None:
    codes = db.session.scalars(
        select(Installation.code).where(Installation.holder_tax_id == several[1].holder_tax_id)
    ).all()
    page = client.get(f"{link(several[1])}/installations")
    assert heading_of(page) == "Installations of Rita Alves"
    assert all(code in page.text for code in codes)
    lapse(*several)
    assert client.get(f"{link(several[1])}/installations").status_code == 404


def test_nobody_but_the_guest_looks_at_the_installations(
    client: FlaskClient, several: Sequence[Invitation], gloria: Account
) -> None:
    address = f"{link(several[0])}/installations"
    assert client.get(address).location == f"/login?next={address}"
    for account in (gloria, an_account("br:cpf:12345678909", "João Souza", "joao@example.com")):
        sign_in_as(client, account)
        assert client.get(address).status_code == 404


def test_what_the_manager_lost_is_left_out_of_several(
    client: FlaskClient,
    maria: Account,
    managed: Grant,
    several: Sequence[Invitation],
    guest: Account,
) -> None:
    grants.revoke(managed, by=maria.actor, at=clock.now())
    db.session.commit()
    page = client.get(link(several[0]))
    assert "No longer on offer" in page.text
    assert post(client, link(several[0]), BOTH).status_code == 303
    assert [each.decision for each in several] == [None, Decision.ACCEPTED]
    assert heading_of(client.get(link(several[0]))) == "You accepted the invitation"
    assert heading_of(client.get(link(several[1]))) == "You accepted the invitation"


def test_one_of_several_that_was_cancelled_leads_to_the_others(
    client: FlaskClient, several: Sequence[Invitation], gloria: Account, guest: Account
) -> None:
    first, second = several
    services.cancel(services.get_locked(first.public_id), by=gloria.actor, at=clock.now())
    db.session.commit()
    assert client.get(link(first)).location == link(second)
    assert heading_of(client.get(link(second))) == "Do you accept access from Gestoria Vidal?"
    answer = post(client, link(first), BOTH, form_path=link(second))
    assert (answer.status_code, answer.location) == (303, link(second))
    assert (first.decision, second.decision) == (Decision.CANCELLED, None)


def test_many_holders_are_listed_page_by_page(
    client: FlaskClient, maria: Account, gloria: Account, guest: Account
) -> None:
    parents = [a_grant(maria, gloria, None, relation=Relation.MANAGER) for _number in range(25)]
    scopes = [(below(each, level=Level.READ_ONLY), ()) for each in parents]
    several = services.send_together(JOAO, scopes, inviter=gloria, locale="en", at=clock.now())
    db.session.commit()
    first, second = (client.get(f"{link(several[0])}?page={number}").text for number in (1, 2))
    assert [first.count("Protocol number"), second.count("Protocol number")] == [20, 5]
    assert several[0].protocol in first
    assert several[24].protocol in second


@pytest.mark.parametrize("end", ["revoked", "expired", "locked"])
def test_what_the_manager_may_no_longer_give_is_unavailable(
    client: FlaskClient, maria: Account, managed: Grant, guest: Account, end: str
) -> None:
    invitation = offered_below(managed)
    token = {"form_path": "/invitations/received"}
    if end == "revoked":
        grants.revoke(managed, by=maria.actor, at=clock.now())
    elif end == "expired":
        managed.expires_at = clock.now()
    else:
        locking.lock(managed.grantee, by=STAFF, at=clock.now(), reason="test")
    db.session.commit()
    page = client.get(link(invitation))
    assert page.status_code == 410
    assert heading_of(page) == "This invitation can't be accepted any more"
    answer = post(client, link(invitation), BOTH, **token)
    assert (answer.status_code, heading_of(answer)) == (409, heading_of(page))
    assert invitation.decision is None


def test_an_invitation_of_a_former_representative_can_not_be_accepted(
    client: FlaskClient, maria: Account, guest: Account
) -> None:
    company = a_holder(COMPANY, "Comunidad Sol SL")
    mine = holdings(company.tax_id, 2)
    representation = a_representation(company.tax_id, maria)
    invitation = an_invitation(maria, mine, holder_tax_id=company.tax_id)
    grants.renounce(representation, by=maria.actor, at=clock.now())
    db.session.commit()
    page = client.get(link(invitation))
    assert (page.status_code, heading_of(page)) == (
        410,
        "This invitation can't be accepted any more",
    )
    answer = post(client, link(invitation), BOTH, form_path="/invitations/received")
    assert answer.status_code == 409
    assert invitation.decision is None
    lapse(invitation)
    page = client.get(link(invitation))
    assert "renewal-request" not in page.text
    assert "ask Comunidad Sol SL" in page.text


def test_several_that_lapsed_are_asked_for_again_in_one_mail(
    client: FlaskClient, several: Sequence[Invitation]
) -> None:
    lapse(*several)
    for each in several:
        answer = post(client, f"{link(each)}/renewal-request", form_path=link(each))
        assert heading_of(answer) == "We told Gestoria Vidal"
    mails = db.session.scalars(select(Mail).where(Mail.template == "invitation_requested")).all()
    assert [(mail.recipient_address, mail.context["others"]) for mail in mails] == [
        ("gloria@example.com", 1)
    ]


def test_customer_service_is_asked_for_another_invitation_in_person(client: FlaskClient) -> None:
    invitation = offered_by_the_utility()
    lapse(invitation)
    page = client.get(link(invitation))
    assert heading_of(page) == "This invitation has lapsed"
    assert "renewal-request" not in page.text
    assert "The customer service of" in page.text
    assert invitation.protocol in page.text
    answer = post(client, f"{link(invitation)}/renewal-request", form_path="/login")
    assert (answer.status_code, answer.location) == (303, link(invitation))


def test_a_manager_who_lost_the_access_is_not_asked_again(
    client: FlaskClient, maria: Account, managed: Grant
) -> None:
    invitation = offered_below(managed)
    grants.revoke(managed, by=maria.actor, at=clock.now())
    lapse(invitation)
    assert "renewal-request" not in client.get(link(invitation)).text
    post(client, f"{link(invitation)}/renewal-request", form_path="/login")
    assert not db.session.scalars(select(Mail).where(Mail.template == "invitation_requested")).all()


@pytest.mark.parametrize("language", ["pt-BR", "es", "en"])
def test_every_kind_of_offer_is_shown_in_every_language(
    client: FlaskClient, several: Sequence[Invitation], guest: Account, language: str
) -> None:
    offers = [several[0], offered_by_the_utility()]
    for each in offers:
        page = client.get(f"{link(each)}?lang={language}")
        assert page.status_code == 200
        assert page.text.count(f'lang="{language}"') >= 3
    sign_out(client)
    for each in offers:
        assert client.get(f"{link(each)}?lang={language}").status_code == 200


def test_an_installation_that_left_the_manager_is_left_out(
    client: FlaskClient, maria: Account, gloria: Account, guest: Account
) -> None:
    kept, lost = holdings(maria.tax_id, 2)
    parent = a_grant(maria, gloria, [kept, lost], relation=Relation.MANAGER, level=Level.FULL)
    invitation = services.send(
        JOAO,
        below(parent, extent=Extent.CHOSEN),
        (Installation.id.in_([kept.id, lost.id]),),
        inviter=gloria,
        locale="en",
        at=clock.now(),
    )
    grants.revoke_installations(parent, [lost.id], by=maria.actor, at=clock.now())
    db.session.commit()
    page = client.get(link(invitation))
    assert kept.code in page.text
    assert lost.code not in page.text
    grants.revoke_installations(parent, [kept.id], by=maria.actor, at=clock.now())
    db.session.commit()
    assert client.get(link(invitation)).status_code == 410
    an_installation(maria.tax_id)
    assert client.get(link(invitation)).status_code == 410
