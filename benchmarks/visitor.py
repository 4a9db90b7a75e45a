"""A person with a browser, as far as the measurements need one: signs in, gets tokens."""

import base64
import hashlib
import json
import re
import secrets
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import requests

PASSWORD = "correct horse battery staple"  # noqa: S105 - of a person who exists only here
IDENTIFIER = "529.982.247-25"
REDIRECT_URI = "http://127.0.0.1:9/callback"
SCOPE = "openid profile tax_id grants offline_access"
WITHOUT_GRANTS = "openid profile offline_access"  # what any other provider has, too
CLIENT_ID = "benchmark"
ACTING_CLIENT_ID = "benchmark-acting"  # has the person's tokens for another API; exchanges them
CLIENT_SECRET = "a secret of the benchmark's client only"  # noqa: S105 - likewise


@dataclass(frozen=True, slots=True)
class SignInForm:
    """What a browser sends when the form of `/login` is posted."""

    body: str
    cookie: str


def sign_in_form(issuer: str) -> SignInForm:
    """The form of a browser that is not signed in."""
    page = requests.get(f"{issuer}/login", timeout=10)
    form = {"identifier": IDENTIFIER, "password": PASSWORD, "csrf_token": _csrf(page.text)}
    body = requests.models.RequestEncodingMixin._encode_params(form)  # type: ignore[attr-defined]
    cookie = "; ".join(f"{name}={value}" for name, value in page.cookies.items())
    return SignInForm(body=body, cookie=cookie)


def signed_in(issuer: str) -> requests.Session:
    """A browser in which the person signed in."""
    browser = requests.Session()
    page = browser.get(f"{issuer}/login", timeout=10)
    form = {"identifier": IDENTIFIER, "password": PASSWORD, "csrf_token": _csrf(page.text)}
    answer = browser.post(f"{issuer}/login", data=form, allow_redirects=False, timeout=10)
    if not answer.is_redirect:
        raise RuntimeError(f"the sign-in was refused: {answer.status_code}")
    return browser


def request(verifier: str, scope: str = SCOPE, client_id: str = CLIENT_ID) -> dict[str, str]:
    """The parameters of an authorization request."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
    return {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": REDIRECT_URI,
        "scope": scope,
        "state": "s",
        "code_challenge": challenge.decode(),
        "code_challenge_method": "S256",
    }


def tokens(
    issuer: str, browser: requests.Session, scope: str = SCOPE, client_id: str = CLIENT_ID
) -> dict[str, str]:
    """The token endpoint's answer at the end of an authorization code flow."""
    form = code(issuer, browser, scope, client_id)
    answer = requests.post(
        f"{issuer}/oauth/token", data=form, auth=(client_id, CLIENT_SECRET), timeout=10
    )
    granted: dict[str, str] = answer.json()
    return granted


def code(
    issuer: str, browser: requests.Session, scope: str = SCOPE, client_id: str = CLIENT_ID
) -> dict[str, str]:
    """A code that the person gave, as the form that exchanges it."""
    verifier = secrets.token_urlsafe(48)
    answer = browser.get(
        f"{issuer}/oauth/authorize",
        params=request(verifier, scope, client_id),
        allow_redirects=False,
        timeout=10,
    )
    return {
        "grant_type": "authorization_code",
        "code": parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0],
        "redirect_uri": REDIRECT_URI,
        "code_verifier": verifier,
    }


def received_grant(access_token: str) -> str:
    """The first grant that the token names as received from somebody."""
    claims = json.loads(base64.urlsafe_b64decode(access_token.split(".")[1] + "=="))
    details = claims["authorization_details"]
    return next(str(each["grant_id"]) for each in details if "grant_id" in each)


def _csrf(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    if found is None:
        raise LookupError("the page has no CSRF token")
    return found[1]
