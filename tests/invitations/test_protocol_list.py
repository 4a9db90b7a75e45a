"""The list of installations as a file."""

import csv
import hashlib
from io import StringIO

import pytest
from flask.testing import FlaskClient

from idp.accounts.models import Account
from idp.grants.models import Extent
from idp.invitations.models import Invitation
from idp.invitations.paper import listing
from tests.browsing import links_of, sign_in_as
from tests.factories.accounts import an_account
from tests.factories.invitations import an_invitation
from tests.factories.papers import recorded
from tests.factories.registry import an_installation, holdings


@pytest.fixture
def maria(client: FlaskClient) -> Account:
    return an_account()


def of_inviter(invitation: Invitation, name: str = "installations.csv") -> str:
    return f"/invitations/sent/{invitation.public_id}/{name}"


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))


def test_the_list_has_every_installation_in_pieces(
    client: FlaskClient, maria: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "CHUNK", 2)
    places = [an_installation(maria.tax_id, code) for code in ("9", "10", "b", "A", "a")]
    invitation = an_invitation(maria, places)
    sign_in_as(client, maria)
    answer = client.get(of_inviter(invitation))
    assert answer.is_streamed
    header, *rows = rows_of(answer.text)
    assert header == ["Distributor", "Code", "Address", "City", "State"]
    assert [row[1] for row in rows] == ["10", "9", "A", "a", "b"]
    assert rows[0] == ["elektro", "10", "Rua das Flores, 10", "Campinas", "SP"]


def test_the_list_is_the_one_that_the_paper_means(client: FlaskClient, maria: Account) -> None:
    invitation = an_invitation(maria, holdings(maria.tax_id, 5))
    sign_in_as(client, maria)
    text = client.get(of_inviter(invitation)).text
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
    rows = rows_of(client.get(of_inviter(invitation)).text)
    assert rows[1][2] == f"'{formula}"


def test_an_offer_of_everything_has_no_list(client: FlaskClient, maria: Account) -> None:
    invitation = an_invitation(maria, [], extent=Extent.EVERYTHING)
    sign_in_as(client, maria)
    path = of_inviter(invitation)
    assert client.get(path).status_code == 404
    assert path not in links_of(client.get(f"/invitations/sent/{invitation.public_id}"))
    assert client.get(of_inviter(invitation, "protocol.pdf")).status_code == 200


def test_an_empty_list_breaks_nothing(client: FlaskClient, maria: Account) -> None:
    invitation = an_invitation(maria, [])
    sign_in_as(client, maria)
    assert len(rows_of(client.get(of_inviter(invitation)).text)) == 1
    assert client.get(of_inviter(invitation, "protocol.pdf")).status_code == 200
