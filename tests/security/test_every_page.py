"""What holds for every address of the service, walked over the routing: CSRF, framing, caches."""

from http import HTTPStatus

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.browsing import csrf_token, sign_in_as
from tests.conftest import make_app
from tests.factories.accounts import an_account

# Machine endpoints, which take no cookie, and two that only redirect to the same by GET.
WITHOUT_TOKEN = {
    "oauth.token",
    "oauth.push_request",
    "oauth.introspect",
    "oauth.revoke",
    "oauth.userinfo",
    "oauth.register",
    "oauth.registered_client",
    "oauth.post_authorize",
    "oauth.authorize_device",
    "oauth.authenticate_elsewhere",
    "oauth.post_logout",
}
MAY_BE_KEPT = {
    "static",
    "brand.sheet",
    "brand.mark",
    "oauth.openid_configuration",
    "oauth.authorization_server",
    "oauth.protected_resource",
    "oauth.protected_user_info",
    "oauth.protected_access",
    "oauth.protected_api",
    "oauth.jwks",
    "access.metadata",
    "api_documents.description",
}
CHANGING = {"POST", "PUT", "PATCH", "DELETE"}


def rules(app: Flask, methods: set[str]) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if methods & (rule.methods or set())]


def changing_by(rule: Rule) -> str:
    """POST, where the rule takes it."""
    methods = CHANGING & (rule.methods or set())
    return "POST" if "POST" in methods else min(methods)


def path_of(rule: Rule) -> str:
    parts = ("x" if is_variable else part for is_variable, part in rule._trace)
    return "".join(parts).removeprefix("|")


def test_every_change_asks_for_a_token_of_our_own_form(app: Flask, client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    changing = rules(app, CHANGING)
    assert len(changing) > 20
    for rule in changing:
        path, method = path_of(rule).replace("<uuid:public_id>", "x"), changing_by(rule)
        answer = client.open(path, method=method, data={"a": "b"})
        if rule.endpoint in WITHOUT_TOKEN or rule.endpoint.startswith(("access.", "api.")):
            assert answer.status_code in {303, 400, 401}, rule
        else:
            assert answer.status_code == HTTPStatus.BAD_REQUEST, rule
            assert "csrf_failed" in answer.text or "open for too long" in answer.text, rule


def test_what_takes_no_token_reads_no_cookie(app: Flask, client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    for path in ("/oauth/token", "/oauth/par", "/oauth/introspect", "/oauth/revoke"):
        assert client.post(path, data={"token": "x"}).status_code in {400, 401}
    assert client.post("/oauth/userinfo").status_code == HTTPStatus.UNAUTHORIZED


def test_nothing_can_be_framed_and_nothing_personal_is_kept(
    app: Flask, client: FlaskClient
) -> None:
    sign_in_as(client, an_account())
    for rule in rules(app, {"GET"}):
        answer = client.get(path_of(rule))
        headers = answer.headers
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], rule
        assert "unsafe" not in headers["Content-Security-Policy"], rule
        assert headers["X-Frame-Options"] == "DENY", rule
        assert headers["Referrer-Policy"] == "no-referrer", rule
        assert headers["X-Content-Type-Options"] == "nosniff", rule
        if rule.endpoint not in MAY_BE_KEPT:
            assert "no-store" in headers["Cache-Control"], rule


def test_behind_https_every_cookie_is_out_of_reach_of_subdomains(
    app: Flask, migrated_app: Flask
) -> None:
    secure = make_app(migrated_app.config["DATABASE_URL"], issuer="https://id.example.com")
    try:
        answer = secure.test_client().get("/login", base_url="https://id.example.com")
    finally:
        secure.extensions["oauth_caches"].stop()
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-form=")
    for flag in ("; Secure", "; HttpOnly", "; Path=/", "; SameSite=Lax"):
        assert flag in cookie
    assert "Domain=" not in cookie


def test_an_unknown_address_leads_to_nobody_elses_site(client: FlaskClient) -> None:
    for path in ("//evil.example/x", "/%5Cevil.example/x", "/%5C%5Cevil.example", "/x%3Fy%23z"):
        page = client.get(path)
        for text in ('href="//', 'href="/\\', "?y#z"):
            assert text not in page.text, path


def test_a_nul_in_an_address_is_not_found(app: Flask, client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    for path in ("/grants/%00", "/invitations/%00", "/account/applications/a%00/withdrawal"):
        assert client.get(path).status_code == HTTPStatus.NOT_FOUND
    token = csrf_token(client, "/account/sessions/others")
    gone = client.post("/account/applications/a%00/withdrawal", data={"csrf_token": token})
    assert gone.status_code == HTTPStatus.NOT_FOUND


def test_headers_that_are_no_text_are_not_our_fault(client: FlaskClient) -> None:
    hostile = {
        "Cookie": "session_token=\xff\xfe; form=\xff; staff_token=\xff",
        "Authorization": "Basic \xff",
        "Accept-Language": "\xff;q=x, en;q=nan",
        "User-Agent": "\xff" * 1000,
        "Accept": "\xff/*;q=q",
    }
    for name, value in hostile.items():
        for path in ("/login", "/account", "/admin/login"):
            assert client.get(path, headers={name: value}).status_code < 500, name
        assert client.post("/oauth/token", headers={name: value}).status_code < 500, name
