"""What every page has: language, headers, a way to go on, and no surprise."""

import re
from collections.abc import Iterator
from http import HTTPStatus

import pytest
from flask import Flask, session
from flask.testing import FlaskClient

from config import Settings
from idp.extensions import db
from idp.forms import Form, keep_typed
from tests.browsing import csrf_token, heading_of, title_of, values_of
from tests.conftest import make_app
from tests.pages.sample import TAX_ID_OF_THE_BUG, add_sample_pages


@pytest.fixture(scope="module")
def sample() -> Flask:
    """An application with a form and with pages that fail."""
    app = make_app("postgresql://nobody:nothing@127.0.0.1:1/none?connect_timeout=1")
    add_sample_pages(app)
    return app


@pytest.fixture
def browser(sample: Flask) -> Iterator[FlaskClient]:
    """A browser that speaks English and is signed in nowhere."""
    client = sample.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    yield client
    with sample.app_context():
        db.session.remove()


@pytest.mark.parametrize(
    ("how", "status", "code"),
    [
        ("forbidden", 403, "not_allowed"),
        ("404", 404, "not_found"),
        ("conflict", 409, "conflict"),
        ("413", 413, "request_entity_too_large"),
        ("limited", 429, "too_many_attempts"),
        ("bug", 500, "server_error"),
        ("500", 500, "internal_server_error"),
        ("database", 503, "temporarily_unavailable"),
    ],
)
@pytest.mark.parametrize("language", ["en", "pt-BR", "es"])
def test_an_error_page_says_what_to_do_next(
    browser: FlaskClient, how: str, status: int, code: str, language: str
) -> None:
    response = browser.get(f"/fail/{how}", headers={"Accept-Language": language})
    html = response.get_data(as_text=True)
    assert response.status_code == status
    assert f'<code id="error-code">{code}</code>' in html
    assert f'<html lang="{language}"' in html
    assert title_of(response).startswith(("Error: ", "Erro: "))
    assert heading_of(response)
    assert 'href="/"' in html
    assert "ajuda@outorga.test" in html
    assert TAX_ID_OF_THE_BUG not in re.sub(r"\D", "", html)


def test_a_program_gets_problem_details(browser: FlaskClient) -> None:
    response = browser.get("/fail/conflict", headers={"Accept": "application/json"})
    assert response.content_type == "application/problem+json"
    assert response.get_json()["code"] == "conflict"


def test_an_unknown_address_is_not_found_whatever_it_holds(browser: FlaskClient) -> None:
    for path in ("/nothing", "/%00", "/<script>", "/" + "x" * 5000, "/terms/../x", "/terms/x"):
        response = browser.get(path)
        assert response.status_code == HTTPStatus.NOT_FOUND
        assert "<script>alert" not in response.get_data(as_text=True)


def test_every_answer_carries_the_security_headers(browser: FlaskClient) -> None:
    for path in ("/help/real", "/nothing", "/fail/bug", "/static/outorga.css"):
        with browser.get(path) as response:
            headers = response.headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"


def test_a_page_holds_nothing_that_the_policy_forbids(browser: FlaskClient) -> None:
    html = browser.get("/form").get_data(as_text=True)
    assert re.findall(r"\son\w+=", html) == []
    assert " style=" not in html
    assert re.findall(r"<script(?![^>]*\ssrc=)", html) == []
    assert re.findall(r"(?:src|href)=\"(?:https?:)?//", html) == []


def test_static_files_are_kept_for_good_under_an_address_of_their_content(
    browser: FlaskClient,
) -> None:
    html = browser.get("/help/real").get_data(as_text=True)
    addresses = re.findall(r'"(/(?:static/|brand\.)[^"]+)"', html)
    assert len(addresses) == 4
    for address in addresses:
        with browser.get(address) as response:
            assert response.status_code == HTTPStatus.OK
            assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            assert "Set-Cookie" not in response.headers
    with browser.get("/static/outorga.css?v=old") as response:
        assert "immutable" not in response.headers["Cache-Control"]
    assert browser.get("/static/../forms.py").status_code == HTTPStatus.NOT_FOUND


def test_pages_are_never_cached(browser: FlaskClient) -> None:
    assert browser.get("/form").headers["Cache-Control"] == "no-store"


def test_a_page_without_a_form_sets_no_cookie(browser: FlaskClient) -> None:
    assert "Set-Cookie" not in browser.get("/help/real").headers


def test_an_error_is_announced_in_the_title(browser: FlaskClient) -> None:
    token = csrf_token(browser, "/form")
    response = browser.post("/form", data={"csrf_token": token, "name": "much too long"})
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert title_of(response).startswith("Error: A form")
    assert values_of(response)["name"] == "much too long"


@pytest.mark.parametrize(
    ("accept", "address", "language"),
    [
        ("pt", "/help/real", "pt-BR"),
        ("pt-PT,es;q=0.5", "/help/real", "pt-BR"),
        ("de, es-MX", "/help/real", "es"),
        ("de", "/help/real", "pt-BR"),
        ("", "/help/real", "pt-BR"),
        ("en", "/help/real?lang=es", "es"),
        ("en", "/help/real?ui_locales=de+es", "es"),
        ("en", "/help/real?lang=%00%3Cscript%3E", "en"),
        ("\u00ff,;;q=x", "/help/real", "pt-BR"),
    ],
)
def test_the_language_is_the_nearest_that_we_speak(
    browser: FlaskClient, accept: str, address: str, language: str
) -> None:
    response = browser.get(address, headers={"Accept-Language": accept})
    assert f'<html lang="{language}"' in response.get_data(as_text=True)


def test_the_switch_keeps_the_page_and_is_remembered(browser: FlaskClient) -> None:
    html = browser.get("/help/real?a=1").get_data(as_text=True)
    assert 'href="/help/real?a=1&amp;lang=es" lang="es"' in html
    browser.get("/help/real?lang=es")
    assert '<html lang="es"' in browser.get("/help/real").get_data(as_text=True)


def test_the_switch_keeps_what_was_typed(browser: FlaskClient) -> None:
    token = csrf_token(browser, "/form")
    response = browser.post(
        "/form?lang=es",
        data={
            "csrf_token": token,
            "name": "João <3",
            "password": "a secret",
            "switch_language": "es",
        },
    )
    assert response.status_code == HTTPStatus.SEE_OTHER
    assert response.location == "/form?lang=es"
    assert "a secret" not in str(response.headers)
    page = browser.get(response.location)
    assert '<html lang="es"' in page.get_data(as_text=True)
    assert values_of(page)["name"] == "João <3"
    assert values_of(page)["password"] == ""
    assert values_of(browser.get("/form"))["name"] == ""


def test_what_was_typed_stays_on_its_page(browser: FlaskClient, sample: Flask) -> None:
    with sample.test_request_context("/form", method="POST", data={"name": "Maria"}):
        keep_typed()
        kept = dict(session)
    with sample.test_request_context("/other"):
        session.update(kept)
        assert Form({"name": "own"}).values == {"name": "own"}
    with sample.test_request_context("/form"):
        session.update(kept)
        assert Form({"name": "own"}).values == {"name": "Maria"}
        assert Form().values == {"name": "Maria"}
        assert "typed" not in session


def test_more_than_a_cookie_holds_is_let_go(browser: FlaskClient) -> None:
    token = csrf_token(browser, "/form")
    data = {"csrf_token": token, "name": "x" * 100_000, "switch_language": "es"}
    response = browser.post("/form?lang=es", data=data)
    assert response.status_code == HTTPStatus.SEE_OTHER
    assert values_of(browser.get(response.location))["name"] == ""


def test_nobody_else_can_fill_in_a_form(browser: FlaskClient) -> None:
    data = {"name": "Mallory", "switch_language": "es"}
    assert browser.post("/form?lang=es", data=data).status_code == HTTPStatus.BAD_REQUEST
    assert values_of(browser.get("/form"))["name"] == ""


def test_the_switch_is_not_what_enter_presses(browser: FlaskClient) -> None:
    html = browser.get("/form").get_data(as_text=True)
    buttons = re.findall(r"<button[^>]*form=\"form\"[^>]*>", html)
    assert "switch_language" not in buttons[0]
    assert all("switch_language" in each for each in buttons[1:])
    assert len(buttons) == len(Settings().locales)  # Enter's, and all languages but this one


@pytest.mark.parametrize("language", ["en", "pt-BR", "es"])
def test_the_terms_can_be_read_in_every_language(browser: FlaskClient, language: str) -> None:
    for name in ("platform", "permission"):
        response = browser.get(f"/terms/{name}?lang={language}")
        assert response.status_code == HTTPStatus.OK
        assert f'<div lang="{language}">' in response.get_data(as_text=True)


def test_our_address_can_be_compared(browser: FlaskClient) -> None:
    assert "http://localhost:8000</strong>" in browser.get("/help/real").get_data(as_text=True)


@pytest.mark.parametrize(
    ("language", "label"), [("en", "Help:"), ("fr", "Aide\N{NO-BREAK SPACE}:")]
)
def test_a_label_has_the_colon_of_its_language(
    browser: FlaskClient, language: str, label: str
) -> None:
    assert f"<p>{label} <a" in browser.get(f"/help/real?lang={language}").text
