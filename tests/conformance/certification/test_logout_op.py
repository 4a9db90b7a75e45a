"""RP-Initiated Logout OP and Back-Channel Logout OP: the modules of the plans, by their names.

The suite takes a page that asks for an error page too, as long as nobody is sent back.
"""

import base64
import json
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from joserfc import jwt
from joserfc.jwk import KeySet
from werkzeug.test import TestResponse

from idp import clock
from idp.oauth import keys
from idp.oauth.logout import outbox, sending
from tests.conformance.certification.conftest import KEY, unsigned
from tests.conformance.certification.relying_party import BYE, REDIRECT_URI, RelyingParty
from tests.factories.oauth import SECRET, a_client
from tests.oauth import flow
from tests.oauth.logout.hearing import local, tokens_of
from tests.outbound import servers

STATE = "s" * 128
SIGNED_OUT = "/signed-out"


def ended(party: RelyingParty, **query: str) -> TestResponse:
    """Send the browser to the end session endpoint; whoever is asked says yes."""
    page = party.browser.get("/oauth/logout", query_string=query)
    return flow.agree(party.browser, page, "confirm") if is_asked(page) else page


def is_asked(page: TestResponse) -> bool:
    return page.status_code == 200 and 'id="logout-confirm"' in page.text


def is_signed_out(party: RelyingParty) -> bool:
    """What the suite does in the end: an authorization request with prompt=none."""
    return party.error(party.open(prompt="none")) == "login_required"


def test_oidcc_rp_initiated_logout_discovery_endpoint_verification(party: RelyingParty) -> None:
    document = party.browser.get("/.well-known/openid-configuration").get_json()
    assert document["end_session_endpoint"] == f"{flow.ISSUER}/oauth/logout"
    assert document["backchannel_logout_supported"] is True
    assert document["backchannel_logout_session_supported"] is True


@pytest.mark.parametrize("state", [STATE, ""], ids=["state", "no-state"])
def test_oidcc_rp_initiated_logout(party: RelyingParty, state: str) -> None:
    hint = party.signed_in()["id_token"]
    query = {"id_token_hint": hint, "post_logout_redirect_uri": BYE, "state": state}
    out = party.browser.get("/oauth/logout", query_string={k: v for k, v in query.items() if v})
    assert out.headers["Location"] == (f"{BYE}?state={state}" if state else BYE)
    assert is_signed_out(party)


@pytest.mark.parametrize("uri", [f"{BYE}/random", f"{BYE}?foo=bar", "https://evil.example/"])
def test_oidcc_rp_initiated_logout_bad_and_query_added_post_logout_redirect_uri(
    party: RelyingParty, uri: str
) -> None:
    hint = party.signed_in()["id_token"]
    out = ended(party, id_token_hint=hint, post_logout_redirect_uri=uri, state=STATE)
    assert urlsplit(out.headers["Location"]).netloc == ""
    assert STATE not in out.headers["Location"]


def fakes(party: RelyingParty) -> dict[str, str]:
    """ID Tokens that we did not issue, as the suite makes them."""
    good = party.signed_in()["id_token"]
    now = int(time.time())
    turned = {"iss": party.client_id, "aud": flow.ISSUER, "sub": "SubjectID", "nonce": "flibble"}
    claims = {**turned, "iat": now, "exp": now + 300}
    header, payload, _signature = good.split(".")
    return {
        "signed by the suite": jwt.encode({"alg": "RS256"}, claims, KEY, ["RS256"]),
        "claims of ours, signed by the suite": jwt.encode(
            {"alg": "RS256", "kid": flow.header_of(good)["kid"]},
            flow.claims_of(good),
            KEY,
            ["RS256"],
        ),
        "alg none": unsigned(flow.claims_of(good)),
        "alg none, our payload": f"{unsigned({}).split('.')[0]}.{payload}.",
        "signature cut off": f"{header}.{payload}.",
    }


def test_oidcc_rp_initiated_logout_bad_and_modified_id_token_hint(party: RelyingParty) -> None:
    for name, fake in fakes(party).items():
        query = {"id_token_hint": fake, "post_logout_redirect_uri": BYE, "state": STATE}
        page = party.browser.get("/oauth/logout", query_string=query)
        assert is_asked(page), name
        assert not is_signed_out_already(party), name
    out = flow.agree(party.browser, page, "confirm")
    assert out.headers["Location"] == SIGNED_OUT


def is_signed_out_already(party: RelyingParty) -> bool:
    return party.browser.get("/account").status_code != 200


def test_oidcc_rp_initiated_logout_no_id_token_hint(party: RelyingParty) -> None:
    party.signed_in()
    out = ended(party, post_logout_redirect_uri=BYE, state=STATE)
    assert out.headers["Location"] == SIGNED_OUT


@pytest.mark.parametrize("query", [{}, {"state": STATE}], ids=["no-params", "only-state"])
def test_oidcc_rp_initiated_logout_no_params_and_only_state(
    party: RelyingParty, query: dict[str, str]
) -> None:
    party.signed_in()
    out = ended(party, **query)
    assert out.headers["Location"] == SIGNED_OUT
    assert party.browser.get(SIGNED_OUT).status_code == 200
    assert is_signed_out(party)


def test_oidcc_rp_initiated_logout_no_post_logout_redirect_uri(party: RelyingParty) -> None:
    out = ended(party, id_token_hint=party.signed_in()["id_token"], state=STATE)
    assert out.headers["Location"] == SIGNED_OUT
    assert is_signed_out(party)


def test_oidcc_backchannel_rp_initiated_logout(
    party: RelyingParty, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "OUTBOUND_ALLOWED", ("127.0.0.0/8",))
    with servers.running(servers.saying(b"", Cache_Control="no-store"), None) as host:
        known = a_client(
            redirect_uris=(REDIRECT_URI,),
            post_logout_redirect_uris=(BYE,),
            require_pkce=False,
            backchannel_logout_uri=local(host),
            backchannel_logout_session_required=True,
        )
        hearing = RelyingParty(party.browser, party.account, known.client_id, SECRET, party.mode)
        tokens = hearing.signed_in()
        query = {"post_logout_redirect_uri": BYE, "id_token_hint": tokens["id_token"]}
        assert ended(hearing, **query, state=STATE).headers["Location"] == f"{BYE}?state={STATE}"
        told = [sending.ask(app, each) for each in outbox.take(10, at=clock.now())]
        assert told == [200]
        method, _path, headers = host.asked[-1]
        assert (method, headers["Content-Type"]) == ("POST", "application/x-www-form-urlencoded")
        assert set(parse_qs(host.bodies[-1].decode())) == {"logout_token"}
        check_logout_token(tokens_of(host)[-1], flow.claims_of(tokens["id_token"]))
        assert is_signed_out(hearing)


def check_logout_token(token: str, id_token: dict[str, object]) -> None:
    """Back-Channel Logout section 2.4."""
    published = KeySet.import_key_set(json.loads(keys.ring().jwks))
    claims = jwt.decode(token, published, ["RS256"]).claims
    assert all(claims[name] == id_token[name] for name in ("iss", "aud", "sub", "sid"))
    assert claims["events"] == {"http://schemas.openid.net/event/backchannel-logout": {}}
    assert claims["jti"]
    assert abs(claims["iat"] - time.time()) < 60
    assert "nonce" not in claims
    header = json.loads(base64.urlsafe_b64decode(token.partition(".")[0] + "=="))
    assert (header["alg"], header["typ"]) == ("RS256", "logout+jwt")
