from flask import Flask
from sqlalchemy import text

from idp.extensions import db
from tests.browsing import sign_in_as
from tests.factories.accounts import an_account


def test_statements_stay_prepared_from_one_request_to_the_next(committed_app: Flask) -> None:
    browser = committed_app.test_client()
    with committed_app.app_context():
        sign_in_as(browser, an_account())
    for _ in range(4):
        assert browser.get("/account").status_code == 200
    with committed_app.app_context():
        kept = db.session.scalars(text("SELECT statement FROM pg_prepared_statements")).all()
    assert any("browser_sessions" in statement for statement in kept)
