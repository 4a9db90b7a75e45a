"""Who may have the paper and the list, and what is in the list."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from idp import clock
from idp.accounts.models import Account
from idp.admin.models import Role
from idp.grants import services as grants
from idp.invitations import lookup, services
from idp.invitations.models import Invitation
from idp.invitations.views import papers
from tests.admin.scene import staff
from tests.browsing import links_of, sign_in_as
from tests.factories.accounts import an_account, joao
from tests.factories.grants import a_grant
from tests.factories.invitations import an_invitation
from tests.factories.papers import an_accepted_protocol, text_of
from tests.factories.registry import holdings

RITA = "br:cpf:11144477735"


@pytest.fixture
def maria(client: FlaskClient) -> Account:
    return an_account()


def of_inviter(invitation: Invitation, name: str = "protocol.pdf") -> str:
    return f"/invitations/sent/{invitation.public_id}/{name}"


def of_guest(invitation: Invitation) -> str:
    return f"/invitations/{lookup.token_of(invitation)}/protocol.pdf"


def rita() -> Account:
    return an_account(RITA, "Rita Alves", "rita@example.com")


def test_the_inviter_has_both_from_the_page_of_what_was_sent(
    client: FlaskClient, maria: Account
) -> None:
    invitation = an_invitation(maria)
    sign_in_as(client, maria)
    page = client.get(f"/invitations/sent/{invitation.public_id}")
    for name, kind in (("protocol.pdf", "application/pdf"), ("installations.csv", "text/csv")):
        path = of_inviter(invitation, name)
        assert path in links_of(page)
        answer = client.get(path)
        assert (answer.status_code, answer.mimetype) == (200, kind)
        ending = name.rpartition(".")[2]
        said = f"attachment; filename={invitation.protocol}.{ending}"
        assert answer.headers["Content-Disposition"] == said
        assert answer.headers["Cache-Control"] == "no-store"
    assert invitation.protocol in text_of(client.get(of_inviter(invitation)).data)
    assert of_inviter(invitation) in links_of(
        client.get(f"/invitations/sent/{invitation.public_id}/confirmation")
    )


def test_the_guest_has_the_paper_before_and_after_accepting(
    client: FlaskClient, maria: Account
) -> None:
    guest, invitation = joao(), an_invitation(maria)
    sign_in_as(client, guest)
    link = f"/invitations/{lookup.token_of(invitation)}"
    assert of_guest(invitation) in links_of(client.get(link))
    assert client.get(of_guest(invitation)).mimetype == "application/pdf"
    services.accept(invitation.public_id, guest=guest, locale="en", at=clock.now())
    guest.name = "João de Souza Neto"
    assert client.get(of_guest(invitation)).status_code == 200
    assert invitation.grant is not None
    assert f"/grants/{invitation.grant.public_id}/protocol.pdf" in links_of(client.get(link))
    assert client.get(of_inviter(invitation)).status_code == 404
    assert client.get(of_inviter(invitation, "installations.csv")).status_code == 404


def test_having_the_guests_link_is_not_enough(client: FlaskClient, maria: Account) -> None:
    invitation = an_invitation(maria)
    assert client.get(of_guest(invitation)).location.startswith("/login")
    sign_in_as(client, rita())
    assert client.get(of_guest(invitation)).status_code == 403
    assert client.get("/invitations/forged.token/protocol.pdf").status_code == 404


def test_nobody_else_has_anything(client: FlaskClient, maria: Account) -> None:
    grant = an_accepted_protocol(maria, joao())
    invitation = lookup.find_by_grant(grant)
    assert invitation is not None
    paths = [
        *(of_inviter(invitation), of_inviter(invitation, "installations.csv")),
        f"/grants/{grant.public_id}/protocol.pdf",
    ]
    for path in paths:
        assert client.get(path).location.startswith("/login")
    sign_in_as(client, rita())
    for path in paths:
        assert client.get(path).status_code == 404


def test_both_parties_have_it_from_the_grants_page_after_its_end_too(
    client: FlaskClient, maria: Account
) -> None:
    guest = joao()
    grant = an_accepted_protocol(maria, guest)
    path = f"/grants/{grant.public_id}/protocol.pdf"
    for account in (maria, guest):
        sign_in_as(client, account)
        assert path in links_of(client.get(f"/grants/{grant.public_id}"))
        assert client.get(path).mimetype == "application/pdf"
    grants.revoke(grant, by=maria.actor, at=clock.now())
    assert "Taken back" in text_of(client.get(path).data)


def test_a_grant_that_came_without_an_invitation_has_no_protocol(
    client: FlaskClient, maria: Account
) -> None:
    grant = a_grant(maria, joao(), holdings(maria.tax_id, 1))
    sign_in_as(client, maria)
    path = f"/grants/{grant.public_id}/protocol.pdf"
    assert path not in links_of(client.get(f"/grants/{grant.public_id}"))
    assert client.get(path).status_code == 404


def test_staff_who_see_invitations_have_the_paper(client: FlaskClient, maria: Account) -> None:
    grant = an_accepted_protocol(maria, joao())
    invitation = lookup.find_by_grant(grant)
    assert invitation is not None
    path = f"/admin/invitations/{invitation.public_id}/protocol.pdf"
    assert client.get(path).location == "/admin/login"
    for role, status in ((Role.OPERATOR, 403), (Role.AUDITOR, 200), (Role.SUPPORT, 200)):
        staff(client, role)
        answer = client.get(path)
        assert answer.status_code == status
    assert "***.982.247-**" in text_of(answer.data)
    for page in (f"/admin/invitations/{invitation.public_id}", f"/admin/grants/{grant.public_id}"):
        assert path in links_of(client.get(page))
    assert client.get("/admin/invitations/v_unknown/protocol.pdf").status_code == 404


def test_downloads_are_limited_by_account(
    client: FlaskClient, maria: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = type(papers.DOWNLOADS)("test.download", 2, timedelta(hours=1))
    monkeypatch.setattr(papers, "DOWNLOADS", few)
    invitation = an_invitation(maria)
    sign_in_as(client, maria)
    statuses = [client.get(of_inviter(invitation)).status_code for _time in range(3)]
    assert statuses == [200, 200, 429]
