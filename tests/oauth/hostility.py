"""What strangers send, made up by Hypothesis, and how it is sent.

`FUZZ_EXAMPLES` (default 15) says how many examples each property is tried with.
"""

import base64
import json
import os
import string
from collections.abc import Mapping
from itertools import count
from typing import Any
from urllib.parse import urlencode

from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from joserfc.jwk import Key
from joserfc.jws import JWSRegistry
from werkzeug.test import TestResponse

HOSTILE = [
    "",
    " ",
    "\x00",
    "\r\nSet-Cookie: x=1",
    "'; DROP TABLE clients; --",
    '"><script>alert(1)</script>',
    "../../etc/passwd",
    "${jndi:ldap://x}",
    "{{7*7}}",
    "[" * 500,
    '{"a":' * 300,
    "9" * 400,
    "-1",
    "1e9",
    "NaN",
    "١٢٣",
    "\u202e\ufeff\U0001f600",
    "x" * 2000,
    "none login",
    "S256",
    "plain",
    "code",
    "code id_token",
    "openid",
    "authorization_code",
    "refresh_token",
    "client_credentials",
    "form_post",
    "jwt",
    "urn:ietf:params:oauth:request_uri:x",
    "urn:ietf:params:oauth:token-type:access_token",
    "e30.e30.e30",
    "eyJhbGciOiJub25lIn0.e30.",
    "eyJhbGciOlsiXHVkODAwIl19.eyJpc3MiOiJcdWQ4MDAifQ.AA",  # half characters in both parts
    '[{"type": "installation_access", "holder": "\\ud800\\u0000", "installations": [[]]}]',
    "https://evil.example/",
]
REQUEST = (  # parameters of authorization requests
    *("response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge"),
    *("code_challenge_method", "prompt", "max_age", "acr_values", "login_hint", "id_token_hint"),
    *("ui_locales", "claims", "response_mode", "request", "request_uri", "registration"),
    *("resource", "authorization_details", "display", "dpop_jkt", "audience"),
)
PAGES = (  # of the pages that follow
    *("asked_again", "chosen", "seen", "decision", "holder", "holder_search", "holder_after"),
    *("account", "lang", "action", "continue", "next"),
)
LOGOUT = (
    *("id_token_hint", "logout_hint", "client_id", "post_logout_redirect_uri", "state"),
    *("ui_locales", "decision", "lang"),
)
CLIENT = ("client_id", "client_secret", "client_assertion", "client_assertion_type")
ASKED = ("scope", "resource", "audience", "authorization_details", "lang", "access_token")
TOKEN = (
    *("grant_type", "code", "redirect_uri", "code_verifier", "refresh_token", "device_code"),
    *("auth_req_id", "subject_token", "subject_token_type", "actor_token", "actor_token_type"),
    *("requested_token_type", "assertion", "username", "password", *ASKED, *CLIENT),
)
SHOWN = ("token", "token_type_hint", *CLIENT)
CALL = (
    *("login_hint", "id_token_hint", "login_hint_token", "acr_values", "binding_message"),
    *("requested_expiry", "user_code", "client_notification_token", "request", *ASKED, *CLIENT),
)
NAMES = frozenset((*REQUEST, *PAGES, *LOGOUT, *TOKEN, *SHOWN, *CALL))
HALF = "\ud800"  # a character that JSON can write and UTF-8 can't
HEADERS = [
    *("Authorization", "DPoP", "Accept", "Accept-Language", "Content-Type", "Cookie", "Origin"),
    *("User-Agent", "X-Forwarded-For", "X-Request-Id", "Client-Cert", "Range", "Expect"),
]
FORM = "application/x-www-form-urlencoded"
NOTHING: Mapping[str, str] = {}
_networks = count()

values = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=40))
scalars = st.one_of(
    values, st.none(), st.booleans(), st.integers(), st.floats(), st.just(HALF), st.just(2**63)
)
jsons = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(values, inner, max_size=3),
    max_leaves=5,
)
often = settings(
    max_examples=int(os.environ.get("FUZZ_EXAMPLES", "15")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def sendable(text: str) -> str:
    """What of it a header can hold."""
    return "".join(each for each in text if ord(each) < 256 and each.isprintable())


headers = st.dictionaries(st.sampled_from(HEADERS), values.map(sendable), max_size=2)


def changes_of(*known: str) -> st.SearchStrategy[list[tuple[str, str]]]:
    """Parameters of these names or of others."""
    unknown = st.text(string.ascii_letters + "[]%\x00é", min_size=1, max_size=12)
    names = st.one_of(st.sampled_from(known), unknown)
    return st.lists(st.tuples(names, values), max_size=4)


def spoilt(*known: str) -> st.SearchStrategy[dict[str, Any]]:
    """Members of an object, of any kind."""
    return st.dictionaries(st.sampled_from(known) | values, jsons, min_size=1, max_size=3)


def merged(base: Mapping[str, str], extra: list[tuple[str, str]]) -> dict[str, list[str]]:
    """The base with parameters replaced; a name that comes twice is sent twice."""
    found: dict[str, list[str]] = {name: [value] for name, value in base.items()}
    seen: set[str] = set()
    for name, value in extra:
        found[name] = [*found[name], value] if name in seen else [value]
        seen.add(name)
    return found


def signed(header: Mapping[str, Any], claims: Any, key: Key, algorithm: str = "ES256") -> str:
    """A compact JWS of anything whatever, with a signature that is right."""
    made = ".".join(_encoded(json.dumps(each).encode()) for each in (header, claims))
    signature = JWSRegistry.algorithms[algorithm].sign(made.encode(), key)
    return f"{made}.{_encoded(signature)}"


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def elsewhere() -> dict[str, str]:
    """The environment of a request from a network of its own, so that no rate limit hides what
    lies behind it."""
    number = next(_networks)
    return {"REMOTE_ADDR": f"10.{number // 250 % 250}.{number % 250}.7"}


def post(
    browser: FlaskClient, path: str, form: Mapping[str, Any], headers: Mapping[str, str] = NOTHING
) -> TestResponse:
    """Send a form; a header may give it another type."""
    return browser.post(
        path,
        data=urlencode(form, doseq=True),
        headers={"Content-Type": FORM, **headers},
        environ_overrides=elsewhere(),
    )


def texts_of(*objects: Mapping[str, Any]) -> list[object]:
    """The members of these and their names."""
    return [each for one in objects for pair in one.items() for each in pair]


def sent_in(extra: list[tuple[str, str]], headers: Mapping[str, str]) -> list[str]:
    """Every text of a request."""
    return [*(each for pair in extra for each in pair), *headers.values()]
