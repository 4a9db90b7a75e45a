"""Who may have the paper and the list, and what is in the list."""

import csv
import hashlib
from datetime import timedelta
from io import StringIO

import pytest
from flask.testing import FlaskClient

from idp import clock
from idp.accounts.models import Account
from idp.admin.models import Role
from idp.grants import services as grants
from idp.grants.models import Extent
from idp.invitations import lookup, services
from idp.invitations.models import Invitation
from idp.invitations.paper import listing
from idp.invitations.views import papers
from tests.admin.scene import staff
from tests.browsing import links_of, sign_in_as
from tests.factories.accounts import an_account, joao
from tests.factories.grants import a_grant
from tests.factories.invitations import an_invitation
from tests.factories.papers import an_accepted_protocol, recorded, text_of
from tests.factories.registry import an_installation, holdings

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


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))


def test_the_list_has_every_installation_in_pieces(
    client: FlaskClient, maria: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "CHUNK", 2)
    places = [an_installation(maria.tax_id, code) for code in ("9", "10", "b", "A", "a")]
    invitation = an_invitation(maria, places)
    sign_in_as(client, maria)
    answer = client.get(of_inviter(invitation, "installations.csv"))
    assert answer.is_streamed
    header, *rows = rows_of(answer.text)
    assert header == ["Distributor", "Code", "Address", "City", "State"]
    assert [row[1] for row in rows] == ["10", "9", "A", "a", "b"]
    assert rows[0] == ["elektro", "10", "Rua das Flores, 10", "Campinas", "SP"]


def test_the_list_is_the_one_that_the_paper_means(client: FlaskClient, maria: Account) -> None:
    invitation = an_invitation(maria, holdings(maria.tax_id, 5))
    sign_in_as(client, maria)
    text = client.get(of_inviter(invitation, "installations.csv")).text
    # tail -n +2 installations.csv | cut -d ';' -f 1,2 | sha256sum
    lines = ";".join
    cut = "".join(f"{lines(line.split(';')[:2])}\n" for line in text.splitlines()[1:])
    assert hashlib.sha256(cut.encode()).hexdigest() == recorded(invitation).facts.list_sha256


@pytest.mark.parametrize("formula", ["=1+1", "+55", "-2", "@SUM(A1)", '=HYPERLINK("//evil";"x")'])
def test_no_address_acts_in_a_spreadsheet(
    client: FlaskClient, maria: Account, formula: str
) -> None:
    invitation = an_invitation(maria, [an_installation(maria.tax_id, "7", address=formula)])
    sign_in_as(client, maria)
    rows = rows_of(client.get(of_inviter(invitation, "installations.csv")).text)
    assert rows[1][2] == f"'{formula}"


def test_an_offer_of_everything_has_no_list(client: FlaskClient, maria: Account) -> None:
    invitation = an_invitation(maria, [], extent=Extent.EVERYTHING)
    sign_in_as(client, maria)
    path = of_inviter(invitation, "installations.csv")
    assert client.get(path).status_code == 404
    assert path not in links_of(client.get(f"/invitations/sent/{invitation.public_id}"))
    assert client.get(of_inviter(invitation)).status_code == 200


def test_an_empty_list_breaks_nothing(client: FlaskClient, maria: Account) -> None:
    invitation = an_invitation(maria, [])
    sign_in_as(client, maria)
    assert len(rows_of(client.get(of_inviter(invitation, "installations.csv")).text)) == 1
    assert client.get(of_inviter(invitation)).status_code == 200


def test_downloads_are_limited_by_account(
    client: FlaskClient, maria: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = type(papers.DOWNLOADS)("test.download", 2, timedelta(hours=1))
    monkeypatch.setattr(papers, "DOWNLOADS", few)
    invitation = an_invitation(maria)
    sign_in_as(client, maria)
    statuses = [client.get(of_inviter(invitation)).status_code for _time in range(3)]
    assert statuses == [200, 200, 429]
