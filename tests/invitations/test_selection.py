import pytest
from flask import Flask
from flask.testing import FlaskClient

from idp.accounts.models import Account
from idp.extensions import db
from idp.invitations import selection
from idp.pages.paging import Paging
from tests.browsing import sign_in_as
from tests.factories.accounts import an_account
from tests.factories.invitations import a_draft, an_invitation
from tests.factories.registry import an_installation, holdings
from tests.statements import statements_sent


@pytest.fixture
def maria(app: Flask) -> Account:
    return an_account()


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", True),
        ("são joão", True),
        ("SAO JOAO", True),
        ("joao 77", True),
        ("campinas", True),
        ("CONCEICAO", True),
        ("Conceição", True),
        ("9876", True),
        ("joao 78", False),
        ("%", False),
        ("_", False),
        (".*", False),
        ("[a-z]", False),
        ("j\\w+", False),
        ("\\", False),
        ("💥", False),
        ("x" * 256, False),
    ],
)
def test_a_search_reads_words_whatever_their_accents_and_case(
    maria: Account, search: str, found: bool
) -> None:
    an_installation(
        maria.tax_id, code="987654", address="Av. São João, 77 - Conceição", city="Campinas"
    )
    draft = a_draft(maria)
    draft.search = search
    db.session.flush()
    assert selection.count_listed(draft) == found
    assert len(selection.rows_of(draft, Paging(1, 1))) == found


def test_what_is_chosen_is_counted_once_however_often_it_is_chosen(maria: Account) -> None:
    mine = holdings(maria.tax_id, 3)
    draft = a_draft(maria, mine[:1])
    keys = [str(each.public_id) for each in mine]
    for _time in range(2):
        selection.record(draft, keys, keys)
        selection.choose_listed(draft)
    assert selection.count_chosen(draft) == selection.count_offerable(draft) == 3
    assert draft.version == 5


def test_choosing_what_is_listed_keeps_what_was_chosen_before(maria: Account) -> None:
    other = an_installation(maria.tax_id, city="Santos")
    here = holdings(maria.tax_id, 2)
    draft = a_draft(maria, [other])
    draft.search = "campinas"
    db.session.flush()
    selection.choose_listed(draft)
    db.session.refresh(draft)
    assert set(draft.installation_ids) == {other.id, *(each.id for each in here)}


@pytest.mark.parametrize("address", ["/invitations", "/invitations/received"])
def test_a_longer_list_asks_the_database_no_more_often(
    client: FlaskClient, maria: Account, address: str
) -> None:
    sign_in_as(client, maria)
    mine = [an_installation(maria.tax_id)]
    counts = []
    for number in (1, 15):
        for _time in range(number):
            an_invitation(maria, mine, guest_tax_id=maria.tax_id, guest_email=maria.email)
        db.session.expire_all()
        with statements_sent() as sent:
            assert client.get(address).status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1]
