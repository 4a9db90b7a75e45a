"""The same code from two browsers at the same moment: one gets in."""

from functools import partial

from flask import Flask
from sqlalchemy import func, select

from idp.admin.models import StaffSession
from idp.extensions import db
from tests.browsing import csrf_token
from tests.factories.admin import a_code, a_member, sign_in_staff
from tests.together import at_once

BROWSERS = 4


def test_a_code_given_twice_at_the_same_moment_works_once(committed_app: Flask) -> None:
    clients = [committed_app.test_client() for _ in range(BROWSERS)]
    with committed_app.app_context():
        member = a_member()
        for client in clients:
            sign_in_staff(client, member, second_factor=False)
    tokens = [csrf_token(client, "/admin/login/factor") for client in clients]
    code = a_code()

    def give(number: int) -> int:
        form = {"csrf_token": tokens[number], "code": code}
        return clients[number].post("/admin/login/factor", data=form).status_code

    answers = at_once(*[partial(give, number) for number in range(BROWSERS)])
    assert sorted(answers) == [303] + [422] * (BROWSERS - 1)
    with committed_app.app_context():
        opened = select(func.count()).where(StaffSession.second_factor_at.is_not(None))
        assert db.session.scalar(opened) == 1
