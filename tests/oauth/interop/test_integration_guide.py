"""The Flask application of docs/integrate.md and the README's ten lines, run as they stand."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from idp import clock
from idp.oauth.logout import tokens as logout_tokens
from tests.factories.accounts import JOAO, MARIA
from tests.factories.oauth import REDIRECT_URI, SECRET
from tests.oauth.interop import guide_blocks
from tests.oauth.interop.conftest import Provider
from tests.oauth.interop.person import Person

AFTER_LOGOUT = "https://app.example/bye"


@pytest.fixture
def guide(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """Every block that is no file of its own, one after the other, in one module."""
    for name, value in {
        "ISSUER": provider.issuer,
        "CLIENT_ID": provider.confidential.client_id,
        "CLIENT_SECRET": SECRET,
        "API_CLIENT_ID": provider.api.client_id,
        "API_CLIENT_SECRET": SECRET,
        "AFTER_LOGOUT": AFTER_LOGOUT,
        "SECRET_KEY": "the application's own",
    }.items():
        monkeypatch.setitem(os.environ, name, value)
    module = guide_blocks.run("\n".join(guide_blocks.unnamed()))
    module["app"].config.update(SERVER_NAME="app.example", PREFERRED_URL_SCHEME="https")
    yield module


def signed_in(application: FlaskClient, person: Person, path: str) -> dict[str, Any]:
    """From the application's sign-in address through the provider and back."""
    sent = application.get(path)
    back = person.walk(sent.headers["Location"])
    assert back.startswith(REDIRECT_URI)
    answer = application.get(back.removeprefix("https://app.example"))
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())


def test_a_person_signs_in_acts_refreshes_and_signs_out(
    provider: Provider, guest: Person, guide: dict[str, Any]
) -> None:
    application = guide["app"].test_client()
    application.environ_base["wsgi.url_scheme"] = "https"
    seen = signed_in(application, guest, "/login")
    assert seen["who"] == JOAO
    assert seen["grants"][0]["holder"] == MARIA
    with application.session_transaction() as session:
        token, refresh_token = session["access_token"], session["refresh_token"]
    assert guide["may"](token, provider.installation, "read")
    assert not guide["may"](token, provider.installation, "write")
    assert not guide["may"](token, "another", "read")
    assert guide["may"](
        guide["refreshed"](refresh_token)["access_token"], provider.installation, "read"
    )
    out = application.get("/logout")
    assert out.headers["Location"].startswith(f"{provider.issuer}/oauth/logout?")
    assert guest.goes_to(out.headers["Location"]).startswith(AFTER_LOGOUT)
    assert not guide["may"](token, provider.installation, "read")


def test_the_readme_asks_what_is_true_now(
    provider: Provider, guest: Person, guide: dict[str, Any]
) -> None:
    application = guide["app"].test_client()
    application.environ_base["wsgi.url_scheme"] = "https"
    signed_in(application, guest, "/login")
    with application.session_transaction() as session:
        known = {name: guide[name] for name in ("requests", "ISSUER")}
        known |= {"access_token": session["access_token"], "CLIENT": guide["API"]}
    readme = guide_blocks.run(guide_blocks.of_the_readme(), **known)
    assert readme["may"]("read", provider.installation)
    assert not readme["may"]("write", provider.installation)


def test_a_person_signs_in_for_one_installation(
    provider: Provider, guest: Person, guide: dict[str, Any]
) -> None:
    application = guide["app"].test_client()
    application.environ_base["wsgi.url_scheme"] = "https"
    assert signed_in(application, guest, f"/login/{provider.installation}")["who"] == JOAO


def test_a_client_acts_for_itself(guide: dict[str, Any]) -> None:
    assert guide["own_token"]().count(".") == 2


def test_an_api_asks_about_a_subject_and_an_application_about_its_person(
    provider: Provider, guest: Person, guide: dict[str, Any]
) -> None:
    assert guide["is_permitted"](JOAO, "read", provider.installation)
    assert not guide["is_permitted"](JOAO, "write", provider.installation)
    assert guide["is_permitted"](MARIA, "write", provider.installation)
    application = guide["app"].test_client()
    application.environ_base["wsgi.url_scheme"] = "https"
    signed_in(application, guest, "/login")
    with application.session_transaction() as session:
        found = list(guide["installations"](session["access_token"], JOAO, "read"))
    assert [each["id"] for each in found] == [provider.installation]


def test_an_api_tells_what_was_done_with_a_grant(provider: Provider, guide: dict[str, Any]) -> None:
    told = ("payment-4711", provider.installation, "read", "Looked at the bills")
    use = guide["tell"](provider.grant_id, *told)
    assert (use["reference"], use["description"]) == (told[0], told[3])
    assert use["was_allowed"] is True
    assert not guide["tell"](provider.grant_id, "payment-4712", told[1], "write", "Paid")[
        "was_allowed"
    ]


def test_an_application_hears_of_a_sign_out_elsewhere_and_of_nothing_else(
    provider: Provider, guest: Person, guide: dict[str, Any]
) -> None:
    application = guide["app"].test_client()
    application.environ_base["wsgi.url_scheme"] = "https"
    signed_in(application, guest, "/login")
    with application.session_transaction() as session:
        sid, id_token = session["sid"], session["id_token"]
    for wrong in ("", "nonsense", id_token, session["access_token"]):
        refused = application.post("/signed-out", data={"logout_token": wrong})
        assert (refused.status_code, refused.headers["Cache-Control"]) == (400, "no-store")
    with provider.app.app_context():
        told = logout_tokens.issue(provider.confidential, subject=JOAO, sid=sid, at=clock.now())
    elsewhere = guide["app"].test_client()
    assert elsewhere.post("/signed-out", data={"logout_token": told}).status_code == 200
    application.get("/unknown")
    with application.session_transaction() as session:
        assert "id_token" not in session
