"""Old staff sessions are forgotten, recent ones are not."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from idp import clock
from idp.admin.models import StaffSession
from idp.admin.purging import purge
from idp.extensions import db
from tests.factories.admin import a_member, sign_in_staff


def test_a_staff_session_is_forgotten_a_month_after_its_end(app: Flask) -> None:
    member, at = a_member(), clock.now()
    sign_in_staff(app.test_client(), member, expires_at=at - timedelta(days=31))
    kept = sign_in_staff(app.test_client(), member, expires_at=at - timedelta(days=29))
    assert purge(at) == 1
    assert db.session.scalars(select(StaffSession)).all() == [kept]
