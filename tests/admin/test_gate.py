"""Every page of the console, found by walking the routes: who is let in, who is not."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from idp.admin.models import Role
from idp.admin.rules import TABLE, Permission
from tests.browsing import csrf_token
from tests.factories.admin import a_member, sign_in_staff

OPEN = {"admin.sign_in", "admin.factor"}
METHODS = ("GET", "POST")
# Every page and what it takes; a new one has to be entered here.
PAGES = {
    "admin.home": Permission.ENTER,
    "admin.search": Permission.SEARCH,
    "admin.sign_out": Permission.ENTER,
    "admin.account": Permission.SEE_ACCOUNT,
    "admin.account_grants_given": Permission.SEE_ACCOUNT,
    "admin.account_grants_received": Permission.SEE_ACCOUNT,
    "admin.account_invitations": Permission.SEE_ACCOUNT,
    "admin.account_history": Permission.SEE_ACCOUNT,
    "admin.lock_account": Permission.LOCK_ACCOUNT,
    "admin.unlock_account": Permission.UNLOCK_ACCOUNT,
    "admin.erase_account": Permission.ERASE_ACCOUNT,
    "admin.correct_email": Permission.CORRECT_EMAIL,
    "admin.remove_factors": Permission.REMOVE_FACTORS,
    "admin.account_document": Permission.REVIEW_EVIDENCE,
    "admin.end_sessions": Permission.END_SESSIONS,
    "admin.grant": Permission.SEE_GRANT,
    "admin.grant_history": Permission.SEE_GRANT,
    "admin.grant_uses": Permission.SEE_GRANT,
    "admin.revoke_grant": Permission.REVOKE_GRANT,
    "admin.invitation": Permission.SEE_INVITATION,
    "admin.invitation_history": Permission.SEE_INVITATION,
    "admin.invitation_protocol": Permission.SEE_INVITATION,
    "admin.cancel_invitation": Permission.CANCEL_INVITATION,
    "admin.mandates": Permission.SEE_MANDATE,
    "admin.mandate": Permission.SEE_MANDATE,
    "admin.open_mandate": Permission.OPEN_MANDATE,
    "admin.mandate_document": Permission.REVIEW_EVIDENCE,
    "admin.read_mandate": Permission.REVIEW_EVIDENCE,
    "admin.compare_mandate": Permission.REVIEW_EVIDENCE,
    "admin.refuse_mandate": Permission.REVIEW_EVIDENCE,
    "admin.invite_again": Permission.OPEN_MANDATE,
    "admin.agencies": Permission.SEE_AGENCY,
    "admin.agency": Permission.SEE_AGENCY,
    "admin.confirm_agency": Permission.REVIEW_AGENCY,
    "admin.refuse_agency": Permission.REVIEW_AGENCY,
    "admin.trail": Permission.READ_TRAIL,
    "admin.clients": Permission.SEE_CLIENTS,
    "admin.client": Permission.SEE_CLIENTS,
    "admin.keys": Permission.SEE_KEYS,
    "admin.mails": Permission.SEE_MAILS,
    "admin.retry_mail": Permission.RETRY_MAIL,
}


def routes(app: Flask) -> list[tuple[str, str, str]]:
    """Endpoint, method and an address of each guarded route under /admin."""
    found = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/admin")]
    return [
        (rule.endpoint, method, address_of(app, rule))
        for rule in found
        if rule.endpoint not in OPEN
        for method in METHODS
        if method in (rule.methods or ())
    ]


def address_of(app: Flask, rule: Rule) -> str:
    """The rule's path with something that doesn't exist in each variable part."""
    adapter = app.url_map.bind("localhost")
    values = dict.fromkeys(rule.arguments, "x_unknown")
    return adapter.build(rule.endpoint, values, method="GET" if "GET" in rule.methods else "POST")


def ask(client: FlaskClient, method: str, path: str, token: str) -> TestResponse:
    data = {"csrf_token": token, "reason": "a reason", "term": "maria", "scope": "all"}
    return client.open(path, method=method, data=data if method == "POST" else None)


def test_every_page_is_in_the_list_and_carries_its_permission(app: Flask) -> None:
    endpoints = {endpoint for endpoint, _, _ in routes(app)}
    assert endpoints == set(PAGES)
    carried = {name: getattr(app.view_functions[name], "permission", None) for name in endpoints}
    assert carried == PAGES


def test_a_stranger_is_sent_to_the_sign_in_page_from_everywhere(
    app: Flask, client: FlaskClient
) -> None:
    token = csrf_token(client, "/admin/login")
    for _endpoint, method, path in routes(app):
        answer = ask(client, method, path, token)
        assert (path, answer.status_code, answer.location) == (path, 303, "/admin/login")


def test_half_a_sign_in_is_sent_to_the_page_for_the_code_from_everywhere(
    app: Flask, client: FlaskClient
) -> None:
    sign_in_staff(client, a_member(), second_factor=False)
    token = csrf_token(client, "/admin/login/factor")
    for _endpoint, method, path in routes(app):
        answer = ask(client, method, path, token)
        assert (path, answer.status_code, answer.location) == (path, 303, "/admin/login/factor")


@pytest.mark.parametrize("role", list(Role))
def test_a_role_is_refused_exactly_what_it_may_not_do(
    app: Flask, client: FlaskClient, role: Role
) -> None:
    member = a_member(role)
    for endpoint, method, path in routes(app):
        sign_in_staff(client, member)
        token = csrf_token(client, "/admin/")
        status = ask(client, method, path, token).status_code
        if PAGES[endpoint] in TABLE[role]:
            assert (path, status) in {(path, each) for each in (200, 303, 404, 422)}
        else:
            assert (method, path, status) == (method, path, 403)
