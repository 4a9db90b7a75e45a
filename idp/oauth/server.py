"""The authorization server: Authlib's dispatch, with what it leaves open or gets wrong closed here.

`docs/specifications.md` says which specification is met where; `tests/oauth/test_authlib_traps.py`
holds each of Authlib's traps shut.
"""

import logging
from collections.abc import Mapping
from typing import Any

from authlib.oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import InvalidRequestError, OAuth2Error

from idp.machine import Answer, MachineRequest, json_answer
from idp.oauth import clients, senders
from idp.oauth.clients import RegisteredClient, authentication
from idp.oauth.grant_types.approved import CibaGrant, DeviceCodeGrant
from idp.oauth.grant_types.authorization_code import AuthorizationCodeGrant, CodeChallenge
from idp.oauth.grant_types.client_credentials import ClientCredentialsGrant
from idp.oauth.grant_types.refresh_token import RefreshTokenGrant
from idp.oauth.grant_types.token_exchange import TokenExchangeGrant
from idp.oauth.refusals import refusal
from idp.oauth.request import Request
from idp.oauth.tokens import encryption

logging.getLogger("authlib").setLevel(logging.WARNING)  # below that it logs the tokens it issues


class UnsupportedGrantType(OAuth2Error):  # type: ignore[misc]
    """Authlib's own repeats what was sent."""

    error = "unsupported_grant_type"
    description = "The grant type is not supported."


class Server(AuthorizationServer):  # type: ignore[misc]
    """One for all applications of the process: it keeps no state of its own."""

    def query_client(self, client_id: str) -> RegisteredClient | None:
        """From memory."""
        return clients.find(client_id)

    def save_token(self, token: Mapping[str, Any], request: Request) -> None:
        """Each grant type keeps what has to be kept."""

    def create_oauth2_request(self, asked: MachineRequest) -> Request:
        """As Authlib wants it."""
        return Request(asked)

    def authenticate_client(
        self, request: Request, _methods: Any, _endpoint: str = "token"
    ) -> RegisteredClient:
        """By the method that it registered; what it shows along is what its tokens are bound to."""
        client = authentication.authenticate(request)
        encryption.check_key(client)
        request.binding = senders.binding_for(request, client)
        return client

    def get_token_grant(self, request: Request) -> Any:
        """Raises invalid_request when none is named (Authlib: unsupported_grant_type)."""
        if request.payload.grant_type is None:
            raise InvalidRequestError("grant_type is missing.")
        for kind, extensions in self._token_grants:
            if kind.check_token_endpoint(request):
                grant = kind(request, self)
                for extend in extensions or ():
                    extend(grant)
                return grant
        raise UnsupportedGrantType()

    def create_token_response(self, asked: MachineRequest) -> Answer:
        """The token endpoint's answer, whatever was sent."""
        try:
            grant = self.get_token_grant(self.create_oauth2_request(asked))
            grant.validate_token_request()
            answer: Answer = self.handle_response(*grant.create_token_response())
        except OAuth2Error as error:
            return refusal(error)
        return answer

    def handle_response(self, status: int, body: Any, _headers: Any) -> Answer:
        """Never cached (RFC 6749 section 5.1)."""
        return json_answer(body, status)

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """The trail is written where things happen."""


def make_server() -> Server:
    """With every grant type that we support."""
    made = Server()
    made.register_grant(AuthorizationCodeGrant, [CodeChallenge(required=True)])
    made.register_grant(RefreshTokenGrant)
    made.register_grant(ClientCredentialsGrant)
    made.register_grant(TokenExchangeGrant)
    made.register_grant(DeviceCodeGrant)
    made.register_grant(CibaGrant)
    return made


server = make_server()
