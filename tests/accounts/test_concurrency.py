"""The same link, the same limit, the same password: by several at the same moment."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from flask import Flask
from sqlalchemy import func, select

from idp import clock, signing
from idp.accounts import passwords, purging
from idp.accounts.lookup import find_by_tax_id, find_credentials
from idp.accounts.models import Account, BrowserSession, PasswordReset, Registration
from idp.accounts.passwords.services import set_password
from idp.accounts.sign_in import services as signing_in
from idp.accounts.sign_in.services import Outcome
from idp.extensions import db, transaction
from idp.identifiers import public_id
from idp.mail.models import Mail
from idp.taxids import TaxId
from tests import together
from tests.browsing import csrf_token
from tests.conftest import make_app
from tests.factories.accounts import MARIA, PASSWORD, a_registration, a_reset, an_account

AT_ONCE = 6


def at_once(count: int, act: Callable[[int], int]) -> list[int]:
    """What `act` answered in each of `count` threads that begin together, the lowest first."""
    return sorted(together.at_once(*[partial(act, number) for number in range(count)]))


def posting(app: Flask, paths: list[str], data: dict[str, str]) -> Callable[[int], int]:
    """Each thread posts from a browser of its own, whose form was opened before."""
    browsers = [app.test_client() for _path in paths]
    tokens = [csrf_token(browser, "/login") for browser in browsers]

    def act(number: int) -> int:
        form = {**data, "csrf_token": tokens[number]}
        return browsers[number].post(paths[number], data=form).status_code

    return act


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_one_activation_link_opens_one_account(committed_app: Flask) -> None:
    with committed_app.app_context():
        path = f"/activate/{signing.sign('activation', a_registration().public_id)}"
    answers = at_once(AT_ONCE, posting(committed_app, [path] * AT_ONCE, {}))
    assert answers == [303] + [409] * (AT_ONCE - 1)
    with committed_app.app_context():
        assert (count(Account), count(Mail)) == (1, 1)


def test_of_several_registrations_of_one_tax_id_one_wins(committed_app: Flask) -> None:
    with committed_app.app_context():
        references = [
            a_registration(email=f"m{number}@example.com").public_id for number in range(AT_ONCE)
        ]
        paths = [f"/activate/{signing.sign('activation', each)}" for each in references]
    answers = at_once(AT_ONCE, posting(committed_app, paths, {}))
    assert answers == [303] + [409] * (AT_ONCE - 1)
    with committed_app.app_context():
        assert count(Account) == 1
        used = db.session.scalars(
            select(Registration).where(Registration.activated_at.is_not(None))
        ).all()
        assert len(used) == 1


def test_one_reset_link_sets_one_password(committed_app: Flask) -> None:
    with committed_app.app_context():
        path = f"/reset/{signing.sign('reset', a_reset(an_account()).public_id)}"
    new = "seven blue umbrellas dancing"
    data = {"password": new, "password_confirmation": new}
    answers = at_once(AT_ONCE, posting(committed_app, [path] * AT_ONCE, data))
    assert answers == [303] + [409] * (AT_ONCE - 1)
    with committed_app.app_context():
        assert count(Mail) == 1


def test_a_sign_in_with_the_old_password_does_not_survive_its_change(committed_app: Flask) -> None:
    """The password changes after it was verified and before the session begins."""
    with committed_app.app_context():
        an_account()
    with committed_app.test_request_context(), transaction():
        account = find_credentials(TaxId.parse_canonical(MARIA))
        assert account is not None
        change_password(committed_app)
        outcome = signing_in.settle(account, password=PASSWORD, matches=True, at=clock.now())
        assert outcome is Outcome.REFUSED
    with committed_app.app_context():
        assert count(BrowserSession) == 0


def change_password(app: Flask) -> None:
    def run() -> None:
        with app.test_request_context(), transaction():
            account = find_by_tax_id(TaxId.parse_canonical(MARIA))
            assert account is not None
            new = passwords.hash_password("seven blue umbrellas dancing")
            set_password(account, new, by=account.actor, at=clock.now())

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def test_sign_ins_and_a_password_change_at_once_leave_no_session_behind(
    committed_app: Flask,
) -> None:
    with committed_app.app_context():
        an_account()
    data = {"identifier": "52998224725", "password": PASSWORD}
    sign_in = posting(committed_app, ["/login"] * AT_ONCE, data)

    def act(number: int) -> int:
        if number < AT_ONCE:
            return sign_in(number)
        change_password(committed_app)
        return 0

    answers = at_once(AT_ONCE + 1, act)
    assert set(answers) <= {0, 303, 422}
    with committed_app.app_context():
        live = select(BrowserSession).where(BrowserSession.ended_at.is_(None))
        assert db.session.scalars(live).all() == []


def test_a_limit_holds_across_processes_that_share_the_database(committed_app: Flask) -> None:
    other = make_app(committed_app.config["DATABASE_URL"])
    with committed_app.app_context():
        an_account()
    wrong = {"identifier": "52998224725", "password": "wrong"}
    answers = [
        posting(app, ["/login"], wrong)(0) for _n in range(6) for app in (committed_app, other)
    ]
    assert answers == [422] * 10 + [429] * 2
    with other.app_context():
        db.engine.dispose()


def test_a_limit_lets_no_more_through_at_once_than_one_by_one(committed_app: Flask) -> None:
    wrong = {"identifier": "52998224725", "password": "wrong"}
    answers = at_once(14, posting(committed_app, ["/login"] * 14, wrong))
    assert answers == [422] * 10 + [429] * 4


def test_knowing_the_password_forgives_the_tries_before(committed_app: Flask) -> None:
    with committed_app.app_context():
        an_account()
    wrong = {"identifier": "52998224725", "password": "wrong"}
    right = {**wrong, "password": PASSWORD}
    for _round in range(2):
        assert [posting(committed_app, ["/login"], wrong)(0) for _n in range(9)] == [422] * 9
        assert posting(committed_app, ["/login"], right)(0) == 303


def test_purging_forgets_what_has_served_its_purpose(app: Flask) -> None:
    at = clock.now()
    account = an_account()
    for days in (1, 9):
        a_registration(at=at - timedelta(days=days))
        a_reset(account, at=at - timedelta(days=days))
    for days in (1, 32):
        db.session.add(session_of(account, at - timedelta(days=days)))
    db.session.commit()
    with transaction():
        assert purging.purge(at) == 3
    assert [count(model) for model in (Registration, PasswordReset, BrowserSession)] == [1, 1, 1]


def session_of(account: Account, at: datetime) -> BrowserSession:
    name = public_id("s")
    return BrowserSession(
        public_id=name,
        token_hash=name.encode(),
        account_id=account.id,
        authenticated_at=at,
        amr=["pwd"],
        created_at=at,
        last_seen_at=at,
        expires_at=at + timedelta(hours=12),
        user_agent="",
    )
