from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from idp import clock
from idp.accounts.models import Account, Assurance
from idp.extensions import db
from idp.grants import services as grants
from idp.grants.models import Extent, Grant, Level, Relation
from idp.invitations import lookup, services
from idp.invitations.models import Decision, Invitation
from idp.invitations.services import Guest, Scope
from idp.mail.models import Mail
from idp.taxids import TaxId
from tests.browsing import errors_of, heading_of, links_of, post, sign_in_as
from tests.factories.accounts import an_account, joao
from tests.factories.grants import a_grant, a_representation
from tests.factories.invitations import an_invitation
from tests.factories.registry import a_holder, an_installation, holdings

PAGES = ("", "/confirmation", "/cancellation", "/renewal")


@pytest.fixture
def maria(client: FlaskClient) -> Account:
    account = an_account()
    sign_in_as(client, account)
    return account


def address(invitation: Invitation, page: str = "") -> str:
    return f"/invitations/sent/{invitation.public_id}{page}"


def test_the_confirmation_says_what_happens_next_and_how_to_take_it_back(
    client: FlaskClient, maria: Account
) -> None:
    invitation = an_invitation(maria)
    page = client.get(address(invitation, "/confirmation"))
    assert heading_of(page) == "Invitation sent"
    for shown in (invitation.protocol, "12 hours", "joao@example.com"):
        assert shown in page.text
    assert lookup.link_to(invitation) in page.text
    for way in ("/cancellation", "/renewal"):
        assert address(invitation, way) in links_of(page)


def test_somebody_elses_invitation_is_not_found_on_any_page(
    client: FlaskClient, maria: Account
) -> None:
    other = joao()
    theirs = an_invitation(other)
    an_installation(maria.tax_id)
    for page in PAGES:
        assert client.get(address(theirs, page)).status_code == 404
        assert client.get(f"/invitations/sent/%00{page}").status_code == 404
        assert client.get(f"/invitations/sent/v_unknown{page}").status_code == 404
    for page in ("/cancellation", "/renewal"):
        answer = post(
            client,
            address(theirs, page),
            {"accept_permission_terms": "yes"},
            form_path="/invitations/new",
        )
        assert answer.status_code == 404
    db.session.refresh(theirs)
    assert theirs.decision is None


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_signs_in_first(client: FlaskClient, page: str) -> None:
    invitation = an_invitation(an_account())
    answer = client.get(address(invitation, page))
    assert answer.location == f"/login?next={address(invitation, page)}"


def test_cancelling_asks_first_and_then_ends_the_link(client: FlaskClient, maria: Account) -> None:
    invitation = an_invitation(maria)
    asked = client.get(address(invitation, "/cancellation"))
    assert heading_of(asked) == "Cancel the invitation for João Souza?"
    answer = post(client, address(invitation, "/cancellation"))
    assert (answer.status_code, answer.location) == (303, address(invitation))
    page = client.get(address(invitation))
    assert "Cancelled" in page.text
    assert lookup.link_to(invitation) not in page.text
    assert client.get(address(invitation, "/cancellation")).location == address(invitation)


def test_what_was_answered_meanwhile_can_not_be_cancelled(
    client: FlaskClient, maria: Account
) -> None:
    invitation = an_invitation(maria)
    services.decline(invitation.public_id, guest=joao(), reason="", at=clock.now())
    db.session.commit()
    answer = post(client, address(invitation, "/cancellation"), form_path="/invitations/new")
    assert answer.status_code == 409


def test_sending_again_needs_the_terms_and_gives_a_new_number(
    client: FlaskClient, maria: Account
) -> None:
    invitation = an_invitation(maria, at=clock.now() - timedelta(hours=13))
    refused = post(client, address(invitation, "/renewal"))
    assert list(errors_of(refused)) == ["accept_permission_terms"]
    answer = post(client, address(invitation, "/renewal"), {"accept_permission_terms": "yes"})
    renewed = db.session.scalars(select(Invitation).order_by(Invitation.id.desc())).first()
    assert renewed is not None
    assert answer.location == address(renewed, "/confirmation")
    assert renewed.protocol not in (invitation.protocol, "")
    earlier = client.get(address(invitation))
    assert renewed.protocol in earlier.text
    assert [each.template for each in db.session.scalars(select(Mail))] == ["invitation_offered"]


def test_what_can_not_be_sent_again_leads_back_to_its_page(
    client: FlaskClient, maria: Account
) -> None:
    invitation = an_invitation(maria)
    services.decline(invitation.public_id, guest=joao(), reason="", at=clock.now())
    db.session.commit()
    assert client.get(address(invitation, "/renewal")).location == address(invitation)
    answer = post(
        client,
        address(invitation, "/renewal"),
        {"accept_permission_terms": "yes"},
        form_path="/invitations/new",
    )
    assert answer.status_code == 409


def test_the_list_shows_what_was_sent_and_received_with_its_state(
    client: FlaskClient, maria: Account
) -> None:
    at = clock.now()
    sent = an_invitation(maria)
    lapsed = an_invitation(maria, at=at - timedelta(days=1), guest_name="Ana Lapsed")
    declined = an_invitation(maria, decision=Decision.DECLINED, settled_at=at)
    received = an_invitation(
        joao(), guest_tax_id=maria.tax_id, guest_email=maria.email, guest_name=maria.name
    )
    page = client.get("/invitations")
    assert page.status_code == 200
    for each in (sent, lapsed, declined):
        assert address(each) in links_of(page)
    assert f"/invitations/{lookup.token_of(received)}" in links_of(page)
    for state in ("Awaits an answer", "Lapsed", "Declined"):
        assert state in page.text
    assert "529.982.247-25" not in page.text


def test_the_list_says_how_to_begin_when_it_is_empty(client: FlaskClient, maria: Account) -> None:
    page = client.get("/invitations")
    assert "You have not invited anybody yet." in page.text
    assert "/invitations/new" in links_of(page)
    assert "Nobody has invited you yet." in client.get("/invitations/received").text


def test_long_lists_are_paged(client: FlaskClient, maria: Account) -> None:
    mine = [an_installation(maria.tax_id)]
    numbers = [an_invitation(maria, mine).protocol for _number in range(25)]
    first, second = client.get("/invitations"), client.get("/invitations?page=2")
    shown = [[each for each in numbers if each in page.text] for page in (first, second)]
    assert [len(each) for each in shown] == [20, 5]
    assert not set(shown[0]) & set(shown[1])
    for nonsense in ("0", "x", "9" * 40, "%00"):
        assert client.get(f"/invitations?page={nonsense}").status_code == 200


RITA = "br:cpf:11144477735"
COMPANY = "es:cif:B58378431"


@pytest.fixture
def managed(maria: Account) -> Grant:
    """Maria, who holds nothing, manages everything of Rita's."""
    rita = an_account(RITA, "Rita Alves", "rita@example.com")
    a_holder(RITA, rita.name)
    holdings(RITA, 2)
    return a_grant(rita, maria, None, relation=Relation.MANAGER, level=Level.FULL)


def offered_below(*parents: Grant) -> list[Invitation]:
    """João is invited as a collaborator for each client, in one mail."""
    scopes = [
        Scope(
            each.holder_tax_id,
            Relation.COLLABORATOR,
            Level.READ_ONLY,
            Extent.EVERYTHING,
            parent=each,
        )
        for each in parents
    ]
    invitations = services.send_together(
        Guest("João Souza", TaxId.parse_canonical("br:cpf:39053344705"), "joao@example.com"),
        [(scope, ()) for scope in scopes],
        inviter=parents[0].grantee,
        locale="en",
        at=clock.now(),
    )
    db.session.commit()
    return invitations


def test_what_was_given_on_says_for_whom_as_what_and_under_which_access(
    client: FlaskClient, managed: Grant
) -> None:
    (invitation,) = offered_below(managed)
    page = client.get(address(invitation))
    for said in ("Rita Alves", "All, those to come too (2 today)", "Collaborator: acts for"):
        assert said in page.text
    assert f"/grants/{managed.public_id}" in links_of(page)
    assert "Rita Alves" in client.get("/invitations").text


def test_what_was_given_on_is_sent_again_as_it_was(client: FlaskClient, managed: Grant) -> None:
    (invitation,) = offered_below(managed)
    page = client.get(address(invitation, "/renewal"))
    assert "All, those to come too (2 today)" in page.text
    answer = post(client, address(invitation, "/renewal"), {"accept_permission_terms": "yes"})
    renewed = lookup.find_successor(invitation)
    assert renewed is not None
    assert answer.location == address(renewed, "/confirmation")
    for name in ("relation", "level", "extent", "parent_id", "holder_tax_id", "guest_tax_id"):
        assert getattr(renewed, name) == getattr(invitation, name)


def test_what_was_taken_back_from_the_manager_is_not_sent_again(
    client: FlaskClient, maria: Account, managed: Grant
) -> None:
    (invitation,) = offered_below(managed)
    grants.renounce(managed, by=maria.actor, at=clock.now())
    db.session.commit()
    assert "/renewal" not in client.get(address(invitation)).text
    assert client.get(address(invitation, "/renewal")).location == address(invitation)
    terms = {"accept_permission_terms": "yes"}
    answer = post(client, address(invitation, "/renewal"), terms, form_path="/login?again=1")
    assert answer.status_code == 409
    assert lookup.find_successor(invitation) is None


def test_one_of_several_is_sent_again_alone(
    client: FlaskClient, maria: Account, managed: Grant
) -> None:
    other = a_grant(managed.granted_by, maria, None, relation=Relation.MANAGER)  # type: ignore[arg-type]
    first, second = offered_below(managed, other)
    page = client.get(address(first))
    assert "Sent together with it" in page.text
    assert address(second) in links_of(page)
    assert "One mail and one link for 2 invitations" in (
        client.get(address(first, "/confirmation")).text
    )
    for way in ("/renewal", "/cancellation"):
        assert "stay as they are" in client.get(address(first, way)).text
    post(client, address(first, "/renewal"), {"accept_permission_terms": "yes"})
    renewed = lookup.find_successor(first)
    assert renewed is not None
    assert renewed.batch is None
    assert (first.decision, second.decision) == (Decision.CANCELLED, None)


def test_whoever_no_longer_represents_the_company_sends_nothing_again(
    client: FlaskClient, maria: Account
) -> None:
    company = a_holder(COMPANY, "Comunidad Sol SL")
    an_installation(maria.tax_id)
    mine = holdings(company.tax_id, 2)
    representation = a_representation(company.tax_id, maria)
    invitation = an_invitation(maria, mine, holder_tax_id=company.tax_id)
    assert address(invitation, "/renewal") in links_of(client.get(address(invitation)))
    grants.renounce(representation, by=maria.actor, at=clock.now())
    db.session.commit()
    assert address(invitation, "/renewal") not in links_of(client.get(address(invitation)))
    terms = {"accept_permission_terms": "yes"}
    answer = post(client, address(invitation, "/renewal"), terms, form_path="/invitations/new")
    assert answer.status_code == 404
    assert lookup.find_successor(invitation) is None


def test_whoever_is_no_longer_known_to_be_the_holder_sends_nothing_again(
    client: FlaskClient, maria: Account
) -> None:
    invitation = an_invitation(maria)
    maria.assurance = Assurance.DECLARED
    db.session.commit()
    terms = {"accept_permission_terms": "yes"}
    answer = post(client, address(invitation, "/renewal"), terms, form_path="/login?again=1")
    assert answer.status_code == 403
    assert lookup.find_successor(invitation) is None


def test_everything_is_sent_again_as_everything(client: FlaskClient, maria: Account) -> None:
    an_installation(maria.tax_id)
    invitation = an_invitation(maria, [], extent=Extent.EVERYTHING, installation_count=1)
    an_installation(maria.tax_id)
    post(client, address(invitation, "/renewal"), {"accept_permission_terms": "yes"})
    renewed = lookup.find_successor(invitation)
    assert renewed is not None
    assert (renewed.extent, renewed.installation_count) == (Extent.EVERYTHING, 2)
