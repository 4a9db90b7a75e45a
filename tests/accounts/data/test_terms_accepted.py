"""The texts that somebody accepted, as they were."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from idp import clock, terms
from idp.accounts.models import Account
from idp.extensions import db
from idp.terms import Terms
from idp.terms.models import TermsAcceptance
from tests.browsing import heading_of, links_of, sign_in_as
from tests.factories.accounts import an_account, joao


def accepted(account: Account, kind: Terms = Terms.PLATFORM, locale: str = "es") -> TermsAcceptance:
    terms.accept(kind, account=account.public_id, locale=locale, at=clock.now())
    db.session.commit()
    query = select(TermsAcceptance).order_by(TermsAcceptance.id.desc()).limit(1)
    return db.session.scalars(query).one()


def test_a_stranger_signs_in_first(client: FlaskClient) -> None:
    for path in ("/account/terms", "/account/terms/1"):
        assert client.get(path).location == f"/login?next={path}"


def test_the_list_says_which_when_and_in_which_language(client: FlaskClient) -> None:
    maria = an_account()
    sign_in_as(client, maria)
    number = accepted(maria).id
    accepted(maria, Terms.AGENCY, "pt-BR")
    page = client.get("/account/terms")
    for said in ("Terms of use", "Statement of responsibility", "Español", "Português", "2026-"):
        assert said in page.text
    assert f"/account/terms/{number}" in links_of(page)


def test_the_text_is_the_one_that_was_read_whatever_the_language_of_the_page(
    client: FlaskClient,
) -> None:
    maria = an_account()
    sign_in_as(client, maria)
    acceptance = accepted(maria)
    page = client.get(f"/account/terms/{acceptance.id}?lang=lt")
    assert page.status_code == 200
    assert str(terms.current_text(Terms.PLATFORM, "es").html) in page.text
    assert '<div lang="es">' in page.text
    assert acceptance.sha256 in page.text


def test_whoever_accepted_nothing_is_shown_the_terms_there_are(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    page = client.get("/account/terms")
    assert "not accepted any" in page.text
    assert "/terms/platform" in links_of(page)


def test_what_somebody_else_accepted_is_not_found(client: FlaskClient) -> None:
    theirs = accepted(joao())
    sign_in_as(client, an_account())
    assert client.get(f"/account/terms/{theirs.id}").status_code == 404
    assert "Español" not in client.get("/account/terms").text.split("<main")[1]


@pytest.mark.parametrize("number", ["0", "x", "-1", "9" * 40, "%00", "1;DROP", "\u0661", "1.0"])
def test_nonsense_is_not_found(client: FlaskClient, number: str) -> None:
    sign_in_as(client, an_account())
    assert client.get(f"/account/terms/{number}").status_code == 404


def test_a_text_that_does_not_ship_any_more_is_said_to_be_gone(client: FlaskClient) -> None:
    maria = an_account()
    sign_in_as(client, maria)
    acceptance = accepted(maria)
    acceptance.sha256 = "0" * 64
    db.session.commit()
    page = client.get(f"/account/terms/{acceptance.id}")
    assert heading_of(page) == "Terms of use"
    assert "not kept here any more" in page.text


@pytest.mark.parametrize("version", ["../../../x", "2026-11/../2026-11", "1999-01"])
def test_a_version_that_is_none_reads_no_file(app: Flask, version: str) -> None:
    maria = an_account()
    acceptance = accepted(maria)
    acceptance.version = version
    acceptance.sha256 = "0" * 64
    assert terms.text_as_accepted(acceptance) is None


def test_every_shipped_text_is_found_by_its_hash(app: Flask) -> None:
    for kind in Terms:
        for locale in ("en", "pt-BR", "lt"):
            text = terms.current_text(kind, locale)
            acceptance = TermsAcceptance(
                terms=kind, version=text.version, locale=text.locale, sha256=text.sha256
            )
            assert terms.text_as_accepted(acceptance) == text


def test_many_are_paged(client: FlaskClient) -> None:
    maria = an_account()
    sign_in_as(client, maria)
    for _each in range(21):
        terms.accept(Terms.PERMISSION, account=maria.public_id, locale="en", at=clock.now())
    db.session.commit()
    assert client.get("/account/terms").text.count('class="card"') == 20
    assert client.get("/account/terms?page=2").text.count('class="card"') == 1
