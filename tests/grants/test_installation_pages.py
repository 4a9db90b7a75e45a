"""The list of installations, and the page of one."""

import re
import uuid
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from idp import clock
from idp.accounts.models import Account, Assurance
from idp.grants import services
from idp.grants.models import Level
from idp.registry.models import InstallationStatus
from tests.browsing import heading_of, links_of, read, sign_in_as
from tests.factories.accounts import an_account, joao
from tests.factories.grants import a_grant
from tests.factories.registry import a_holder, an_installation, holdings

OTHER = "br:cpf:11144477735"
HOSTILE = [
    "'; DROP TABLE grants; --",
    "%",
    "_" * 50,
    "\\",
    "a\x00b",
    "<script>alert(1)</script>",
    "[]",
    "ÇÃO " * 400,
    "🤷",
    "{{ 7331*7331 }}",
]
PAGES = ["-1", "0", "99999999999999999999", "abc", "1.5", "", "٣", "NaN"]


@pytest.fixture
def maria(app: Flask, client: FlaskClient) -> Account:
    account = an_account()
    sign_in_as(client, account)
    return account


def text_of(response: TestResponse) -> str:
    return response.get_data(as_text=True)


def listed(response: TestResponse) -> list[str]:
    """The public ids that the page links to, in order."""
    start = "/installations/"
    return [each[len(start) :] for each in links_of(response) if each.startswith(start)]


@pytest.mark.parametrize(
    "path", ["/installations", f"/installations/{uuid.UUID(int=1)}", "/grants"]
)
def test_a_stranger_signs_in_first(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/login?next=")


def test_everything_i_may_see_is_grouped_by_relation_and_holder(
    maria: Account, client: FlaskClient
) -> None:
    own = holdings(maria.tax_id, 2)
    ana = an_account(OTHER, "Ana Lima", "ana@example.com")
    a_holder(OTHER, "Ana Lima")
    shared = holdings(OTHER, 3)
    a_grant(ana, maria, shared[:2], level=Level.FULL)
    page = client.get("/installations")
    assert page.status_code == 200
    assert listed(page) == [str(each.public_id) for each in (*own, *shared[:2])]
    body = text_of(page)
    assert body.index("In your name") < body.rindex("Shared with you") < body.index("<h3>Ana Lima")
    assert "See and make changes" in body
    assert "4 installations" in body


def test_search_finds_by_code_address_city_and_holder_without_accents_or_capitals(
    maria: Account, client: FlaskClient
) -> None:
    found = an_installation(
        maria.tax_id, code="42-ABC", address="Avenida São João, 7", city="Maringá"
    )
    others = holdings(maria.tax_id, 3)
    ana = an_account(OTHER, "Ana Lima", "ana@example.com")
    a_holder(OTHER, "Conceição Lima")
    shared = an_installation(OTHER, address="Rua Um")
    a_grant(ana, maria, [shared])
    for typed in ("42-abc", "sao joao", "MARINGÁ joão", "  avenida   42 "):
        page = client.get("/installations", query_string={"q": typed})
        assert listed(page) == [str(found.public_id)], typed
        assert "1 of 5" in text_of(page)
    assert listed(client.get("/installations?q=conceicao")) == [str(shared.public_id)]
    assert listed(client.get(f"/installations?q={others[0].code}")) == [str(others[0].public_id)]
    nothing = client.get("/installations?q=nowhere")
    assert listed(nothing) == []
    assert "Nothing matches your search" in text_of(nothing)
    assert 'value="nowhere"' in text_of(nothing)


def test_the_list_can_be_filtered_by_relation(maria: Account, client: FlaskClient) -> None:
    holdings(maria.tax_id, 2)
    ana = an_account(OTHER, "Ana Lima", "ana@example.com")
    shared = holdings(OTHER, 1)
    a_grant(ana, maria, shared)
    page = client.get("/installations?relation=delegate")
    assert listed(page) == [str(shared[0].public_id)]
    assert "1 of 3" in text_of(page)
    assert len(listed(client.get("/installations?relation=nonsense"))) == 3


def test_pages_follow_one_another_across_groups_without_gap_or_repetition(
    maria: Account, client: FlaskClient
) -> None:
    own = holdings(maria.tax_id, 25)
    ana = an_account(OTHER, "Ana Lima", "ana@example.com")
    shared = holdings(OTHER, 30)
    a_grant(ana, maria, shared[:10])
    a_grant(ana, maria, shared[10:])
    seen = [each for n in (1, 2, 3) for each in listed(client.get(f"/installations?page={n}"))]
    assert seen == [str(each.public_id) for each in (*own, *shared)]
    found = [
        each for n in (1, 2, 3) for each in listed(client.get(f"/installations?q=rua&page={n}"))
    ]
    assert found == seen


@pytest.mark.parametrize("number", PAGES)
def test_a_page_that_does_not_exist_shows_the_nearest(
    maria: Account, client: FlaskClient, number: str
) -> None:
    holdings(maria.tax_id, 1)
    for path in ("/installations", "/grants"):
        assert client.get(path, query_string={"page": number}).status_code == 200
    assert len(listed(client.get("/installations", query_string={"page": number}))) == 1


@pytest.mark.parametrize("typed", HOSTILE)
def test_whatever_is_typed_into_the_search_is_only_text(
    maria: Account, client: FlaskClient, typed: str
) -> None:
    holdings(maria.tax_id, 2)
    a_grant(maria, joao(), holdings(maria.tax_id, 1))
    values = {"q": typed, "relation": typed, "standing": typed}
    for path, more in (("/installations", {}), ("/grants", {}), ("/grants", {"side": "received"})):
        page = client.get(path, query_string={**values, **more})
        assert page.status_code == 200
        assert "<script>alert" not in text_of(page)
        assert "53743561" not in heading_of(page)
    assert listed(client.get("/installations", query_string={"q": typed})) == []


def test_a_declared_account_is_led_to_the_proof_and_sees_nothing_of_its_own(
    app: Flask, client: FlaskClient
) -> None:
    account = an_account(assurance=Assurance.DECLARED)
    owned = holdings(account.tax_id, 1)
    sign_in_as(client, account)
    page = client.get("/installations")
    assert listed(page) == []
    assert "/account/proof" in links_of(page)
    assert client.get(f"/installations/{owned[0].public_id}").status_code == 404


def test_an_account_without_installations_is_told_how_they_appear(
    maria: Account, client: FlaskClient
) -> None:
    page = client.get("/installations")
    assert "appears here by itself" in text_of(page)
    assert "ajuda@outorga.test" in text_of(page)
    assert "/account/proof" not in links_of(page)


def test_the_holder_sees_who_else_has_access_and_can_give_more(
    maria: Account, client: FlaskClient
) -> None:
    (owned,) = holdings(maria.tax_id, 1)
    at = clock.now()
    grant = a_grant(maria, joao(), [owned], expires_at=at + timedelta(days=9), at=at)
    gone = a_grant(maria, an_account(OTHER, "Ana Lima", "ana@example.com"), [owned])
    services.revoke(gone, by=maria.actor, at=at)
    page = client.get(f"/installations/{owned.public_id}")
    assert heading_of(page) == owned.address
    assert f"/grants/{grant.public_id}" in links_of(page)
    assert f"/invitations/new?installation={owned.public_id}" in links_of(page)
    assert "529.982.247-25" in text_of(page)
    assert "João Souza" in text_of(page)
    assert "Ana Lima" not in text_of(page)


def test_a_delegate_sees_what_they_may_do_but_not_who_else_may(
    app: Flask, client: FlaskClient
) -> None:
    maria, guest = an_account(), joao()
    (owned,) = holdings(maria.tax_id, 1, status=InstallationStatus.INACTIVE)
    grant = a_grant(maria, guest, [owned])
    a_grant(maria, an_account(OTHER, "Ana Lima", "ana@example.com"), [owned])
    sign_in_as(client, guest)
    page = client.get(f"/installations/{owned.public_id}")
    assert "Maria da Silva lets you see it." in text_of(page)
    assert f"/grants/{grant.public_id}/renunciation" in links_of(page)
    assert not any(link.startswith("/invitations/new") for link in links_of(page))
    assert "Ana Lima" not in text_of(page)
    assert "529.982.247-25" not in text_of(page)
    assert "***.982.247-**" in text_of(page)


@pytest.mark.parametrize(
    "name", ["1", "..%2f..", "%00", "'--", "00000000-0000-0000-0000-000000000000", "x" * 5000]
)
def test_an_unknown_installation_is_not_found(
    maria: Account, client: FlaskClient, name: str
) -> None:
    assert client.get(f"/installations/{name}").status_code == 404


def without_what_differs(response: TestResponse) -> str:
    """The page without its own address, its form's token and the number of the request."""
    text = text_of(response).replace(response.request.path, "")
    return re.sub(r'value="[^"]*"|<code>[^<]*</code>', "", text)


def test_somebody_elses_installation_answers_as_one_that_does_not_exist(
    maria: Account, client: FlaskClient
) -> None:
    (foreign,) = holdings(OTHER, 1)
    theirs = client.get(f"/installations/{foreign.public_id}")
    nothing = client.get(f"/installations/{uuid.uuid4()}")
    assert theirs.status_code == nothing.status_code == 404
    assert without_what_differs(theirs) == without_what_differs(nothing)


def test_the_pages_speak_every_language(maria: Account, client: FlaskClient) -> None:
    owned = holdings(maria.tax_id, 1)
    grant = a_grant(maria, joao(), owned)
    paths = (
        "/installations",
        f"/installations/{owned[0].public_id}",
        "/grants",
        "/grants?side=received",
        f"/grants/{grant.public_id}",
        f"/grants/{grant.public_id}/revocation",
    )
    for path in paths:
        headings = set()
        for tag in ("en", "pt-BR", "es"):
            page = client.get(path, headers={"Accept-Language": tag})
            assert page.status_code == 200
            assert "%(" not in text_of(page)
            headings.add(read(page).title)
        assert len(headings) == (3 if "/installations/" not in path else 1), path
