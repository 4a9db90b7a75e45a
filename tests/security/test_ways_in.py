"""The ways to be signed in are those that docs/security.md tells, and no others."""

import ast
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from idp import clock
from idp.accounts import pace
from idp.accounts.models import Account
from idp.admin.models import StaffMember
from idp.extensions import db
from idp.oauth.models import Client
from tests.browsing import post
from tests.factories.accounts import PASSWORD, an_account

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "security.md").read_text("utf-8")
# Forms that a stranger may send to the pages of people and of staff.
OPEN_FORMS = {
    "/login",
    "/login/factor",
    "/login/factor/passkey",
    "/login/factor/passkey/challenge",
    "/login/passkey",
    "/login/passkey/challenge",
    "/admin/login",
    "/admin/login/factor",
    "/recover",
    "/recover/email-unknown",
    "/recover/change-email",
    "/reset/<token>",
    "/email/confirmation/<token>",
    "/email/undo/<token>",
    "/factors/removal/<token>",
    "/register",
    "/register/steps/<step>",
    "/activate/<token>",
    "/activation/resend",
    "/sign-out",
}


def calls_of(names: set[str]) -> Iterator[tuple[str, str]]:
    """Each call in our code of something with one of these dotted names: the file, and the name."""
    for path in sorted((ROOT / "idp").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and (name := ast.unparse(node.func)) in names:
                yield path.relative_to(ROOT / "idp").as_posix(), name


def test_a_session_begins_in_one_place_after_a_password_a_factor_or_a_passkey() -> None:
    assert set(calls_of({"sessions.start", "browser_sessions.start"})) == {
        ("accounts/sign_in/services.py", "sessions.start"),
        ("admin/sign_in.py", "sessions.start"),  # the console's own
    }
    finishing = {"finish", "services.finish", "signing_in.finish", "sign_in.services.finish"}
    assert {path for path, _name in calls_of(finishing)} == {
        "accounts/sign_in/services.py",  # the password, where no factor is needed
        "accounts/factors/showing.py",  # a factor after it, or a passkey
    }


def is_guarded(view: Any) -> bool:
    """Whether something stands around the view; that its answer is paced keeps nobody out."""
    return hasattr(view, "__wrapped__") and view.__code__.co_filename != pace.__file__


def test_every_form_that_a_stranger_may_send_is_known(app: Flask) -> None:
    found = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint.partition(".")[0] in ("accounts", "admin")
        and "POST" in (rule.methods or set())
        and not is_guarded(app.view_functions[rule.endpoint])
    }
    assert found == OPEN_FORMS


def test_every_one_of_them_is_in_the_table_of_ways_in() -> None:
    section = DOCUMENT.partition("\n## Ways in\n")[2].partition("\n## ")[0]
    pages = {each.partition("/<")[0].removesuffix("/challenge") for each in OPEN_FORMS}
    missing = {page for page in pages if f"`{page}`" not in section}
    assert missing == {"/register", "/register/steps", "/sign-out"}  # these lead nobody in


def test_a_new_database_has_no_account_and_no_password(app: Flask) -> None:
    for model in (Account, StaffMember, Client):
        assert db.session.scalar(select(func.count()).select_from(model)) == 0


def test_a_password_is_good_until_it_is_changed(app: Flask, client: FlaskClient) -> None:
    long_ago = clock.now() - timedelta(days=3650)
    an_account(password_changed_at=long_ago, activated_at=long_ago)
    typed = {"identifier": "529.982.247-25", "password": PASSWORD}
    assert post(client, "/login", typed).location == "/"
    assert client.get("/account").status_code == 200
