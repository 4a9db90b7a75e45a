"""What a person's visit asks of the service, through the application itself: no server between."""

import base64
import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from urllib.parse import parse_qs, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from benchmarks import visitor
from benchmarks.delegation.people import Person

VERIFIER = "a-code-verifier-of-at-least-43-characters-in-length"
CHALLENGE = "4gLjXos3jR3ChrtT8T0cHUmVkwxhGFAFeKZskfLy7Ns"
CREDENTIALS = f"{visitor.CLIENT_ID}:{visitor.CLIENT_SECRET}".encode()
BASIC = {"Authorization": f"Basic {base64.b64encode(CREDENTIALS).decode()}"}
SCOPE = "openid profile tax_id grants"


@dataclass(slots=True)
class Visit:
    """One person, signed in; each question returns how long its answer took, in milliseconds."""

    app: Flask
    person: Person
    codes: Sequence[str]  # of installations that the person may see
    browser: FlaskClient = field(init=False)
    token: str = field(init=False, default="")
    asked: "cycle[str]" = field(init=False)

    def __post_init__(self) -> None:
        """Sign in, and get a first token."""
        self.asked = cycle(self.codes)
        self.browser = self.app.test_client()
        page = self.browser.get("/login")
        form = {
            "identifier": self.person.identifier,
            "password": visitor.PASSWORD,
            "csrf_token": _csrf(page.text),
        }
        _expect(self.browser.post("/login", data=form), 303)
        self.mint()

    @property
    def questions(self) -> dict[str, Callable[[], float]]:
        """By the name of their column."""
        return {
            "listing": self.list_installations,
            "deciding": self.decide,
            "minting": self.mint,
            "introspection": self.introspect,
        }

    def list_installations(self) -> float:
        """The first page of `/installations`."""
        _answer, took = _timed(lambda: self.browser.get("/installations"))
        return took

    def decide(self) -> float:
        """May they read one of their installations? Another one each time."""
        question = {
            "subject": {"type": "user", "id": self.person.tax_id},
            "action": {"name": "read"},
            "resource": {"type": "installation", "id": next(self.asked)},
        }
        answer, took = _timed(
            lambda: self.app.test_client().post(
                "/access/v1/evaluation", json=question, headers=BASIC
            )
        )
        if answer.get_json()["decision"] is not True:
            raise RuntimeError(f"refused: {question}")
        return took

    def mint(self) -> float:
        """The token endpoint's answer to a code; the authorization before it is not counted."""
        form = {
            "grant_type": "authorization_code",
            "code": self._code(),
            "redirect_uri": visitor.REDIRECT_URI,
            "code_verifier": VERIFIER,
        }
        answer, took = _timed(
            lambda: self.app.test_client().post("/oauth/token", data=form, headers=BASIC)
        )
        self.token = answer.get_json()["access_token"]
        self._check_size(answer.get_json()["authorization_details"])
        return took

    def introspect(self) -> float:
        """The last token."""
        answer, took = _timed(
            lambda: self.app.test_client().post(
                "/oauth/introspect", data={"token": self.token}, headers=BASIC
            )
        )
        self._check_size(answer.get_json()["authorization_details"])
        return took

    def _code(self) -> str:
        parameters = {
            "response_type": "code",
            "client_id": visitor.CLIENT_ID,
            "redirect_uri": visitor.REDIRECT_URI,
            "scope": SCOPE,
            "state": "s",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
        answer = self.browser.get("/oauth/authorize", query_string=parameters)
        return parse_qs(urlsplit(_expect(answer, 303).headers["Location"]).query)["code"][0]

    def _check_size(self, details: Sequence[dict[str, object]]) -> None:
        """What is measured is right as well."""
        inline = sum(len(json.loads(json.dumps(each.get("installations", [])))) for each in details)
        counted = sum(int(str(each.get("count", 0))) for each in details)
        if inline + counted != self.person.size:
            raise RuntimeError(f"{self.person} has {inline + counted} installations")


def _timed(ask: Callable[[], TestResponse]) -> tuple[TestResponse, float]:
    began = time.perf_counter()
    answer = ask()
    took = (time.perf_counter() - began) * 1000
    return _expect(answer, 200), took


def _expect(answer: TestResponse, status: int) -> TestResponse:
    if answer.status_code != status:
        raise RuntimeError(f"{answer.request.path}: {answer.status_code} {answer.text[:500]}")
    return answer


def _csrf(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    if found is None:
        raise LookupError("the page has no CSRF token")
    return found[1]
