"""The guide's native app, kiosk, call centre, and API that reads tokens by itself."""

import threading
import webbrowser
from typing import Any

import jwt
import pytest
from authlib.integrations.requests_client import OAuth2Session
from requests_oauth2client import AccessDenied
from requests_oauth2client.polling import BaseTokenEndpointPollingJob

from tests.factories.accounts import JOAO, MARIA
from tests.factories.oauth import REDIRECT_URI, SECRET
from tests.oauth.interop import guide_blocks
from tests.oauth.interop.conftest import Provider
from tests.oauth.interop.person import Person
from tests.oauth.interop.test_authlib_client import VERIFIER


@pytest.fixture
def without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """People have decided before the first question."""
    monkeypatch.setattr(BaseTokenEndpointPollingJob, "sleep", lambda _job: None)


def block(name: str, provider: Provider, monkeypatch: pytest.MonkeyPatch, **given: str) -> Any:
    """The guide's file, with what it reads from its surroundings."""
    for variable, value in {"ISSUER": provider.issuer, **given}.items():
        monkeypatch.setenv(variable, value)
    return guide_blocks.run(guide_blocks.named(name))


def test_a_native_app_listens_for_the_answer(
    provider: Provider, guest: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    native = block("native.py", provider, monkeypatch, **provider.registered("Bills"))
    browsing = []

    def open_browser(address: str) -> None:
        browsing.append(threading.Thread(target=guest.open, args=[address]))
        browsing[0].start()

    monkeypatch.setattr(webbrowser, "open", open_browser)
    token = native["sign_in"]()
    browsing[0].join()
    assert token.id_token.sub == JOAO


@pytest.mark.parametrize("name", sorted(guide_blocks.commands()))
def test_the_guides_commands_register_what_they_say(provider: Provider, name: str) -> None:
    assert provider.registered(name)["CLIENT_ID"]


@pytest.mark.usefixtures("without_pauses")
def test_a_kiosk_lets_in_whoever_types_its_code(
    provider: Provider, guest: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk = block("kiosk.py", provider, monkeypatch, **provider.registered("Kiosk"))
    token = kiosk["sign_in"](lambda address, code: guest.typing(user_code=code).open(address))
    assert token.access_token
    assert token.id_token.sub == JOAO


@pytest.mark.usefixtures("without_pauses")
def test_a_call_centre_learns_who_calls_or_that_they_said_no(
    provider: Provider, guest: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = block("calls.py", provider, monkeypatch, **provider.registered("Calls"))

    def says(decision: str) -> Any:
        return lambda _number: guest.typing(decision=decision).open(provider.newest_approval())

    assert calls["identify"](JOAO, says("allow")).id_token.sub == JOAO
    with pytest.raises(AccessDenied):
        calls["identify"](JOAO, says("deny"))


def test_an_api_reads_the_tokens_that_are_for_it_and_no_others(
    provider: Provider, guest: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = "https://api.example/bills"
    client = provider.client(resources=(api,))
    own = block("local_check.py", provider, monkeypatch, API=api)
    token = tokens_for(provider, client.client_id, guest)
    claims = own["read"](token["access_token"])
    assert (claims["sub"], claims["authorization_details"][0]["holder"]) == (JOAO, MARIA)
    assert own["may_read"](token["access_token"], provider.installation)
    assert not own["may_read"](token["access_token"], "another")
    elsewhere = tokens_for(provider, provider.confidential.client_id, guest)["access_token"]
    for another in (token["id_token"], elsewhere):
        with pytest.raises(jwt.InvalidTokenError):
            own["read"](another)


def tokens_for(provider: Provider, client_id: str, person: Person) -> dict[str, Any]:
    with OAuth2Session(
        client_id,
        SECRET,
        scope="openid grants",
        redirect_uri=REDIRECT_URI,
        code_challenge_method="S256",
    ) as session:
        address, state = session.create_authorization_url(
            f"{provider.issuer}/oauth/authorize", code_verifier=VERIFIER
        )
        return dict(
            session.fetch_token(
                f"{provider.issuer}/oauth/token",
                authorization_response=person.walk(address),
                state=state,
                code_verifier=VERIFIER,
            )
        )
