import pytest
from flask.testing import FlaskClient

from idp.headers import allow_form_redirect

PATHS = ("/login", "/healthz", "/nothing-here", "/static/outorga.css")


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_security_headers(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    for word in ("unsafe", "*", "http:", "https:"):
        assert word not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"]


def test_pages_are_never_cached(client: FlaskClient) -> None:
    assert client.get("/login").headers["Cache-Control"] == "no-store"


def test_https_is_asked_to_stay_https(client: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/healthz").headers
    secure = client.get("/healthz", base_url="https://localhost")
    assert int(secure.headers["Strict-Transport-Security"].split("=")[1]) >= 31_536_000


@pytest.mark.parametrize(
    ("uri", "origin"),
    [
        ("https://app.example/callback?x=1", "https://app.example"),
        ("http://localhost:8001/callback", "http://localhost:8001"),
        ("com.example.app:/callback", "com.example.app:"),
    ],
)
def test_a_page_lets_its_form_lead_on_to_one_origin_more(
    client: FlaskClient, uri: str, origin: str
) -> None:
    app = client.application
    with app.test_request_context("/"):
        allow_form_redirect(uri)
        response = app.process_response(app.make_response("x"))
    assert response.headers["Content-Security-Policy"].endswith(f"form-action 'self' {origin}")
