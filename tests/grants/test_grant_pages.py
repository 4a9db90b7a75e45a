"""Pages of grants: the two lists, one grant, taking it back and giving it up."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from idp import clock
from idp.accounts.models import Account
from idp.audit import Actor
from idp.extensions import db
from idp.grants import services
from idp.grants.models import Grant, Level, State
from idp.mail.models import Mail
from tests.browsing import errors_of, heading_of, links_of, post, read, sign_in_as, values_of
from tests.factories.accounts import an_account, joao
from tests.factories.grants import a_grant
from tests.factories.registry import holdings

OTHER = "br:cpf:11144477735"
UNKNOWN = ["g_nothing", "1", "%00", "g_'--", "g_" + "x" * 5000, "<b>"]


@pytest.fixture
def maria(app: Flask) -> Account:
    return an_account()


@pytest.fixture
def guest(app: Flask) -> Account:
    return joao()


def text_of(response: TestResponse) -> str:
    return response.get_data(as_text=True)


def fresh(grant: Grant) -> Grant:
    db.session.expire_all()
    return db.session.get_one(Grant, grant.id)


def listed(response: TestResponse) -> list[str]:
    return [each for each in links_of(response) if each.startswith("/grants/g_")]


def mails() -> int:
    return db.session.scalar(select(func.count()).select_from(Mail)) or 0


def test_the_lists_show_both_sides_past_ones_included(
    client: FlaskClient, maria: Account, guest: Account
) -> None:
    owned = holdings(maria.tax_id, 2)
    active = a_grant(maria, guest, owned, level=Level.FULL)
    past = a_grant(maria, guest, owned)
    services.revoke(past, by=maria.actor, at=clock.now())
    back = a_grant(guest, maria, holdings(guest.tax_id, 1))
    sign_in_as(client, maria)
    addresses = [f"/grants/{each.public_id}" for each in (past, active)]
    page = client.get("/grants")
    assert listed(page) == addresses
    assert "Taken back" in text_of(page)
    assert "Active" in text_of(page)
    assert listed(client.get("/grants?side=received")) == [f"/grants/{back.public_id}"]
    assert listed(client.get("/grants?standing=active")) == addresses[1:]
    assert listed(client.get("/grants?standing=past")) == addresses[:1]
    assert listed(client.get("/grants?q=joao")) == addresses
    assert listed(client.get("/grants?q=nobody")) == []
    assert listed(client.get("/grants?side=x&standing=y")) == addresses


def test_a_grant_past_its_end_date_is_shown_as_expired_before_the_worker_says_so(
    client: FlaskClient, maria: Account, guest: Account
) -> None:
    at = clock.now() - timedelta(days=2)
    grant = a_grant(
        maria, guest, holdings(maria.tax_id, 1), expires_at=at + timedelta(days=1), at=at
    )
    sign_in_as(client, guest)
    assert "Expired" in text_of(client.get("/grants?side=received&standing=past"))
    assert listed(client.get("/grants?side=received&standing=active")) == []
    page = client.get(f"/grants/{grant.public_id}")
    assert "This access has ended" in text_of(page)
    assert f"/grants/{grant.public_id}/renunciation" not in links_of(page)


def test_the_parties_see_each_others_name_and_masked_tax_id(
    client: FlaskClient, maria: Account, guest: Account
) -> None:
    grant = a_grant(maria, guest, holdings(maria.tax_id, 1))
    sign_in_as(client, maria)
    hers = text_of(client.get(f"/grants/{grant.public_id}"))
    sign_in_as(client, guest)
    his = text_of(client.get(f"/grants/{grant.public_id}"))
    for page in (hers, his):
        assert "Maria da Silva" in page
        assert "João Souza" in page
    assert "529.982.247-25" in hers
    assert "390.533.447-05" not in hers
    assert "529.982.247-25" not in his
    assert "390.533.447-05" in his


def test_the_history_tells_in_plain_words_who_did_what(
    client: FlaskClient, maria: Account, guest: Account
) -> None:
    owned = holdings(maria.tax_id, 3)
    grant = a_grant(maria, guest, owned)
    services.revoke_installations(grant, [owned[0].id], by=maria.actor, at=clock.now())
    services.revoke(grant, by=Actor("staff", "t_ana"), at=clock.now(), reason="secret remark")
    sign_in_as(client, guest)
    page = text_of(client.get(f"/grants/{grant.public_id}"))
    assert "Access taken back · Customer service" in page
    assert "Access to 1 installation ended · Maria da Silva" in page
    assert "Access began · You" in page
    assert "secret remark" not in page
    assert "t_ana" not in page


@pytest.mark.parametrize("name", UNKNOWN)
@pytest.mark.parametrize("suffix", ["", "/revocation", "/renunciation"])
def test_an_unknown_grant_is_not_found(
    client: FlaskClient, maria: Account, name: str, suffix: str
) -> None:
    sign_in_as(client, maria)
    assert client.get(f"/grants/{name}{suffix}").status_code == 404


@pytest.mark.parametrize("suffix", ["", "/revocation", "/renunciation"])
def test_others_grants_are_not_found(
    client: FlaskClient, maria: Account, guest: Account, suffix: str
) -> None:
    grant = a_grant(maria, guest, holdings(maria.tax_id, 1))
    sign_in_as(client, an_account(OTHER, "Ana", "ana@example.com"))
    path = f"/grants/{grant.public_id}{suffix}"
    assert client.get(path).status_code == 404
    if suffix:
        assert post(client, path, form_path="/grants").status_code == 404
    assert fresh(grant).state is State.ACTIVE


def test_each_party_has_its_own_way_to_end_it_and_not_the_others(
    client: FlaskClient, maria: Account, guest: Account
) -> None:
    grant = a_grant(maria, guest, holdings(maria.tax_id, 1))
    path = f"/grants/{grant.public_id}"
    for account, own, others in (
        (maria, "revocation", "renunciation"),
        (guest, "renunciation", "revocation"),
    ):
        sign_in_as(client, account)
        assert f"{path}/{own}" in links_of(client.get(path))
        assert f"{path}/{others}" not in links_of(client.get(path))
        assert client.get(f"{path}/{others}").status_code == 403
        assert post(client, f"{path}/{others}", form_path="/grants").status_code == 403
    assert fresh(grant).state is State.ACTIVE


def test_revoking_names_what_is_lost_and_for_whom_then_does_it(
    client: FlaskClient, maria: Account, guest: Account
) -> None:
    grant = a_grant(maria, guest, holdings(maria.tax_id, 1), level=Level.FULL)
    path = f"/grants/{grant.public_id}/revocation"
    sign_in_as(client, maria)
    page = client.get(path)
    assert heading_of(page) == "Take back the access of João Souza?"
    assert "no longer see this installation or make changes to it" in text_of(page)
    assert 'id="grant-revoke"' in text_of(page)
    assert fresh(grant).state is State.ACTIVE
    done = post(client, path, values_of(page))
    assert (done.status_code, done.location) == (303, f"/grants/{grant.public_id}")
    assert fresh(grant).state is State.REVOKED
    shown = client.get(done.location)
    assert "João Souza can no longer see these installations" in text_of(shown)
    assert path not in links_of(shown)


def test_a_revocation_sent_again_shows_the_settled_state(
    client: FlaskClient, maria: Account, guest: Account
) -> None:
    grant = a_grant(maria, guest, holdings(maria.tax_id, 1))
    path = f"/grants/{grant.public_id}/revocation"
    sign_in_as(client, maria)
    for _ in range(3):
        done = post(client, path, {"extent": "all"}, form_path="/grants")
        assert (done.status_code, done.location) == (303, f"/grants/{grant.public_id}")
    assert client.get(path).status_code == 303
    assert fresh(grant).version == 2
    assert mails() == 2


def test_some_installations_can_be_taken_back(
    client: FlaskClient, maria: Account, guest: Account
) -> None:
    owned = holdings(maria.tax_id, 3)
    grant = a_grant(maria, guest, owned)
    path = f"/grants/{grant.public_id}/revocation"
    sign_in_as(client, maria)
    chosen = [str(owned[0].public_id), str(owned[2].public_id)]
    done = post(client, path, {"extent": "some", "installations": chosen})
    assert done.status_code == 303
    assert (fresh(grant).state, grant.installation_count) == (State.ACTIVE, 1)
    shown = text_of(client.get(done.location))
    assert "The access to the installations you chose has ended." in shown
    boxes = [each for each in read(client.get(path)).inputs if each.get("name") == "installations"]
    assert boxes == []
    again = post(client, path, {"extent": "some", "installations": chosen})
    assert again.status_code == 303
    assert fresh(grant).installation_count == 1


@pytest.mark.parametrize(
    "chosen",
    [
        [],
        [""],
        ["nonsense"],
        ["'; DROP TABLE grants"],
        ["\x00"],
        ["00000000-0000-0000-0000-000000000000"],
        ["x" * 100_000],
        ["1"] * 400,
        ["another's"],
    ],
)
def test_a_choice_of_nothing_is_an_error_at_the_field(
    client: FlaskClient, maria: Account, guest: Account, chosen: list[str]
) -> None:
    owned = holdings(maria.tax_id, 3)
    grant = a_grant(maria, guest, owned[:2])
    if chosen == ["another's"]:
        chosen = [str(owned[2].public_id)]
    sign_in_as(client, maria)
    path = f"/grants/{grant.public_id}/revocation"
    page = post(client, path, {"extent": "some", "installations": chosen})
    assert page.status_code == 422
    assert errors_of(page) == {"installations": "Choose at least one installation."}
    assert values_of(page)["extent"] == "some"
    assert read(page).title.startswith("Error")
    assert fresh(grant).version == 1


@pytest.mark.parametrize("extent", ["", "everything", "ALL", "\x00", "<b>"])
def test_an_extent_that_does_not_exist_is_an_error_at_the_field(
    client: FlaskClient, maria: Account, guest: Account, extent: str
) -> None:
    grant = a_grant(maria, guest, holdings(maria.tax_id, 2))
    sign_in_as(client, maria)
    page = post(client, f"/grants/{grant.public_id}/revocation", {"extent": extent})
    assert page.status_code == 422
    assert errors_of(page) == {"extent": "Choose what to take back."}
    assert fresh(grant).state is State.ACTIVE


def test_ticked_boxes_beside_the_whole_access_are_asked_about_before_anything_is_lost(
    client: FlaskClient, maria: Account, guest: Account
) -> None:
    owned = holdings(maria.tax_id, 2)
    grant = a_grant(maria, guest, owned)
    sign_in_as(client, maria)
    ticked = str(owned[0].public_id)
    path = f"/grants/{grant.public_id}/revocation"
    page = post(client, path, {"extent": "all", "installations": [ticked]})
    assert page.status_code == 422
    assert list(errors_of(page)) == ["extent"]
    assert values_of(page) == {"extent": "all", "installations": ticked}
    assert fresh(grant).version == 1


def test_naming_installations_alone_means_these(
    client: FlaskClient, maria: Account, guest: Account
) -> None:
    owned = holdings(maria.tax_id, 2)
    grant = a_grant(maria, guest, owned)
    sign_in_as(client, maria)
    path = f"/grants/{grant.public_id}/revocation"
    post(client, path, {"installations": [str(owned[0].public_id)]})
    assert fresh(grant).installation_count == 1
    post(client, path)
    assert fresh(grant).state is State.REVOKED


def test_a_large_grant_is_narrowed_page_by_page(
    client: FlaskClient, maria: Account, guest: Account
) -> None:
    owned = holdings(maria.tax_id, 60)
    grant = a_grant(maria, guest, owned)
    sign_in_as(client, maria)
    path = f"/grants/{grant.public_id}/revocation"
    second = client.get(f"{path}?page=2")
    boxes = [each["value"] for each in read(second).inputs if each.get("name") == "installations"]
    assert boxes == [str(each.public_id) for each in owned[50:]]
    found = client.get(f"{path}?q={owned[3].code}")
    boxes = [each["value"] for each in read(found).inputs if each.get("name") == "installations"]
    assert boxes == [str(owned[3].public_id)]
    assert client.get(f"/grants/{grant.public_id}?page=99999999999999999999").status_code == 200


def test_the_guest_gives_the_access_up(client: FlaskClient, maria: Account, guest: Account) -> None:
    grant = a_grant(maria, guest, holdings(maria.tax_id, 2))
    path = f"/grants/{grant.public_id}/renunciation"
    sign_in_as(client, guest)
    page = client.get(path)
    assert "no longer see these 2 installations" in text_of(page)
    assert 'id="grant-renounce"' in text_of(page)
    for _ in range(2):
        done = post(client, path, form_path="/grants")
        assert (done.status_code, done.location) == (303, f"/grants/{grant.public_id}")
    assert fresh(grant).state is State.RENOUNCED
    assert "You can no longer see" in text_of(client.get(done.location))
    assert client.get(path).status_code == 303
    assert mails() == 2


@pytest.mark.parametrize("suffix", ["revocation", "renunciation"])
def test_nothing_ends_without_the_forms_token(
    client: FlaskClient, maria: Account, guest: Account, suffix: str
) -> None:
    grant = a_grant(maria, guest, holdings(maria.tax_id, 1))
    for account in (maria, guest):
        sign_in_as(client, account)
        refused = client.post(f"/grants/{grant.public_id}/{suffix}", data={"extent": "all"})
        assert refused.status_code == 400
    assert fresh(grant).state is State.ACTIVE


def test_switching_the_language_on_the_revocation_revokes_nothing(
    client: FlaskClient, maria: Account, guest: Account
) -> None:
    grant = a_grant(maria, guest, holdings(maria.tax_id, 2))
    sign_in_as(client, maria)
    path = f"/grants/{grant.public_id}/revocation"
    switched = post(
        client, f"{path}?lang=es", {"extent": "all", "switch_language": "es"}, form_path=path
    )
    assert switched.status_code == 303
    assert fresh(grant).state is State.ACTIVE


def test_a_flood_of_fields_is_refused_without_a_fault(
    client: FlaskClient, maria: Account, guest: Account
) -> None:
    grant = a_grant(maria, guest, holdings(maria.tax_id, 2))
    sign_in_as(client, maria)
    path = f"/grants/{grant.public_id}/revocation"
    flood = post(client, path, {"extent": "some", "installations": "x" * 1_000_000})
    assert flood.status_code == 413
    assert fresh(grant).state is State.ACTIVE
