"""One address for several businesses, one form sent twice, one licence judged twice: at once."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from config import profiles
from idp import clock, signing
from idp.accounts.models import Account, Registration
from idp.accounts.registration import agencies, drafts
from idp.accounts.registration.drafts import Answers
from idp.accounts.registration.errors import AgencyReviewed
from idp.accounts.registration.models import Agency, RegistrationDraft
from idp.audit import Actor
from idp.extensions import db, transaction
from idp.mail.models import Mail
from tests.accounts.test_concurrency import AT_ONCE, at_once, count
from tests.browsing import csrf_token
from tests.factories.accounts import MARIA, a_registration, an_account
from tests.factories.registration import ACCEPTED, AGENCY, PERSON, a_draft_cookie, an_agency

CODES = ["110000003", "110000010", "110000028", "304151376"]
CHOSEN = {"password": "Penki_Arkliai7", "password_confirmation": "Penki_Arkliai7"}


def under(app: Flask, market: str) -> None:
    app.config.update(PROFILE=profiles.load(market), TAX_ID_SCHEMES=("lt:code", "br:cpf"))
    app.config.update(PASSWORD_MINIMUM_LENGTH=8)


def browsing(
    app: Flask, paths: list[str], data: dict[str, str], token: str = ""
) -> Callable[[int], int]:
    """Each thread posts from a browser of its own, whose form was opened before."""
    browsers = [app.test_client() for _path in paths]
    for browser in browsers:
        if token:
            browser.set_cookie(drafts.cookie_name(), token)
    tokens = [csrf_token(browser, "/login") for browser in browsers]

    def act(number: int) -> int:
        form = {**data, "csrf_token": tokens[number]}
        return browsers[number].post(paths[number], data=form).status_code

    return act


def test_of_several_activations_for_one_address_one_opens_an_account(committed_app: Flask) -> None:
    under(committed_app, "lt-business")
    with committed_app.app_context():
        waiting = [
            a_registration(f"lt:code:{code}", email="ona@example.lt", password_hash="").public_id
            for code in CODES
        ]
        paths = [f"/activate/{signing.sign('activation', each)}" for each in waiting]
        act = browsing(committed_app, paths, CHOSEN)
    assert at_once(len(paths), act) == [303] + [409] * (len(paths) - 1)
    with committed_app.app_context():
        assert db.session.scalars(select(Account.email)).all() == ["ona@example.lt"]
        assert count(Mail) == 1


def test_of_several_clicks_one_sends_the_form(committed_app: Flask) -> None:
    under(committed_app, "br-portal")
    with committed_app.app_context():
        token, at = a_draft_cookie(), clock.now()
        row = db.session.scalars(select(RegistrationDraft)).one()
        drafts.write(row, Answers("agency", "", "hash", {**PERSON, **AGENCY}), at=at)
        db.session.commit()
        committed_app.config["MAILS_PER_ADDRESS"] = 100
        paths = ["/register/steps/3"] * AT_ONCE
        act = browsing(committed_app, paths, ACCEPTED, token)
    assert at_once(AT_ONCE, act) == [303] * AT_ONCE
    with committed_app.app_context():
        assert (count(Registration), count(Mail)) == (1, 1)


@pytest.mark.parametrize("number", [AT_ONCE])
def test_of_several_reviewers_one_decides(committed_app: Flask, number: int) -> None:
    with committed_app.app_context():
        public_id = an_agency(an_account(MARIA)).public_id

    def decide(which: int) -> int:
        with committed_app.app_context():
            try:
                with transaction():
                    by = Actor("staff", f"m_{which}")
                    agencies.confirm(public_id, version=1, by=by, at=clock.now())
            except AgencyReviewed:
                return 409
            return 200

    assert at_once(number, decide) == [200] + [409] * (number - 1)
    with committed_app.app_context():
        assert (count(Agency), count(Mail)) == (1, 1)
