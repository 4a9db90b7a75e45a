"""The hot paths: how each is asked, and the limit of the machine that it is held against."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import mkstemp
from urllib.parse import urlencode

import requests

from benchmarks import data, load, visitor

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
BARE = "bare Flask"
ARGON2 = "argon2"

CODES = 2000  # made within a minute, for which each of them is good

Run = Callable[[int], load.Figures]


@dataclass(slots=True)
class Paths:
    """What drives each path of the service at `issuer`, for `seconds` a run.

    Bodies and refresh tokens lie in `directory` for wrk's scripts to read.
    """

    issuer: str
    directory: Path
    seconds: int
    browser: requests.Session = field(init=False)
    basic: str = field(init=False)

    def __post_init__(self) -> None:
        """Sign the one person in."""
        self.browser = visitor.signed_in(self.issuer)
        self.basic = _basic(visitor.CLIENT_ID)

    def all(self) -> dict[str, tuple[str, Run]]:
        """Name → (its limit, how to run it with so many connections)."""
        client = f"Authorization: {self.basic}"
        form = visitor.sign_in_form(self.issuer)
        question = json.dumps(data.QUESTION)
        return {
            "token: client credentials": (
                BARE,
                self._post("/oauth/token", "grant_type=client_credentials", client),
            ),
            "token: code": (BARE, self._codes),
            "token: refresh with rotation": (BARE, partial(self._refresh, visitor.WITHOUT_GRANTS)),
            "token: refresh, with grants": (BARE, partial(self._refresh, visitor.SCOPE)),
            "token: exchange": (BARE, self._exchange),
            "pushed request": (
                BARE,
                self._post("/oauth/par", urlencode(visitor.request("v" * 43)), client),
            ),
            "introspection": (BARE, partial(self._introspect, visitor.WITHOUT_GRANTS)),
            "introspection of grants": (BARE, partial(self._introspect, visitor.SCOPE)),
            "decision": (BARE, self._post("/access/v1/evaluation", question, client, kind=JSON)),
            "UserInfo": (BARE, partial(self._user_info, visitor.WITHOUT_GRANTS)),
            "UserInfo with grants": (BARE, partial(self._user_info, visitor.SCOPE)),
            "discovery": (BARE, self._get("/.well-known/openid-configuration")),
            "JWKS": (BARE, self._get("/oauth/jwks")),
            "sign-in (full form post)": (
                ARGON2,
                self._post("/login", form.body, f"Cookie: {form.cookie}"),
            ),
        }

    def _get(self, path: str, *headers: str) -> Run:
        return partial(self._drive, path, "get.lua", list(headers))

    def _post(self, path: str, body: str, *headers: str, kind: str = FORM) -> Run:
        file = Path(mkstemp(dir=self.directory)[1])
        file.write_text(body)
        return partial(self._drive, path, "post.lua", [kind, str(file), *headers])

    def _introspect(self, scope: str, connections: int) -> load.Figures:
        """One token, made now: those that speak of others' installations live two minutes."""
        token = visitor.tokens(self.issuer, self.browser, scope)["access_token"]
        client = f"Authorization: {self.basic}"
        return self._post("/oauth/introspect", f"token={token}", client)(connections)

    def _user_info(self, scope: str, connections: int) -> load.Figures:
        token = visitor.tokens(self.issuer, self.browser, scope)["access_token"]
        return self._get("/oauth/userinfo", f"Authorization: Bearer {token}")(connections)

    def _refresh(self, scope: str, connections: int) -> load.Figures:
        """Each connection follows a chain of its own; twice as many are at hand."""
        chains = [
            visitor.tokens(self.issuer, self.browser, scope)["refresh_token"]
            for _ in range(2 * connections)
        ]
        file = self.directory / "refresh-tokens"
        file.write_text("\n".join(chains))
        threads = str(load.threads(connections))
        return self._drive(
            "/oauth/token", "refresh.lua", [self.basic, str(file), threads], connections
        )

    def _codes(self, connections: int) -> load.Figures:
        """As many as can be made in the time for which a code is good, then for as long as they
        last."""
        forms = [
            urlencode(visitor.code(self.issuer, self.browser, visitor.WITHOUT_GRANTS))
            for _ in range(CODES)
        ]
        file = self.directory / "codes"
        file.write_text("\n".join(forms))
        threads = load.threads(connections)
        arguments = [self.basic, str(file), str(threads), str(connections // threads)]
        return self._drive("/oauth/token", "codes.lua", arguments, connections)

    def _exchange(self, connections: int) -> load.Figures:
        """One person's token and one grant, again and again."""
        scope = visitor.SCOPE.replace(" offline_access", "")
        own = visitor.tokens(self.issuer, self.browser, scope, visitor.ACTING_CLIENT_ID)
        form = {
            "grant_type": data.TOKEN_EXCHANGE,
            "subject_token": visitor.received_grant(own["access_token"]),
            "subject_token_type": "urn:outorga:token-type:grant",
            "actor_token": own["access_token"],
            "actor_token_type": "urn:ietf:params:oauth:token-type:access_token",
            "resource": data.API,
        }
        client = f"Authorization: {_basic(visitor.ACTING_CLIENT_ID)}"
        return self._post("/oauth/token", urlencode(form), client)(connections)

    def _drive(
        self, path: str, script: str, arguments: list[str], connections: int
    ) -> load.Figures:
        return load.drive(
            f"{self.issuer}{path}",
            connections=connections,
            seconds=self.seconds,
            script=script,
            arguments=arguments,
        )


def _basic(client_id: str) -> str:
    credentials = f"{client_id}:{visitor.CLIENT_SECRET}".encode()
    return f"Basic {base64.b64encode(credentials).decode()}"
